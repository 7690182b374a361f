"""Cents are conserved for every rounding type, mode, precision and currency, and GP's five arithmetic rules hold."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from gp_prestashop.mapping.shapes import Document
from tests.sales_orders.orders import ITEM, LINE, MODES, TOTAL, Bought, Order, raw_order, rounded

PLACES = {1: 2, 2: 0, 3: 3}
RATES = {0: Decimal(0), 1: Decimal(20), 2: Decimal("5.5"), 3: Decimal(10)}


# One of each in every batch.
WAYS = list(product((ITEM, LINE, TOTAL), sorted(MODES), sorted(PLACES)))


def random_order(rng: Random, number: int) -> Order:
    round_type, round_mode, currency = WAYS[number - 1]
    scale = 1000 if currency == 2 else 1  # yen

    def bought(n: int) -> Bought:
        tax = rng.choice([0, 1, 1, 2, 3])
        price = Decimal(rng.randint(100, 600_000)) / 10_000 * scale
        return Bought(f"item{n}", rng.randint(1, 12), price, RATES[tax], tax)

    def one_of(*amounts: str) -> Decimal:
        return Decimal(rng.choice(amounts)) * scale

    return Order(
        bought=[bought(n) for n in range(rng.randint(1, 6))],
        round_type=round_type,
        round_mode=round_mode,
        places=PLACES[currency],
        shipping=one_of("0", "4.90", "5.833333"),
        wrapping=one_of("0", "0", "2.50"),
        percent=Decimal(rng.choice(["0", "0", "10", "33.3"])),
        amount=one_of("0", "0", "7"),
        free_shipping=rng.random() < 0.3,
        id_currency=currency,
        id=number,
    )


# What no document of GP can hold: more vouchers than goods and shipping, tax that no line names.
MAY_BE_HELD = {"negative_freight", "tax_without_detail"}


def check_gps_rules(document: Document, raw: dict[str, Any], places: int) -> None:
    header, lines, taxes = document.header, document.frames["lines"], document.frames.get("taxes", [])
    cent = Decimal(1).scaleb(-places)
    for line in lines:
        assert line["XTNDPRCE"] == (line["UNITPRCE"] - line["MRKDNAMT"]) * line["QUANTITY"]  # 299, 722
        assert line["UNITPRCE"] == line["UNITPRCE"].quantize(cent)  # 4646, 4647
    assert header["SUBTOTAL"] == sum(line["XTNDPRCE"] for line in lines)
    for column in ("FREIGHT", "MISCAMNT", "TRDISAMT"):
        assert header[column] >= 0  # 7473-7475
    assert header["TRDISAMT"] <= header["SUBTOTAL"]  # 4602
    total = header["SUBTOTAL"] + header["FREIGHT"] + header["MISCAMNT"] - header["TRDISAMT"]
    total += header["TAXAMNT"] + header["FRTTXAMT"] + header["MSCTXAMT"]
    assert header["DOCAMNT"] == total  # 67, 235
    assert header["DOCAMNT"] == Decimal(raw["total_paid"]).quantize(cent)
    for column, detail in (("TAXAMNT", "STAXAMNT"), ("FRTTXAMT", "FRTTXAMT"), ("MSCTXAMT", "MSCTXAMT")):
        assert header[column] == sum((row.get(detail) or Decimal(0) for row in taxes), Decimal(0))  # 799, 868
    by_line = {line["LNITMSEQ"]: line["TAXAMNT"] for line in lines}
    for sequence, tax in by_line.items():
        assert tax == sum((row["STAXAMNT"] for row in taxes if row["LNITMSEQ"] == sequence), Decimal(0))


def test_the_six_rounding_modes_are_six() -> None:
    halves = [Decimal(text) for text in ("0.005", "0.015", "0.0149", "0.0151")]
    shown = {mode: [f"{rounded(half, 2, mode):f}" for half in halves] for mode in MODES}
    assert shown == {
        0: ["0.01", "0.02", "0.02", "0.02"],
        1: ["0.00", "0.01", "0.01", "0.01"],
        2: ["0.01", "0.02", "0.01", "0.02"],
        3: ["0.00", "0.01", "0.01", "0.02"],
        4: ["0.00", "0.02", "0.01", "0.02"],
        5: ["0.01", "0.01", "0.01", "0.02"],
    }


@settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(seed=st.integers(0, 10**9))
@example(seed=581178)  # a voucher of all lines, and a shop that rounded down
def test_gps_document_is_what_the_customer_paid(send: Callable[..., Any], seed: int) -> None:
    rng = Random(seed)
    batch = [random_order(rng, number) for number in range(1, len(WAYS) + 1)]
    raws = {str(order.id): raw_order(order) for order in batch}
    documents, problems = send(list(raws.values()))
    held = {problem.source_key: problem for problem in problems if problem.severity == "hold"}
    assert {problem.code for problem in held.values()} <= MAY_BE_HELD, next(iter(held.values())).sentence
    for document in documents:
        check_gps_rules(document, raws[document.source_key], batch[int(document.source_key) - 1].places)
    assert len(documents) >= len(WAYS) * 4 // 5


def test_a_total_with_more_decimals_than_gps_currency_is_held(send: Callable[..., Any]) -> None:
    """A shop that counts yen in hundredths: GP's document would miss what the customer paid."""
    order = Order([Bought("pen", 1, Decimal("1000.40"), Decimal(0), 0)], places=2, id_currency=2)
    documents, problems = send([raw_order(order)])
    assert documents == []
    assert [problem.code for problem in problems if problem.severity == "hold"] == ["currency_decimals"]

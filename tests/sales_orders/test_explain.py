"""``explain`` beside sums done by hand: eleven orders, each with the one thing that makes people ask."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.commands.explain import print_explanation
from gp_prestashop.commands.output import console
from gp_prestashop.explain import explain_order
from tests.sales_orders.orders import LINE, Bought, Order, raw_order

D = Decimal


def item(net: str, quantity: int = 1, rate: str = "20", tax: int = 1) -> Bought:
    return Bought("pen", quantity, D(net), D(rate), tax)


FREE = {"rate": "0", "tax": 0}
# What was bought, and by hand: what each column of GP's document adds to the total.
BY_HAND: dict[str, tuple[Order, dict[str, str], str]] = {
    "plain": (Order([item("10.00", 2)]), {"XTNDPRCE": "20.00", "TAXAMNT": "4.00"}, "24.00"),
    # 8.063 is charged as 8.06; with tax 9.6756, charged as 9.68.
    "more decimals than cents": (Order([item("8.063")]), {"XTNDPRCE": "8.06", "TAXAMNT": "1.62"}, "9.68"),
    # 3 x 3.333333 is 10.00 in the shop; GP can hold 3 x 3.33 = 9.99: one cent is left over, and added.
    "a cent too few": (
        Order([item("3.333333", 3)], LINE),
        {"XTNDPRCE": "9.99", "MISCAMNT": "0.01", "TAXAMNT": "2.00"},
        "12.00",
    ),
    # 3 x 3.335 is 10.005, charged as 10.01; a third of it is 3.34, three of which are 10.02: one cent is taken off.
    "a cent too many": (
        Order([item("3.335", 3, **FREE)], LINE),
        {"XTNDPRCE": "10.02", "TRDISAMT": "-0.01"},
        "10.01",
    ),
    "shipping": (
        Order([item("10.00")], shipping=D("5.833333")),
        {"XTNDPRCE": "10.00", "FREIGHT": "5.83", "TAXAMNT": "2.00", "FRTTXAMT": "1.17"},
        "19.00",
    ),
    # 100 less 10 %, and 4.90 to ship: 94.90; with tax 108 and 5.88.
    "a voucher in percent": (
        Order([item("50.00", 2)], shipping=D("4.90"), percent=D(10)),
        {"XTNDPRCE": "100.00", "TRDISAMT": "-10.00", "FREIGHT": "4.90", "TAXAMNT": "18.00", "FRTTXAMT": "0.98"},
        "113.88",
    ),
    # The voucher is worth the shipping and its tax: the customer pays 24.00, of which 4.00 is the tax of the goods.
    "free shipping": (
        Order([item("20.00")], shipping=D("5.00"), free_shipping=True),
        {"XTNDPRCE": "20.00", "FREIGHT": "5.00", "TRDISAMT": "-5.00", "TAXAMNT": "4.00"},
        "24.00",
    ),
    # Goods at 5.5 %, shipping at 20 % that nobody pays: 1.10 of tax is all of the goods'.
    "free shipping at another rate": (
        Order([item("20.00", rate="5.5", tax=2)], shipping=D("5.00"), free_shipping=True),
        {"XTNDPRCE": "20.00", "FREIGHT": "5.00", "TRDISAMT": "-5.00", "TAXAMNT": "1.10"},
        "21.10",
    ),
    # Vouchers of 7.00 on goods of 5.00: GP takes no discount above the goods, so the shipping of 4.00 becomes 2.00.
    "vouchers beyond the goods": (
        Order([item("5.00", **FREE)], shipping=D("4.00"), fee_rate=D(0), amount=D("3.00"), free_shipping=True),
        {"XTNDPRCE": "5.00", "FREIGHT": "2.00", "TRDISAMT": "-5.00"},
        "2.00",
    ),
    # 20 % of 10.00 and 5.5 % of 10.00 (10.55).
    "two rates of tax": (
        Order([item("10.00"), item("10.00", rate="5.5", tax=2)]),
        {"XTNDPRCE": "20.00", "TAXAMNT": "2.55"},
        "22.55",
    ),
    "gift wrapping": (
        Order([item("10.00")], wrapping=D("2.50")),
        {"XTNDPRCE": "10.00", "MISCAMNT": "2.50", "TAXAMNT": "2.00", "MSCTXAMT": "0.50"},
        "15.00",
    ),
    # Yen have no decimals: 1000.4 is charged as 1000, with tax 1100.44 as 1100.
    "yen": (
        Order([item("1000.4", rate="10", tax=3)], places=0, id_currency=2),
        {"XTNDPRCE": "1000.00", "TAXAMNT": "100.00"},
        "1100.00",
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_each_cent_is_where_it_was_put_by_hand(send: Callable[..., Any], name: str) -> None:
    order, by_hand, paid = BY_HAND[name]
    raw = raw_order(order)
    documents, problems = send([raw])
    assert problems == []
    explanation = explain_order(raw, documents[0], order.places)
    columns: dict[str, Decimal] = {}
    for entry in explanation.entries:
        columns[entry.column] = columns.get(entry.column, D(0)) + entry.gp
    assert {column: f"{amount:.2f}" for column, amount in columns.items() if amount} == by_hand
    assert f"{explanation.total:.2f}" == f"{explanation.total_paid:.2f}" == paid


def test_a_residue_says_why(send: Callable[..., Any]) -> None:
    raw = raw_order(BY_HAND["a cent too few"][0])
    entries = {entry.what: entry for entry in explain_order(raw, send([raw])[0][0]).entries}
    assert "3 x 3.33; the 0.01 between is in the residue" in entries["3 x PEN Pen"].because
    residue = entries["Residue of rounding"]
    assert (residue.shop, residue.column, residue.gp) == (None, "MISCAMNT", D("0.01"))


def test_vouchers_beyond_the_goods_say_what_they_pay(send: Callable[..., Any]) -> None:
    raw = raw_order(BY_HAND["vouchers beyond the goods"][0])
    entries = {entry.what: entry for entry in explain_order(raw, send([raw])[0][0]).entries}
    assert entries["Shipping"].shop == D("4.00")
    assert "2.00" in entries["Shipping"].because


def test_shipping_that_a_voucher_pays_says_so_of_its_tax(send: Callable[..., Any]) -> None:
    raw = raw_order(BY_HAND["free shipping at another rate"][0])
    entries = {entry.what: entry for entry in explain_order(raw, send([raw])[0][0]).entries}
    assert (entries["Tax on shipping"].shop, entries["Tax on shipping"].gp) == (D("1.00"), D("0.00"))
    assert entries["Tax on shipping"].because == "A voucher pays 1.00 of it."


def test_foreign_money_a_voucher_wrapping_and_ecotax_read_as_one_account(
    send: Callable[..., Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """2 x 30.00 less 10 %, shipping 4.90, wrapping 2.50: 54.00 + 7.40 = 61.40; with 20 % tax 73.68, of which 12.28 is tax."""
    order = Order(
        [item("30.00", 2)], places=3, id_currency=3, shipping=D("4.90"), wrapping=D("2.50"), percent=D(10),
        extra={"conversion_rate": "0.361500"},
    )  # fmt: skip
    raw = raw_order(order)
    raw["order_details"][0]["ecotax"] = "0.250000"
    explanation = explain_order(raw, send([raw])[0][0], 3)
    told = {entry.what: (entry.column, entry.gp) for entry in explanation.entries}
    assert told == {
        "2 x PEN Pen": ("XTNDPRCE", D("60.00")),
        "Shipping": ("FREIGHT", D("4.90")),
        "Gift wrapping": ("MISCAMNT", D("2.50")),
        "Vouchers and discounts": ("TRDISAMT", D("-6.00")),
        "Tax on shipping": ("FRTTXAMT", D("0.98")),
        "Tax on gift wrapping": ("MSCTXAMT", D("0.50")),
        "Tax on the lines": ("TAXAMNT", D("10.80")),
    }
    assert explanation.total == explanation.total_paid == D("73.68")
    assert explanation.rate == D("0.3615")
    monkeypatch.setattr(console, "width", 220)
    print_explanation(explanation)
    said = capsys.readouterr().out
    assert "in Z-KWD, at 0.3615 for one of GP's own currency" in said
    assert "0.25 a piece of it is ecotax." in said

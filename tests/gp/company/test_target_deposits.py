"""Deposits on orders through the real wire."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from gp_prestashop.errors import DataError, Refused
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document

Make = Callable[..., Document]
_numbers = count(100)


@pytest.fixture
def paid(target: GpTarget, ready: Make, deposit: Make) -> Make:
    """A deposit on an order that GP holds."""
    order = ready()
    target.write(order, "create")
    return lambda **header: deposit(f"PSP{next(_numbers):08d}", order.key, **header)


def test_a_deposit_arrives_once(target: GpTarget, paid: Make, server: Any) -> None:
    document = paid()
    assert target.existing([document]) == {}
    assert target.write(document, "create").action == "created"
    (row,) = server.sql("SELECT * FROM two.sop10103 WHERE docnumbr = %s", document.key)
    assert (row["oamtpaid"], row["chekbkid"], row["pymttype"]) == (Decimal("34.92"), "BANK-EUR", 1)
    (order,) = server.sql("SELECT ordeprvd FROM two.sop10100 WHERE sopnumbe = %s", document.header["SOPNUMBE"])
    assert order["ordeprvd"] == Decimal("34.92")
    found = target.existing([document])[document.key]
    assert (found.ours, found.same) == (True, True)
    assert target.write(document, "create").action == "unchanged"
    assert len(server.sql("SELECT 1 FROM two.sop10103 WHERE docnumbr = %s", document.key)) == 1
    (money,) = target.money("deposit", [document.key])
    assert (money.key, money.amount, money.currency) == (document.key, Decimal("34.92"), "EUR")


def test_the_same_number_with_another_amount_differs(target: GpTarget, paid: Make) -> None:
    document = paid()
    target.write(document, "create")
    other = paid(DOCNUMBR=document.key, DOCAMNT=Decimal("10.00"))
    found = target.existing([other])[other.key]
    assert found.difference == {"DOCAMNT": (Decimal("34.92"), Decimal("10.00"))}
    with pytest.raises(DataError) as caught:
        target.write(other, "create")
    assert caught.value.code == "number_taken"


def test_the_number_on_another_order_is_not_ours(target: GpTarget, paid: Make, ready: Make) -> None:
    document, other = paid(), ready()
    target.write(document, "create")
    target.write(other, "create")
    found = target.existing([paid(DOCNUMBR=document.key, SOPNUMBE=other.key)])
    assert not next(iter(found.values())).ours


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        ({"CHEKBKID": "NOBANK"}, DataError, 212),
        ({"DOCAMNT": Decimal(0)}, Refused, 109),
        ({"PYMTTYPE": 2}, DataError, 753),
        ({"PYMTTYPE": 5, "CHEKNMBR": "1"}, Refused, 4006),
    ],
)
def test_refusals(
    change: dict[str, Any], kind: type[Exception], number: int, target: GpTarget, paid: Make, server: Any
) -> None:
    document = paid(**change)
    with pytest.raises(kind) as caught:
        target.write(document, "create")
    assert number in caught.value.details["numbers"]
    assert not server.sql("SELECT 1 FROM two.sop10103 WHERE docnumbr = %s", document.key)
    assert not server.sql("SELECT 1 FROM two.rm00401 WHERE docnumbr = %s", document.key)

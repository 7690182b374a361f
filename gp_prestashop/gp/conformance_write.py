"""The writing half of the conformance kit: a customer, an order and a deposit, entered, guarded and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.gp.expectations import UnmetExpectationError, expect
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document

__all__ = ["write_checks"]

PREFIX = "GPPSTEST"


def write_checks(target: GpTarget) -> dict[str, Callable[[], str]]:
    """In the order in which they build on each other. Numbers are new on each run, from the clock."""
    documents = _Documents(target, f"{target.database.clock.now():%y%m%d%H%M%S}")
    return {
        "write: customer": lambda: _create(target, documents.customer()),
        "write: the same customer is found": lambda: _found(target, documents.customer()),
        "write: a changed customer": lambda: _change(target, documents.customer(city="Lyon")),
        "write: order": lambda: _create(target, documents.order()),
        "write: the same order is found": lambda: _found(target, documents.order()),
        "write: a second order of that number is not entered": lambda: _again(target, documents.order()),
        "write: another order of that number is not ours": lambda: _foreign(target, documents.order(reference="OTHER")),
        "write: one cent off is refused and rolled back whole": lambda: _cent_off(target, documents),
        "write: an order's amounts read back": lambda: _money(target, documents.order()),
        "write: deposit": lambda: _create(target, documents.deposit()),
        "write: the same deposit is not entered twice": lambda: _again(target, documents.deposit()),
    }


class _Documents:
    """Test documents. The line is a non-inventory item, so that no master record is needed."""

    def __init__(self, target: GpTarget, stamp: str) -> None:
        self._target = target
        self.customer_number = f"GT{stamp}"
        self.order_number = f"{PREFIX}{stamp}"

    def customer(self, city: str = "Paris") -> Document:
        header = {
            "CUSTNMBR": self.customer_number, "CUSTNAME": "Conformance test é", "ADRSCODE": "PRIMARY",
            "ADDRESS1": "1 rue d'Essai", "CITY": city, "UseCustomerClass": 0,
        }  # fmt: skip
        return Document("1", "customer", self.customer_number, {"header": [header]})

    def order(self, *, number: str = "", reference: str = "TEST", cent: Decimal = Decimal(0)) -> Document:
        number, day = number or self.order_number, self._day()
        defaults = self._target.defaults()
        common = {"SOPTYPE": 2, "SOPNUMBE": number, "CUSTNMBR": self.customer_number}
        site, currency = defaults.get("sop.site", ""), defaults.get("gp.functional_currency", "")
        line = {
            **common, "DOCDATE": day, "DOCID": defaults.get("sop.docid", ""), "LNITMSEQ": 16384, "NONINVEN": 1,
            "ITEMNMBR": f"{PREFIX}-ITEM", "ITEMDESC": "Conformance test", "UOFM": "EACH", "LOCNCODE": site,
            "QUANTITY": Decimal(2), "UNITPRCE": Decimal("10.05"), "XTNDPRCE": Decimal("20.10"), "CURNCYID": currency,
        }  # fmt: skip
        header = {
            **common, "DOCDATE": day, "DOCID": defaults.get("sop.docid", ""), "CSTPONBR": reference, "LOCNCODE": site,
            "CURNCYID": currency, "SUBTOTAL": Decimal("20.10"), "FREIGHT": Decimal("4.90"), "TRDISAMT": Decimal(0),
            "MISCAMNT": Decimal(0), "TAXAMNT": Decimal(0), "DOCAMNT": Decimal("25.00") + cent, "PYMTRCVD": Decimal(0),
        }  # fmt: skip
        return Document("1", "sales_order", number, {"header": [header], "lines": [line]})

    def deposit(self) -> Document:
        number = self.order_number  # DOCNUMBR holds 20 characters: exactly this
        header = {
            "SOPTYPE": 2, "SOPNUMBE": self.order_number, "CUSTNMBR": self.customer_number, "DOCDATE": self._day(),
            "DOCAMNT": Decimal("5.00"), "CHEKBKID": self._checkbook(), "PYMTTYPE": 1, "DOCNUMBR": number, "Action": 1,
        }  # fmt: skip
        return Document("1", "deposit", number, {"header": [header]})

    def _day(self) -> date:
        return self._target.database.clock.now().date()

    def _checkbook(self) -> str:
        """An active checkbook in the functional currency."""
        table = self._target.database.tables.CM00100
        functional = self._target.defaults().get("gp.functional_currency", "")
        rows = self._target.database.read(
            sa.select(table.c.CHEKBKID).where(table.c.INACTIVE == 0, table.c.CURNCYID.in_(["", functional]))
        )
        expect(rows, "GP has no active checkbook in the functional currency")
        checkbook: str = rows[0]["CHEKBKID"]
        return checkbook


def _create(target: GpTarget, document: Document) -> str:
    outcome = target.write(document, "create")
    expect(outcome.action == "created", f"{document.key} was {outcome.action}")
    return _found(target, document)


def _change(target: GpTarget, document: Document) -> str:
    before = target.existing([document])[document.key]
    expect(before.difference, "the change does not show before it is written")
    target.write(document, "change")
    return _found(target, document)


def _found(target: GpTarget, document: Document) -> str:
    there = target.existing([document]).get(document.key)
    if there is None:
        raise UnmetExpectationError(f"{document.key} is not in GP")
    expect(there.ours, there.sentence)
    expect(there.same, f"{document.key} differs: {dict(there.difference)}")
    return f"{document.key} is in GP as it was written ({there.status})."


def _again(target: GpTarget, document: Document) -> str:
    outcome = target.write(document, "create")
    expect(outcome.action == "unchanged", f"{document.key} was {outcome.action} a second time")
    return f"{document.key} was recognised."


def _foreign(target: GpTarget, document: Document) -> str:
    there = target.existing([document])[document.key]
    expect(not there.ours, "an order of another reference passes for ours")
    return there.sentence


def _cent_off(target: GpTarget, documents: _Documents) -> str:
    wrong = documents.order(number=f"{documents.order_number}X", cent=Decimal("0.01"))
    try:
        target.write(wrong, "create")
    except GpPrestashopError as error:
        sentence, numbers = error.sentence, error.details.get("numbers", [])
    else:
        raise UnmetExpectationError("an order whose total is one cent off was accepted")
    expect(235 in numbers, f"refused for another reason: {sentence}")
    for table in ("SOP10100", "SOP10200"):
        expect(not _rows(target, table, wrong.key), f"{table} still holds rows of {wrong.key}")
    right = replace(documents.order(number=wrong.key), key=wrong.key)
    expect(not target.existing([right]), "the refused order is in GP")
    return sentence


def _rows(target: GpTarget, table: str, number: str) -> list[Any]:
    selectable = target.database.tables[table]
    return target.database.read(sa.select(selectable.c.SOPNUMBE).where(selectable.c.SOPNUMBE.in_([number])))


def _money(target: GpTarget, document: Document) -> str:
    (row,) = target.money("sales_order", [document.key])
    expect(row.amount == document.header["DOCAMNT"], f"GP holds {row.amount}")
    return f"{row.key}: {row.amount:f} {row.currency}, functional {row.functional_amount:f}."

"""The writing half of the conformance kit: documents of each kind, entered, guarded, refused, changed and taken back."""

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
        "write: cash receipt": lambda: _create(target, documents.receipt()),
        "write: the same receipt is not entered twice": lambda: _again(target, documents.receipt()),
        "write: credit memo": lambda: _create(target, documents.memo()),
        "write: the same credit memo is not entered twice": lambda: _again(target, documents.memo()),
        "write: sales return": lambda: _create(target, documents.returned()),
        "write: an edited order": lambda: _edited(target, documents),
        "write: an order with deposits is not taken back": lambda: _not_taken_back(target, documents.order()),
        "write: a cancelled order is taken back": lambda: _taken_back(target, documents),
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

    def order(
        self, *, number: str = "", reference: str = "TEST", cent: Decimal = Decimal(0), city: str = "", pieces: int = 2
    ) -> Document:
        number, day = number or self.order_number, self._day()
        subtotal = Decimal("10.05") * pieces
        defaults = self._target.defaults()
        common = {"SOPTYPE": 2, "SOPNUMBE": number, "CUSTNMBR": self.customer_number}
        site, currency = defaults.get("sop.site", ""), defaults.get("gp.functional_currency", "")
        line = {
            **common, "DOCDATE": day, "DOCID": defaults.get("sop.docid", ""), "LNITMSEQ": 16384, "NONINVEN": 1,
            "ITEMNMBR": f"{PREFIX}-ITEM", "ITEMDESC": "Conformance test", "UOFM": "EACH", "LOCNCODE": site,
            "QUANTITY": Decimal(pieces), "UNITPRCE": Decimal("10.05"), "XTNDPRCE": subtotal, "CURNCYID": currency,
        }  # fmt: skip
        header = {
            **common, "DOCDATE": day, "DOCID": defaults.get("sop.docid", ""), "CSTPONBR": reference, "LOCNCODE": site,
            "CURNCYID": currency, "SUBTOTAL": subtotal, "FREIGHT": Decimal("4.90"), "TRDISAMT": Decimal(0),
            "MISCAMNT": Decimal(0), "TAXAMNT": Decimal(0), "DOCAMNT": subtotal + Decimal("4.90") + cent,
            "PYMTRCVD": Decimal(0), "CITY": city,
        }  # fmt: skip
        return Document("1", "sales_order", number, {"header": [header], "lines": [line]})

    def deposit(self) -> Document:
        number = self.order_number  # DOCNUMBR holds 20 characters: exactly this
        header = {
            "SOPTYPE": 2, "SOPNUMBE": self.order_number, "CUSTNMBR": self.customer_number, "DOCDATE": self._day(),
            "DOCAMNT": Decimal("5.00"), "CHEKBKID": self._checkbook(), "PYMTTYPE": 1, "DOCNUMBR": number, "Action": 1,
        }  # fmt: skip
        return Document("1", "deposit", number, {"header": [header]})

    def receipt(self) -> Document:
        number = f"R{self.order_number[-16:]}"  # 17 characters: exactly this
        header = {
            "CUSTNMBR": self.customer_number, "DOCNUMBR": number, "DOCDATE": self._day(), "ORTRXAMT": Decimal("5.00"),
            "CSHRCTYP": 1, "CHEKBKID": self._checkbook(), "CURNCYID": self._currency(),
        }  # fmt: skip
        return Document("1", "cash_receipt", number, {"header": [header]})

    def memo(self) -> Document:
        number = f"M{self.order_number[-16:]}"
        header = {
            "RMDTYPAL": 7, "DOCNUMBR": number, "DOCDATE": self._day(), "CUSTNMBR": self.customer_number,
            "DOCAMNT": Decimal("5.00"), "SLSAMNT": Decimal("5.00"), "TAXAMNT": Decimal(0), "CSTPONBR": "TEST",
            "CURNCYID": self._currency(),
        }  # fmt: skip
        return Document("1", "credit_memo", number, {"header": [header]})

    def returned(self) -> Document:
        """The order's line comes back, as SOPTYPE 4 under the same number."""
        order, docid = self.order(), self._return_id()
        line = {**order.frames["lines"][0], "SOPTYPE": 4, "DOCID": docid, "QTYONHND": Decimal(2)}
        amounts = {"FREIGHT": Decimal(0), "DOCAMNT": Decimal("20.10")}
        header = {**order.header, "SOPTYPE": 4, "DOCID": docid, **amounts}
        return Document("1", "sales_return", order.key, {"header": [header], "lines": [line]})

    def _return_id(self) -> str:
        table = self._target.database.tables.SOP40200
        rows = self._target.database.read(sa.select(table.c.DOCID).where(table.c.SOPTYPE.in_([4])))
        expect(rows, "GP has no document id for returns (SOP40200)")
        docid: str = rows[0]["DOCID"]
        return docid

    def _currency(self) -> str:
        return self._target.defaults().get("gp.functional_currency", "")

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


def _edited(target: GpTarget, documents: _Documents) -> str:
    """Another address, and where the writer can change amounts, another quantity; then as it was."""
    pieces = 3 if target.settings.writer == "econnect" else 2
    said = _change(target, documents.order(city="Nice", pieces=pieces))
    _change(target, documents.order(city="Nantes", pieces=2))
    return said


def _not_taken_back(target: GpTarget, document: Document) -> str:
    """Setting ``gp.cancel`` = hold takes it back in another way, which says so."""
    try:
        outcome = target.withdraw(document)
    except GpPrestashopError as error:
        expect(error.code == "deposits_there", f"refused for another reason: {error.sentence}")
        return error.sentence
    expect(target.settings.cancel == "hold", f"{document.key} was taken back with its deposit")
    return str(outcome.detail["sentence"])


def _taken_back(target: GpTarget, documents: _Documents) -> str:
    document = documents.order(number=f"{documents.order_number}C")
    _create(target, document)
    outcome = target.withdraw(document)
    if target.settings.cancel == "void":
        there = target.existing([document])[document.key]
        expect(there.status == "voided", f"{document.key} is {there.status}")
    return str(outcome.detail["sentence"])

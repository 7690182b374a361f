"""An edited order as the calls that change the one in GP: lines deleted, updated and added, then the header.

eConnect takes no second set of tax rows for a document (793-795), so where amounts change GP works the taxes out anew
(CREATETAXES) from the items' and the order's tax schedules. What comes out is read back before it is committed: a cent
of difference, or another tax detail, and nothing was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.calls import Call, in_order, tax_totals
from gp_prestashop.gp.compare import amount, differences
from gp_prestashop.gp.guard_orders import ORDER
from gp_prestashop.gp.reader import Reader
from gp_prestashop.gp.unposted import Unposted
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["amending_calls", "tax_differences"]

LINES = {
    "UNITPRCE": "ORUNTPRC", "XTNDPRCE": "OXTNDPRC", "MRKDNAMT": "ORMRKDAM", "TOTALQTY": "QUANTITY",
    **{name: name for name in ("ITEMDESC", "LOCNCODE", "UOFM", "SHIPMTHD", "PRSTADCD", "TAXSCHID", "ITMTSHID",
                               "ReqShipDate")},
}  # fmt: skip
LINE_KEYS = frozenset({"LOCNCODE", "UOFM", "SHIPMTHD", "PRSTADCD", "TAXSCHID", "ITMTSHID"})
# What the document's taxes depend on, beside its lines.
TAXED = {
    "FREIGHT": "ORFRTAMT", "MISCAMNT": "ORMISCAMT", "TRDISAMT": "ORTDISAM", "TAXSCHID": "TAXSCHID",
    "TAXAMNT": "ORTAXAMT", "FRTTXAMT": "ORFRTTAX", "MSCTXAMT": "ORMSCTAX",
}  # fmt: skip
TAX_AMOUNTS = ("TAXAMNT", "FRTTXAMT", "MSCTXAMT")
TAXABLE, NOT_TAXABLE = 1, 2  # FREIGTBLE, MISCTBLE
WHOLE_LINE = 1  # DeleteType


def amending_calls(document: Document, there: Unposted) -> list[Call]:
    """The calls of one transaction. The document keeps its batch, its deposits and its distributions' origin."""
    wanted = {row["LNITMSEQ"]: _named(row) for row in document.frames.get("lines", ())}
    stored = {row["LNITMSEQ"]: row for row in there.lines}
    gone = [row for place, row in stored.items() if not _same_item(wanted.get(place), row)]
    changed = [row for place, row in wanted.items() if _differs(row, stored.get(place))]
    header = {name: value for name, value in document.header.items() if value is not None}
    anew = bool(gone or changed) or bool(differences(header, there.header, TAXED, keys=frozenset({"TAXSCHID"})))
    taxed = any(header.get(name) for name in TAX_AMOUNTS) or any(
        there.header[name] for name in ("ORTAXAMT", "ORFRTTAX", "ORMSCTAX")
    )
    calls = [_deletion(header, row) for row in gone]
    calls += [_line(row) for row in changed]
    calls += [
        Call("taSopUserDefined", "user_defined", in_order("taSopUserDefined", _given(row)))
        for row in document.frames.get("user_defined", ())
    ]
    return [*calls, _header(header, there, calculate=anew and taxed)]


def tax_differences(database: Reader, document: Document) -> dict[str, tuple[Any, Any]]:
    """Tax by detail as GP has it (SOP10105, LNITMSEQ 0) against the document's: ``FRVAT20`` → (there, wanted)."""
    table = database.tables.SOP10105
    columns = [table.c[name] for name in ("TAXDTLID", "ORSLSTAX", "ORFRTTAX", "ORMSCTAX")]
    number = document.header["SOPNUMBE"]
    rows = database.read(
        sa.select(*columns).where(
            table.c.SOPTYPE.in_([ORDER]), table.c.SOPNUMBE.in_([number]), table.c.LNITMSEQ.in_([0])
        )
    )
    there = {key_text(row["TAXDTLID"]): row["ORSLSTAX"] + row["ORFRTTAX"] + row["ORMSCTAX"] for row in rows}
    wanted = {key_text(row["TAXDTLID"]): _tax_of(row) for row in _totals(document.frames.get("taxes", ()))}
    zero = Decimal(0)
    return {
        detail: (amount(there.get(detail)), amount(wanted.get(detail)))
        for detail in sorted(there.keys() | wanted.keys())
        if there.get(detail, zero) != wanted.get(detail, zero)
    }


def _totals(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    rows = list(rows)
    made = [row for row in rows if not row.get("TAXTYPE") and not row.get("LNITMSEQ")]
    return [*made, *tax_totals(rows)]


def _tax_of(row: Mapping[str, Any]) -> Decimal:
    amounts = (row.get(name) or Decimal(0) for name in ("STAXAMNT", "FRTTXAMT", "MSCTXAMT"))
    return sum(amounts, Decimal(0))


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """The line with its whole quantity under TOTALQTY, where SOP10200.QUANTITY is compared with it."""
    total = row.get("TOTALQTY") or sum(
        (row.get(n) or Decimal(0) for n in ("QUANTITY", "QTYCANCE", "QTYTBAOR")), Decimal(0)
    )
    return {**_given(row), "TOTALQTY": total}


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _same_item(wanted: Mapping[str, Any] | None, stored: Mapping[str, Any]) -> bool:
    return wanted is not None and key_text(wanted["ITEMNMBR"]) == key_text(stored["ITEMNMBR"])


def _differs(wanted: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool:
    if stored is None or not _same_item(wanted, stored):
        return True
    named = {name: value for name, value in wanted.items() if value != ""}  # a blank takes GP's default
    return bool(differences(named, stored, LINES, keys=LINE_KEYS))


def _deletion(header: Mapping[str, Any], row: Mapping[str, Any]) -> Call:
    parameters = {
        "SOPTYPE": header["SOPTYPE"], "SOPNUMBE": header["SOPNUMBE"], "LNITMSEQ": row["LNITMSEQ"],
        "ITEMNMBR": row["ITEMNMBR"], "DeleteType": WHOLE_LINE,
    }  # fmt: skip
    return Call("taSopLineDelete", "lines", in_order("taSopLineDelete", parameters))


def _line(row: Mapping[str, Any]) -> Call:
    """Without its tax: supplied taxes and those that GP calculates exclude each other (866)."""
    given = {name: value for name, value in row.items() if name not in {"TAXAMNT", "TOTALQTY"}}
    return Call("taSopLineIvcInsert", "lines", in_order("taSopLineIvcInsert", given | {"UpdateIfExists": 1}))


def _header(header: Mapping[str, Any], there: Unposted, *, calculate: bool) -> Call:
    given = {name: value for name, value in header.items() if name not in {*TAX_AMOUNTS, "USINGHEADERLEVELTAXES"}}
    given |= {"BACHNUMB": there.header["BACHNUMB"], "UpdateExisting": 1, "PYMTRCVD": there.received}
    if not {"TRDISAMT", "TRADEPCT"} & given.keys():
        given["TRDISAMT"] = Decimal(0)
    if calculate:
        given["CREATETAXES"] = 1
        for flag, tax in (("FREIGTBLE", "FRTTXAMT"), ("MISCTBLE", "MSCTXAMT")):
            given.setdefault(flag, TAXABLE if header.get(tax) else NOT_TAXABLE)
    else:
        given["CREATETAXES"] = 0
    return Call("taSopHdrIvcInsert", "header", in_order("taSopHdrIvcInsert", given))

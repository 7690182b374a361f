"""The guard of sales documents: an existing SOPNUMBE is ours only if CSTPONBR, CUSTNMBR and currency agree.

Looked up over work and history (SOP10100 ∪ SOP30200), since a posted, voided or transferred document moves and its
number stays taken. Orders (SOPTYPE 2) and invoices (3) made of shop orders share one number, returns (4) have their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql import FromClause

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import amount, differences
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import Row
from gp_prestashop.gp.reader import Reader
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["INVOICE", "ORDER", "RETURN", "existing_orders"]

ORDER, INVOICE, RETURN = 2, 3, 4  # SOPTYPE
HEADER_COLUMNS: Mapping[str, str] = {
    "DOCDATE": "DOCDATE", "DOCID": "DOCID", "LOCNCODE": "LOCNCODE", "SHIPMTHD": "SHIPMTHD", "TAXSCHID": "TAXSCHID",
    "PRBTADCD": "PRBTADCD", "PRSTADCD": "PRSTADCD", "SUBTOTAL": "ORSUBTOT", "FREIGHT": "ORFRTAMT",
    "MISCAMNT": "ORMISCAMT", "TRDISAMT": "ORTDISAM", "TAXAMNT": "ORTAXAMT", "FRTTXAMT": "ORFRTTAX",
    "MSCTXAMT": "ORMSCTAX", "DOCAMNT": "ORDOCAMT",
}  # fmt: skip
# The order's own copy of the ship-to address. What is blank GP fills from the address code, so it is not compared.
ADDRESS_COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("ShipToName", "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE", "ZIPCODE",
                               "COUNTRY", "PHNUMBR1", "PHNUMBR2", "FAXNUMBR")},
    "PHNUMBR3": "PHONE3",
}  # fmt: skip
KEYS = frozenset({"DOCID", "LOCNCODE", "SHIPMTHD", "TAXSCHID", "PRBTADCD", "PRSTADCD"})
TAX_AMOUNTS = frozenset({"TAXAMNT", "FRTTXAMT", "MSCTXAMT"})
IDENTITY = ("SOPNUMBE", "CUSTNMBR", "CSTPONBR", "CURNCYID", "VOIDSTTS", "SOPTYPE")


def existing_orders(
    database: Reader,
    currencies: Currencies,
    documents: Sequence[Document],
    *,
    moved_dates: bool,
    soptypes: Sequence[int] = (ORDER, INVOICE),
) -> dict[str, Existing]:
    """By document key. ``moved_dates``: a later DOCDATE is no difference, since closed periods move dates on.

    ``soptypes`` are the types that the documents' numbers are looked for under.
    """
    numbers = {key_text(document.header["SOPNUMBE"]): document for document in documents}
    headers: dict[str, tuple[Row, bool]] = {}
    for history, name in ((True, "SOP30200"), (False, "SOP10100")):  # a work row wins
        columns = [*IDENTITY, *HEADER_COLUMNS.values(), *ADDRESS_COLUMNS.values()]
        for row in _rows(database, database.tables[name], columns, list(numbers), soptypes):
            headers[key_text(row["SOPNUMBE"])] = (row, history)
    lines = _lines(database, list(headers), soptypes) if headers else {}
    found: dict[str, Existing] = {}
    for number, (row, history) in headers.items():
        document = numbers[number]
        found[document.key] = _compare(
            document, row, lines.get(number, Counter()), currencies, history=history, moved_dates=moved_dates
        )
    return found


def _compare(
    document: Document, row: Row, lines: Counter[str], currencies: Currencies, *, history: bool, moved_dates: bool
) -> Existing:
    header = document.header
    status: Literal["work", "history", "voided"] = "history" if history else "work"
    if row["VOIDSTTS"] == 1:
        status = "voided"
    foreign = _not_ours(header, row, currencies)
    if foreign:
        return Existing(ours=False, same=False, status=status, sentence=foreign)
    named = {name: header[name] for name in ADDRESS_COLUMNS if header.get(name)}
    # Where GP calculates the taxes, DOCAMNT says whether they come to the same.
    left_out = TAX_AMOUNTS if header.get("CREATETAXES") == 1 else frozenset()
    columns = {name: column for name, column in HEADER_COLUMNS.items() if name not in left_out}
    difference = differences(header, row, columns, keys=KEYS)
    # The order keeps the address it was placed with: another text under the same code is the shopper's address of today.
    if key_text(header.get("PRSTADCD")) != key_text(row["PRSTADCD"]) or not header.get("PRSTADCD"):
        difference |= differences(named, row, ADDRESS_COLUMNS, keys=frozenset())
    if moved_dates and "DOCDATE" in difference and row["DOCDATE"] and row["DOCDATE"] > header["DOCDATE"]:
        del difference["DOCDATE"]
    if header.get("SOPTYPE", row["SOPTYPE"]) != row["SOPTYPE"]:
        difference["SOPTYPE"] = (row["SOPTYPE"], header["SOPTYPE"])
    wanted = _counted(document.frames.get("lines", ()), "XTNDPRCE")
    if wanted != lines:
        difference["lines"] = (_listed(lines - wanted) or "none", _listed(wanted - lines) or "none")
    return Existing(ours=True, same=not difference, status=status, difference=difference)


def _not_ours(header: Mapping[str, Any], row: Row, currencies: Currencies) -> str:
    checks = (
        ("CUSTNMBR", header["CUSTNMBR"], row["CUSTNMBR"]),
        ("CSTPONBR", header.get("CSTPONBR"), row["CSTPONBR"]),
        ("CURNCYID", currencies.or_functional(header.get("CURNCYID")), currencies.or_functional(row["CURNCYID"])),
    )
    wrong = [
        f"{name} {theirs!r} instead of {mine or ''!r}"
        for name, mine, theirs in checks
        if key_text(mine) != key_text(theirs)
    ]
    return f"{header['SOPNUMBE']} is taken in GP by another document: {', '.join(wrong)}." if wrong else ""


def _rows(
    database: Reader, table: FromClause, names: Sequence[str], numbers: Sequence[str], soptypes: Sequence[int]
) -> list[Row]:
    columns = [table.c[name] for name in dict.fromkeys(names)]
    of_type = table.c.SOPTYPE.in_(soptypes)
    return list(database.read_in(table.c.SOPNUMBE, numbers, lambda keys: sa.select(*columns).where(keys, of_type)))


def _lines(database: Reader, numbers: Sequence[str], soptypes: Sequence[int]) -> dict[str, Counter[str]]:
    """The lines (no kit components) as a multiset of ``item × quantity = extended price``."""
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in ("SOP10200", "SOP30300"):
        table = database.tables[name]
        columns = [table.c[c] for c in ("SOPNUMBE", "ITEMNMBR", "QUANTITY", "OXTNDPRC")]
        condition = sa.and_(table.c.SOPTYPE.in_(soptypes), table.c.CMPNTSEQ == 0)
        for row in database.read_in(table.c.SOPNUMBE, numbers, lambda keys: sa.select(*columns).where(keys, condition)):  # noqa: B023
            lines[key_text(row["SOPNUMBE"])] += _counted([row], "OXTNDPRC")
    return lines


def _counted(rows: Sequence[Mapping[str, Any]], price: str) -> Counter[str]:
    return Counter(
        f"{key_text(row['ITEMNMBR'])} × {_quantity(row['QUANTITY'])} = {amount(row.get(price))}" for row in rows
    )


def _quantity(value: Any) -> str:
    return f"{Decimal(value).normalize():f}"


def _listed(lines: Counter[str]) -> str:
    return ", ".join(sorted(lines.elements()))

"""The guard of sales orders: an existing SOPNUMBE is ours only if CSTPONBR, CUSTNMBR and currency agree.

Looked up over work and history (SOP10100 ∪ SOP30200), since a posted, voided or transferred document moves and its
number stays taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql import FromClause

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import differences, key_text, plain
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.mapping.shapes import Document

__all__ = ["existing_orders"]

ORDER = 2  # SOPTYPE
HEADER_COLUMNS: Mapping[str, str] = {
    "DOCDATE": "DOCDATE", "DOCID": "DOCID", "LOCNCODE": "LOCNCODE", "SHIPMTHD": "SHIPMTHD", "TAXSCHID": "TAXSCHID",
    "PRBTADCD": "PRBTADCD", "PRSTADCD": "PRSTADCD", "SUBTOTAL": "ORSUBTOT", "FREIGHT": "ORFRTAMT",
    "MISCAMNT": "ORMISCAMT", "TRDISAMT": "ORTDISAM", "TAXAMNT": "ORTAXAMT", "FRTTXAMT": "ORFRTTAX",
    "MSCTXAMT": "ORMSCTAX", "DOCAMNT": "ORDOCAMT",
}  # fmt: skip
KEYS = frozenset({"DOCID", "LOCNCODE", "SHIPMTHD", "TAXSCHID", "PRBTADCD", "PRSTADCD"})
IDENTITY = ("SOPNUMBE", "CUSTNMBR", "CSTPONBR", "CURNCYID", "VOIDSTTS")


def existing_orders(
    database: GpDatabase, currencies: Currencies, documents: Sequence[Document], *, moved_dates: bool
) -> dict[str, Existing]:
    """By document key. ``moved_dates``: a later DOCDATE is no difference, since closed periods move dates on."""
    numbers = {key_text(document.header["SOPNUMBE"]): document for document in documents}
    headers: dict[str, tuple[Row, bool]] = {}
    for history, name in ((True, "SOP30200"), (False, "SOP10100")):  # a work row wins
        for row in _rows(database, database.tables[name], [*IDENTITY, *HEADER_COLUMNS.values()], list(numbers)):
            headers[key_text(row["SOPNUMBE"])] = (row, history)
    lines = _lines(database, list(headers)) if headers else {}
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
    difference = differences(header, row, HEADER_COLUMNS, keys=KEYS)
    if moved_dates and "DOCDATE" in difference and row["DOCDATE"] and row["DOCDATE"] > header["DOCDATE"]:
        del difference["DOCDATE"]
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


def _rows(database: GpDatabase, table: FromClause, names: Sequence[str], numbers: Sequence[str]) -> list[Row]:
    columns = [table.c[name] for name in dict.fromkeys(names)]
    return list(
        database.read_in(
            table.c.SOPNUMBE, numbers, lambda keys: sa.select(*columns).where(keys, table.c.SOPTYPE == ORDER)
        )
    )


def _lines(database: GpDatabase, numbers: Sequence[str]) -> dict[str, Counter[str]]:
    """The lines (no kit components) as a multiset of ``item × quantity = extended price``."""
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in ("SOP10200", "SOP30300"):
        table = database.tables[name]
        columns = [table.c[c] for c in ("SOPNUMBE", "ITEMNMBR", "QUANTITY", "OXTNDPRC")]
        condition = sa.and_(table.c.SOPTYPE == ORDER, table.c.CMPNTSEQ == 0)
        for row in database.read_in(table.c.SOPNUMBE, numbers, lambda keys: sa.select(*columns).where(keys, condition)):  # noqa: B023
            lines[key_text(row["SOPNUMBE"])] += _counted([row], "OXTNDPRC")
    return lines


def _counted(rows: Sequence[Mapping[str, Any]], price: str) -> Counter[str]:
    return Counter(
        f"{key_text(row['ITEMNMBR'])} × {_quantity(row['QUANTITY'])} = {plain(Decimal(row.get(price) or 0))}"
        for row in rows
    )


def _quantity(value: Any) -> str:
    return f"{Decimal(value).normalize():f}"


def _listed(lines: Counter[str]) -> str:
    return ", ".join(sorted(lines.elements()))

"""An order transferred to an invoice, whole or in part, as the Sales Transaction Entry window does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.history import move_statements
from gp_prestashop.sandbox.gp.numbers import incremented
from gp_prestashop.sandbox.gp.rows import Row, Rows, copied
from gp_prestashop.sandbox.gp.schema import schema_of

__all__ = ["transfer_to_invoice"]

_ORDER, _INVOICE = 2, 3
_CENT = Decimal("0.01")
# Amounts that the first invoice takes whole: they are the document's, not its lines'.
_ONCE = (
    "frtamnt", "orfrtamt", "miscamnt", "ormiscamt", "frttxamt", "orfrttax", "msctxamt", "ormsctax", "trdisamt", "ortdisam",
)  # fmt: skip
_BY_QUANTITY = (
    "xtndprce", "oxtndprc", "remprice", "oreprice", "extdcost", "orextcst", "taxamnt", "ortaxamt",
)  # fmt: skip
_TAX_AMOUNTS = ("staxamnt", "orslstax", "taxdtsls", "ortotsls", "tdttxsls", "ortxsls", "txdtottx", "ottaxpon")
_HOLDS = """
SELECT 1 FROM {company}.sop10104 h JOIN {company}.sop00100 m ON m.prchldid = h.prchldid
WHERE h.sopnumbe = %(number)s AND h.soptype = 2 AND h.delete1 = 0 AND m.xferphol = 1
"""
_KEY = "sopnumbe = %(number)s AND soptype = 2"


def transfer_to_invoice(
    cursor: psycopg.Cursor[Any],
    sopnumbe: str,
    quantities: Mapping[int, Decimal] | None = None,
    *,
    batch: str = "INVOICES",
    company: str = "TWO",
    day: datetime | None = None,
) -> str:
    """The invoice's number (the next one of the invoice document id). `quantities` by LNITMSEQ; all that is left without.

    The order keeps what is left; when nothing is left it moves to history, and its deposits go to the invoice. Freight,
    miscellaneous, their taxes and the trade discount go with the first invoice. LookupError for an order on hold.
    """
    rows = Rows(cursor, schema_of(company))
    order = rows.one(f"SELECT * FROM {{company}}.sop10100 WHERE {_KEY}", {"number": sopnumbe})
    lines = rows.all(
        f"SELECT * FROM {{company}}.sop10200 WHERE {_KEY} AND cmpntseq = 0 ORDER BY lnitmseq", {"number": sopnumbe}
    )
    taken = _taken(lines, quantities)
    if rows.all(_HOLDS, {"number": sopnumbe}):
        raise LookupError(f"{sopnumbe} is on hold")
    first = all(line["qtyprinv"] == 0 for line in lines)
    number = _next_number(rows)
    tax = _lines(rows, lines, taken, number)
    _taxes(rows, str(order["sopnumbe"]), lines, taken, number, whole=first)
    _header(rows, order, number, batch, day or order["docdate"], tax, first=first)
    left = rows.one(
        f"SELECT COALESCE(sum(qtyremai), 0) AS left FROM {{company}}.sop10200 WHERE {_KEY} AND cmpntseq = 0",
        {"number": sopnumbe},
    )
    if not left["left"]:
        _close(rows, sopnumbe, number)
    return number


def _taken(lines: list[Row], quantities: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    if quantities is None:
        return {line["lnitmseq"]: line["qtyremai"] - line["qtytbaor"] for line in lines}
    for line in lines:
        if quantities.get(line["lnitmseq"], Decimal(0)) > line["qtyremai"]:
            raise LookupError(f"line {line['lnitmseq']} has {line['qtyremai']} left")
    return dict(quantities)


def _next_number(rows: Rows) -> str:
    found = rows.one("SELECT docid, sopnumbe FROM {company}.sop40200 WHERE soptype = 3 ORDER BY docid FOR UPDATE")
    following = {"n": incremented(found["sopnumbe"]), "d": found["docid"]}
    rows.all("UPDATE {company}.sop40200 SET sopnumbe = %(n)s WHERE soptype = 3 AND docid = %(d)s", following)
    return str(found["sopnumbe"])


def _part(amount: Decimal, of: Decimal, before: Decimal, taken: Decimal) -> Decimal:
    """The share of `taken` in `amount` for `of`, so that the shares of all transfers add up to it."""
    if not of:
        return Decimal(0)

    def upto(quantity: Decimal) -> Decimal:
        return (amount * quantity / of).quantize(_CENT, rounding=ROUND_HALF_UP)

    return upto(before + taken) - upto(before)


def _share(line: Row, taken: Mapping[int, Decimal], amount: Decimal) -> Decimal:
    quantity = taken.get(line["lnitmseq"], Decimal(0))
    return _part(amount, line["quantity"] - line["qtycance"], line["qtyprinv"], quantity)


def _lines(rows: Rows, lines: list[Row], taken: Mapping[int, Decimal], number: str) -> dict[str, Decimal]:
    """Writes the invoice's lines and takes them off the order; gives the sums of their amounts."""
    sums = dict.fromkeys(_BY_QUANTITY, Decimal(0))
    for line in lines:
        quantity = taken.get(line["lnitmseq"], Decimal(0))
        if not quantity:
            continue
        amounts = {name: _share(line, taken, line[name]) for name in _BY_QUANTITY}
        for name, amount in amounts.items():
            sums[name] += amount
        allocated = min(line["atyalloc"], quantity)
        rows.insert(
            "SOP10200",
            copied(
                line, "SOP10200", soptype=_INVOICE, sopnumbe=number, quantity=quantity, atyalloc=allocated,
                qtyfulfi=quantity, qtyremai=quantity, qtytoinv=0, qtytbaor=0, qtycance=0, orgseqnm=line["lnitmseq"],
                **amounts,
            ),
        )  # fmt: skip
        _components(rows, line, number, quantity)
        rows.all(
            "UPDATE {company}.sop10200 SET qtyprinv = qtyprinv + %(q)s, qtyremai = qtyremai - %(q)s,"
            " qtytoinv = GREATEST(qtytoinv - %(q)s, 0), atyalloc = atyalloc - %(a)s"
            " WHERE sopnumbe = %(n)s AND soptype = 2 AND cmpntseq = 0 AND lnitmseq = %(l)s",
            {"q": quantity, "a": allocated, "n": line["sopnumbe"], "l": line["lnitmseq"]},
        )
    return sums


def _components(rows: Rows, kit: Row, number: str, kits: Decimal) -> None:
    """The components of so many of a line's kits go with them."""
    key = {"n": kit["sopnumbe"], "l": kit["lnitmseq"]}
    of_line = "sopnumbe = %(n)s AND soptype = 2 AND lnitmseq = %(l)s AND cmpntseq > 0"
    for row in rows.all(f"SELECT * FROM {{company}}.sop10200 WHERE {of_line}", key):
        share = row["quantity"] * kits / kit["quantity"]
        allocated = min(row["atyalloc"], share)
        changed = {"quantity": share, "atyalloc": allocated, "qtyremai": share, "qtyfulfi": share}
        rows.insert("SOP10200", copied(row, "SOP10200", soptype=_INVOICE, sopnumbe=number, **changed))
        rows.all(
            "UPDATE {company}.sop10200 SET qtyprinv = qtyprinv + %(q)s, qtyremai = qtyremai - %(q)s,"
            f" atyalloc = atyalloc - %(a)s WHERE {of_line} AND cmpntseq = %(c)s",
            {**key, "q": share, "a": allocated, "c": row["cmpntseq"]},
        )


def _taxes(rows: Rows, order: str, lines: list[Row], taken: Mapping[int, Decimal], number: str, *, whole: bool) -> None:
    """Tax rows of the lines by their share, those of freight and miscellaneous with the first invoice, and new totals."""
    by_line = {line["lnitmseq"]: line for line in lines}
    totals: dict[str, Row] = {}
    found = rows.all(
        f"SELECT * FROM {{company}}.sop10105 WHERE {_KEY} AND lnitmseq <> 0 ORDER BY lnitmseq, taxdtlid",
        {"number": order},
    )
    for tax in found:
        line = by_line.get(tax["lnitmseq"])
        if line is None and not whole:
            continue
        amounts = {name: _share(line, taken, tax[name]) if line else tax[name] for name in _TAX_AMOUNTS}
        if line is not None and not taken.get(tax["lnitmseq"]):
            continue
        row = copied(tax, "SOP10105", soptype=_INVOICE, sopnumbe=number, **amounts)
        rows.insert("SOP10105", row)
        total = totals.setdefault(tax["taxdtlid"], copied(row, "SOP10105", lnitmseq=0, **dict.fromkeys(_SUMMED, 0)))
        for name in _SUMMED:
            total[name] += row[name]
    for total in totals.values():
        rows.insert("SOP10105", total)


_SUMMED = (*_TAX_AMOUNTS, "frttxamt", "orfrttax", "msctxamt", "ormsctax")


def _header(
    rows: Rows, order: Row, number: str, batch: str, day: datetime, sums: Mapping[str, Decimal], *, first: bool
) -> None:
    once = {name: order[name] if first else Decimal(0) for name in _ONCE}
    functional = sums["xtndprce"] + once["frtamnt"] + once["miscamnt"] + sums["taxamnt"] + once["frttxamt"]
    functional += once["msctxamt"] - once["trdisamt"]
    original = sums["oxtndprc"] + once["orfrtamt"] + once["ormiscamt"] + sums["ortaxamt"] + once["orfrttax"]
    original += once["ormsctax"] - once["ortdisam"]
    rows.insert(
        "SOP10100",
        copied(
            order, "SOP10100", soptype=_INVOICE, sopnumbe=number, origtype=_ORDER, orignumb=order["sopnumbe"],
            docid=order["usdocid1"] or "STDINV", docdate=day, invodate=day, glpostdt=day, bachnumb=batch, sopstatus=0,
            subtotal=sums["xtndprce"], orsubtot=sums["oxtndprc"], taxamnt=sums["taxamnt"], ortaxamt=sums["ortaxamt"],
            docamnt=functional, ordocamt=original, acctamnt=functional, oractamt=original, deprecvd=0, ordeprvd=0,
            pymtrcvd=0, orpmtrvd=0, **once,
        ),
    )  # fmt: skip
    rows.all(
        "INSERT INTO {company}.sop10106 (soptype, sopnumbe, userdef1, userdef2, usrdef03, usrdef04, usrdef05)"
        " SELECT 3, %(invoice)s, userdef1, userdef2, usrdef03, usrdef04, usrdef05 FROM {company}.sop10106"
        " WHERE sopnumbe = %(order)s AND soptype = 2",
        {"invoice": number, "order": order["sopnumbe"]},
    )
    batch_row = {"source": "Sales Entry", "batch": batch, "amount": functional}
    found = rows.all(
        "UPDATE {company}.sy00500 SET numoftrx = numoftrx + 1, bchtotal = bchtotal + %(amount)s"
        " WHERE bchsourc = %(source)s AND bachnumb = %(batch)s RETURNING 1 AS updated",
        batch_row,
    )
    if not found:
        rows.insert(
            "SY00500",
            {
                "bchsourc": "Sales Entry",
                "bachnumb": batch,
                "series": 3,
                "numoftrx": 1,
                "bchtotal": functional,
                "origin": 1,
            },
        )


def _close(rows: Rows, order: str, invoice: str) -> None:
    """A fully transferred order is history; its deposits are the invoice's from now on."""
    values = {"number": order, "type": _ORDER, "invoice": invoice}
    rows.all("UPDATE {company}.sop10103 SET soptype = 3, sopnumbe = %(invoice)s WHERE sopnumbe = %(number)s AND soptype = 2", values)  # fmt: skip
    rows.all(
        "UPDATE {company}.sop10100 h SET deprecvd = p.f, ordeprvd = p.o, acctamnt = docamnt - p.f, oractamt = ordocamt - p.o"
        " FROM (SELECT COALESCE(sum(amntpaid), 0) AS f, COALESCE(sum(oamtpaid), 0) AS o FROM {company}.sop10103"
        "       WHERE sopnumbe = %(invoice)s AND soptype = 3 AND pymttype <= 3) p"
        " WHERE h.sopnumbe = %(invoice)s AND h.soptype = 3",
        values,
    )
    taken = rows.one(
        "SELECT bachnumb, docamnt FROM {company}.sop10100 WHERE sopnumbe = %(number)s AND soptype = 2", values
    )
    rows.all(
        "UPDATE {company}.sy00500 SET numoftrx = numoftrx - 1, bchtotal = bchtotal - %(amount)s"
        " WHERE bchsourc = 'Sales Entry' AND bachnumb = %(batch)s",
        {"amount": taken["docamnt"], "batch": taken["bachnumb"]},
    )
    for statement in move_statements(rows.schema, {"pstgstus": "2"}):
        rows.all(statement, values)

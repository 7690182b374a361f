"""Next numbers of GP: record notes, master numbers, audit trail codes, journal entries, receipts."""

from __future__ import annotations

import re
from decimal import Decimal

from gp_prestashop.sandbox.gp.node import Node

__all__ = [
    "audit_trail_code",
    "incremented",
    "next_journal_entry",
    "next_master_number",
    "next_note_index",
    "next_receipt_number",
]


def incremented(number: str, by: int = 1) -> str:
    """The next document number: the last run of digits plus one, its width and what surrounds it kept."""
    found = re.search(r"\d+(?=\D*$)", number)
    if not found:
        raise ValueError(number)
    value = int(found.group()) + by
    return number[: found.start()] + str(value).zfill(len(found.group())) + number[found.end() :]


def next_note_index(node: Node) -> Decimal:
    """SY01500.NOTEINDX of the company, taken and advanced (smGetNextNoteIndex)."""
    sql = "UPDATE {system}.sy01500 SET noteindx = noteindx + 1 WHERE interid = %(id)s RETURNING noteindx - 1 AS taken"
    return Decimal(node.row(sql, {"id": node.company.upper()})["taken"])


def next_master_number(node: Node) -> int:
    """SOP40100.NXTMSTNO, taken and advanced; SOP40500 remembers what is in use (taSopGetMasterNumber)."""
    sql = "UPDATE {company}.sop40100 SET nxtmstno = nxtmstno + 1 RETURNING nxtmstno - 1 AS taken"
    found = node.one(sql, {})
    taken = int(found["taken"]) if found else 1
    node.run("INSERT INTO {company}.sop40500 (mstrnumb) VALUES (%(n)s) ON CONFLICT DO NOTHING", {"n": taken})
    return taken


def audit_trail_code(node: Node, prefix: str) -> str:
    """The next TRXSORCE of a prefix in the sales series of SY01000, e.g. SLSDP00000001 (taGetTrxSourceNumber)."""
    sql = """
        INSERT INTO {company}.sy01000 (series, trxsrcpx, seqnumbr, ntrxsnum) VALUES (3, %(prefix)s, 0, 2)
        ON CONFLICT (series, trxsrcpx) DO UPDATE SET ntrxsnum = sy01000.ntrxsnum + 1
        RETURNING ntrxsnum - 1 AS taken
    """
    return prefix + str(node.row(sql, {"prefix": prefix})["taken"]).zfill(13 - len(prefix))


def next_journal_entry(node: Node) -> int:
    """GL40000.NJRNLENT, taken and advanced (glGetNextJournalEntry)."""
    found = node.one("UPDATE {company}.gl40000 SET njrnlent = njrnlent + 1 RETURNING njrnlent - 1 AS taken", {})
    return int(found["taken"]) if found else 1


def next_receipt_number(node: Node) -> str:
    """The next free receipt number of RM40401 for RMDTYPAL 9 (taGetPaymentNumber); '' when none is set up."""
    found = node.one("SELECT docnumbr FROM {company}.rm40401 WHERE rmdtypal = 9 FOR UPDATE", {})
    if not found or not re.search(r"\d", found["docnumbr"]):
        return ""
    number = str(found["docnumbr"])
    while node.one("SELECT 1 AS used FROM {company}.rm00401 WHERE rmdtypal = 9 AND docnumbr = %(n)s", {"n": number}):
        number = incremented(number)
    node.run("UPDATE {company}.rm40401 SET docnumbr = %(n)s WHERE rmdtypal = 9", {"n": incremented(number)})
    return number

"""taSopHdrRecalc in simple form: a stored header's totals follow its lines and payments."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["recalculate"]

_RECALCULATE = """
WITH l AS (
    SELECT COALESCE(sum(xtndprce), 0) AS f, COALESCE(sum(oxtndprc), 0) AS o, COALESCE(sum(extdcost), 0) AS fc,
           COALESCE(sum(orextcst), 0) AS oc
    FROM {company}.sop10200 WHERE sopnumbe = %(number)s AND soptype = %(type)s AND cmpntseq = 0
), p AS (
    SELECT COALESCE(sum(amntpaid) FILTER (WHERE pymttype > 3), 0) AS f,
           COALESCE(sum(oamtpaid) FILTER (WHERE pymttype > 3), 0) AS o,
           COALESCE(sum(amntpaid) FILTER (WHERE pymttype <= 3), 0) AS fd,
           COALESCE(sum(oamtpaid) FILTER (WHERE pymttype <= 3), 0) AS od
    FROM {company}.sop10103 WHERE sopnumbe = %(number)s AND soptype = %(type)s AND delete1 = 0
)
UPDATE {company}.sop10100 h SET
    subtotal = l.f, orsubtot = l.o, remsubto = l.f, oremsubt = l.o, extdcost = l.fc, orextcst = l.oc,
    docamnt = l.f + frtamnt + miscamnt + taxamnt + frttxamt + msctxamt - trdisamt,
    ordocamt = l.o + orfrtamt + ormiscamt + ortaxamt + orfrttax + ormsctax - ortdisam,
    pymtrcvd = p.f, orpmtrvd = p.o, deprecvd = p.fd, ordeprvd = p.od,
    acctamnt = l.f + frtamnt + miscamnt + taxamnt + frttxamt + msctxamt - trdisamt - p.f - p.fd,
    oractamt = l.o + orfrtamt + ormiscamt + ortaxamt + orfrttax + ormsctax - ortdisam - p.o - p.od
FROM l, p WHERE h.sopnumbe = %(number)s AND h.soptype = %(type)s
"""


def recalculate(node: Node, kind: int, number: str) -> bool:
    """True when the document has a header (in work) whose totals were brought up to date."""
    return node.run(_RECALCULATE, {"number": number, "type": kind}) == 1

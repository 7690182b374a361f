"""All that a sales document's header needs to know: masters and setups in one query, the document's rows in another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_tax import FREIGHT_LINE, MISCELLANEOUS_LINE

__all__ = ["Totals", "find", "totals"]

_FACTS = """
SELECT
    c.custnmbr, c.custname, c.inactive, c.hold, c.custdisc, c.ratetpid, c.shipmthd, c.pymtrmid, c.salsterr, c.slprsnid,
    c.upszone, c.prclevel, c.taxschid, c.taxexmt1, c.taxexmt2, c.txrgnnum, c.prstadcd, c.prbtadcd, c.crlmttyp, c.crlmtamt,
    c.rmaracc, c.rmslsacc, m.custblnc + m.unpstdsa + m.onordamt AS balance,
    b.adrscode AS billto, a.adrscode AS shipto,
    a.shiptoname, a.cntcprsn, a.address1, a.address2, a.address3, a.city, a.state, a.zip, a.ccode, a.country, a.phone1,
    a.phone2, a.phone3, a.fax, a.shipmthd AS address_shipmthd, a.taxschid AS address_taxschid,
    a.salsterr AS address_salsterr, a.slprsnid AS address_slprsnid, a.upszone AS address_upszone, a.print_phone_numbergb,
    d.docid, d.allocaby, d.allrepea, d.ordtobac, d.invtobac, d.workflowenabled, d.commntid AS document_comment,
    h.sopnumbe AS header, h.noteindx AS header_note, h.mstrnumb AS header_master, h.bachnumb AS header_batch,
    h.docamnt AS header_amount,
    EXISTS (SELECT 1 FROM {company}.sop30200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s) AS history,
    y.mkdtopst, EXISTS (SELECT 1 FROM {company}.iv40700) AS sites, w.locncode, w.inactive AS site_inactive,
    k.chekbkid, k.inactive AS checkbook_inactive, t.pymtrmid AS terms, t.duetype, t.duedtds, t.disctype, t.discdtds,
    t.dsclctyp, t.dscpctam AS terms_percent, t.dscdlram AS terms_amount,
    g.shipmthd AS known_shipmthd, p.slprsnid AS known_slprsnid, p.inactive AS salesperson_inactive,
    EXISTS (SELECT 1 FROM {company}.rm00303 WHERE salsterr = %(SALSTERR)s) AS known_salsterr,
    EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(TAXSCHID)s) AS known_taxschid,
    EXISTS (SELECT 1 FROM {company}.tx00102 WHERE taxschid = %(FRTSCHID)s) AS known_frtschid,
    EXISTS (SELECT 1 FROM {company}.tx00102 WHERE taxschid = %(MSCSCHID)s) AS known_mscschid,
    EXISTS (SELECT 1 FROM {company}.mc40100 WHERE ratetpid = %(RATETPID)s) AS known_ratetpid,
    EXISTS (SELECT 1 FROM {company}.sop40500 WHERE mstrnumb = %(MSTRNUMB)s) AS master_used
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.rm00103 m ON m.custnmbr = c.custnmbr
LEFT JOIN {company}.rm00102 b ON b.custnmbr = c.custnmbr
    AND b.adrscode = COALESCE(NULLIF(%(PRBTADCD)s::public.gp_char, ''), c.prbtadcd)
LEFT JOIN {company}.rm00102 a ON a.custnmbr = c.custnmbr
    AND a.adrscode = COALESCE(%(PRSTADCD)s::public.gp_char, c.prstadcd)
LEFT JOIN {company}.sop40200 d ON d.soptype = %(SOPTYPE)s AND d.docid = %(DOCID)s
LEFT JOIN {company}.sop10100 h ON h.sopnumbe = %(SOPNUMBE)s AND h.soptype = %(SOPTYPE)s
LEFT JOIN {company}.sy00500 y ON y.bchsourc = 'Sales Entry' AND y.bachnumb = %(BACHNUMB)s
LEFT JOIN {company}.iv40700 w ON w.locncode = %(LOCNCODE)s
LEFT JOIN {company}.cm00100 k ON k.chekbkid = %(BatchCHEKBKID)s
LEFT JOIN {company}.sy03300 t ON t.pymtrmid = COALESCE(%(PYMTRMID)s::public.gp_char, c.pymtrmid)
LEFT JOIN {company}.sy03000 g ON g.shipmthd = %(SHIPMTHD)s
LEFT JOIN {company}.rm00301 p ON p.slprsnid = %(SLPRSNID)s
"""

_TOTALS = f"""
SELECT l.*, t.*, p.*, (SELECT COALESCE(sum(ocommamt), 0) FROM {{company}}.sop10101
                       WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s) AS commissions
FROM (
    SELECT count(*) AS lines, COALESCE(sum(oxtndprc), 0) AS subtotal, COALESCE(sum(ortaxamt), 0) AS line_tax,
           COALESCE(sum(ormrkdam * quantity), 0) AS markdown, COALESCE(sum(extdcost), 0) AS cost,
           COALESCE(sum(qtytbaor), 0) AS back_ordered,
           count(*) FILTER (WHERE currnidx <> %(currency_index)s) AS other_currency,
           count(*) FILTER (WHERE noninven = 0 AND NOT EXISTS (
               SELECT 1 FROM {{company}}.iv00105 c WHERE c.itemnmbr = s.itemnmbr AND c.curncyid = %(currency)s)) AS unpriced
    FROM {{company}}.sop10200 s WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND cmpntseq = 0
) l, (
    SELECT count(*) AS tax_rows,
           COALESCE(sum(orslstax + orfrttax + ormsctax) FILTER (WHERE lnitmseq = 0 AND bkouttax = 0), 0) AS total_tax,
           COALESCE(sum(orslstax + orfrttax + ormsctax) FILTER (WHERE lnitmseq <> 0 AND bkouttax = 0), 0) AS detail_tax,
           COALESCE(sum(orfrttax) FILTER (WHERE lnitmseq = {FREIGHT_LINE}), 0) AS freight_tax,
           COALESCE(sum(ormsctax) FILTER (WHERE lnitmseq = {MISCELLANEOUS_LINE}), 0) AS miscellaneous_tax
    FROM {{company}}.sop10105 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND delete1 = 0
) t, (
    SELECT COALESCE(sum(oamtpaid) FILTER (WHERE pymttype > 3), 0) AS payments,
           COALESCE(sum(oamtpaid) FILTER (WHERE pymttype <= 3), 0) AS deposits,
           count(*) FILTER (WHERE docdate <> %(DOCDATE)s) AS other_date
    FROM {{company}}.sop10103 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND delete1 = 0
) p
"""


@dataclass(frozen=True)
class Totals:
    """What the document's rows add up to, in originating currency (`cost` in functional)."""

    lines: int
    subtotal: Decimal
    line_tax: Decimal
    markdown: Decimal
    cost: Decimal
    back_ordered: Decimal
    other_currency: int
    unpriced: int
    tax_rows: int
    total_tax: Decimal
    detail_tax: Decimal
    freight_tax: Decimal
    miscellaneous_tax: Decimal
    payments: Decimal
    deposits: Decimal
    other_date: int
    commissions: Decimal


def find(node: Node) -> Row:
    """Customer, addresses, document id, batch, site, checkbook, terms …; NULL where not found."""
    return node.row(_FACTS)


def totals(node: Node, currency_id: str, currency_index: int) -> Totals:
    """The sums of SOP10200, SOP10105, SOP10103 and SOP10101 for the document."""
    return Totals(**node.row(_TOTALS, {**node.values, "currency": currency_id, "currency_index": currency_index}))

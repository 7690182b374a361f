"""Everything that a sales line needs to know, in one query."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["find"]

_FACTS = """
SELECT
    c.custnmbr, c.prclevel AS cust_prclevel, c.shipmthd AS cust_shipmthd, c.prstadcd AS cust_prstadcd,
    c.taxschid AS cust_taxschid, c.salsterr AS cust_salsterr, c.slprsnid AS cust_slprsnid, c.crlmttyp, c.crlmtamt,
    i.itemnmbr, i.itemdesc, i.itemtype, i.decplqty, i.alwbkord, i.currcost, i.stndcost, i.vctnmthd, i.itmtshid,
    i.taxoptns, i.pricmthd, i.prclevel AS item_prclevel, i.inactive AS item_inactive, i.itemcode,
    i.ivivindx, i.ivcogsix, i.ivslsidx, i.ivsldsix, i.ivslrnix, i.ivinusix, i.ivinsvix, i.ivdmgidx,
    COALESCE(NULLIF(%(UOFM)s::public.gp_char, ''), NULLIF(i.selnguom, ''), us.baseuofm, '') AS uofm,
    u.uofm AS known_uofm, u.qtybsuom,
    p.itemnmbr AS priced, l.decplcur AS item_decplcur, l.listprce,
    EXISTS (SELECT 1 FROM {company}.iv40700) AS sites,
    chosen.locncode AS site, w.locncode AS known_site, w.inactive AS site_inactive,
    q.locncode AS stocked, q.inactive AS stock_inactive, q.qtyonhnd - q.atyalloc AS available,
    d.docid, d.allocaby, d.uspfulpr, s.decplqty AS setup_decplqty, s.decplcur AS setup_decplcur,
    s.prices_not_required_in_pr, rs.prclevel AS setup_prclevel,
    h.custnmbr AS document_customer, h.docid AS document_docid,
    a.adrscode, a.shiptoname, a.cntcprsn, a.address1, a.address2, a.address3, a.city, a.state, a.zip, a.ccode, a.country,
    a.phone1, a.phone2, a.phone3, a.fax, a.taxschid AS address_taxschid, a.shipmthd AS address_shipmthd,
    a.print_phone_numbergb,
    (SELECT max(lnitmseq) FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s) AS last_line,
    EXISTS (SELECT 1 FROM {company}.sop10200 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
            AND cmpntseq = 0 AND lnitmseq = %(LNITMSEQ)s) AS line_exists,
    EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(TAXSCHID)s) AS known_taxschid,
    EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(ITMTSHID)s) AS known_itmtshid,
    EXISTS (SELECT 1 FROM {company}.sy03000 WHERE shipmthd = %(SHIPMTHD)s) AS known_shipmthd,
    EXISTS (SELECT 1 FROM {company}.iv40800 WHERE prclevel = %(PRCLEVEL)s) AS known_prclevel,
    EXISTS (SELECT 1 FROM {company}.rm00301 WHERE slprsnid = %(SLPRSNID)s) AS known_slprsnid,
    EXISTS (SELECT 1 FROM {company}.rm00303 WHERE salsterr = %(SALSTERR)s) AS known_salsterr
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.iv00101 i ON i.itemnmbr = COALESCE(
    (SELECT itemnmbr FROM {company}.iv00101 WHERE itemnmbr = %(ITEMNMBR)s),
    (SELECT itemnmbr FROM {company}.sop60300 WHERE custitemnmbr = %(ITEMNMBR)s AND custnmbr = %(CUSTNMBR)s LIMIT 1))
LEFT JOIN {company}.iv40201 us ON us.uomschdl = i.uomschdl
LEFT JOIN LATERAL (
    SELECT uofm, qtybsuom FROM {company}.iv40202
    WHERE uomschdl = i.uomschdl
      AND uofm = COALESCE(NULLIF(%(UOFM)s::public.gp_char, ''), NULLIF(i.selnguom, ''), us.baseuofm)
    ORDER BY equivuom = us.baseuofm DESC LIMIT 1) u ON true
LEFT JOIN LATERAL (
    SELECT itemnmbr FROM {company}.iv00108 WHERE itemnmbr = i.itemnmbr AND curncyid = %(currency)s LIMIT 1) p ON true
LEFT JOIN {company}.iv00105 l ON l.itemnmbr = i.itemnmbr AND l.curncyid = %(currency)s
LEFT JOIN LATERAL (SELECT * FROM {company}.sop40100 LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT prclevel FROM {company}.rm40101 LIMIT 1) rs ON true
LEFT JOIN {company}.rm00102 a ON a.custnmbr = c.custnmbr
    AND a.adrscode = COALESCE(NULLIF(%(PRSTADCD)s::public.gp_char, ''), c.prstadcd)
LEFT JOIN LATERAL (
    SELECT COALESCE(NULLIF(%(LOCNCODE)s::public.gp_char, ''), NULLIF(a.locncode, ''), NULLIF(i.locncode, ''),
                    NULLIF(s.locncode, ''), '') AS locncode) chosen ON true
LEFT JOIN {company}.iv40700 w ON w.locncode = chosen.locncode
LEFT JOIN {company}.iv00102 q ON q.itemnmbr = i.itemnmbr AND q.rcrdtype = 2 AND q.locncode = chosen.locncode
LEFT JOIN {company}.sop40200 d ON d.soptype = %(SOPTYPE)s AND d.docid = %(DOCID)s
LEFT JOIN {company}.sop10100 h ON h.sopnumbe = %(SOPNUMBE)s AND h.soptype = %(SOPTYPE)s
"""


def find(node: Node, currency_id: str) -> Row:
    """The line's customer, item, price rows, U of M, site, stock, document id and address; NULL where not found.

    A blank LOCNCODE becomes the ship-to address's site, then the item's, then that of the sales setup (SOP40100).
    """
    return node.row(_FACTS, {**node.values, "currency": currency_id})

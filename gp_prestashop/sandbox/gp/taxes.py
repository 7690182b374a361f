"""Taxes calculated by the header (CREATETAXES=1), in simple form: percentages of lines, freight and miscellaneous."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency
from gp_prestashop.sandbox.gp.money import ZERO, rounded
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_tax import FREIGHT_LINE, MISCELLANEOUS_LINE

__all__ = ["calculate"]

_TAXABLE, _BY_CUSTOMER = 1, 3  # TAXOPTNS, FREIGTBLE, MISCTBLE; 0 takes the setup's (SOP40100)
_CLEAR = "DELETE FROM {company}.sop10105 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s"
_LINES = """
SELECT lnitmseq, oxtndprc, ivitmtxb, itmtshid FROM {company}.sop10200
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND cmpntseq = 0 ORDER BY lnitmseq
"""
_DETAILS = """
SELECT d.taxdtlid, d.txdtlpct, d.actindx FROM {company}.tx00102 m JOIN {company}.tx00201 d ON d.taxdtlid = m.taxdtlid
WHERE m.taxschid = %(schedule)s AND d.txdtltyp = 1 AND d.txdtlbse <> 1
  AND (%(item)s::public.gp_char = '' OR EXISTS (
      SELECT 1 FROM {company}.tx00102 i WHERE i.taxschid = %(item)s AND i.taxdtlid = m.taxdtlid))
ORDER BY d.taxdtlid
"""
_SETUP = "SELECT frgttxbl, misctxbl FROM {company}.sop40100 LIMIT 1"
_NO_LINE_TAX = """
UPDATE {company}.sop10200 SET taxamnt = 0, ortaxamt = 0 WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s
"""
_LINE_TAX = """
UPDATE {company}.sop10200 SET taxamnt = %(tax)s, ortaxamt = %(tax)s
WHERE sopnumbe = %(SOPNUMBE)s AND soptype = %(SOPTYPE)s AND cmpntseq = 0 AND lnitmseq = %(line)s
"""


def calculate(node: Node, x: Row, money: Currency) -> None:
    """Writes the document's SOP10105 rows and fills TAXAMNT, FRTTXAMT and MSCTXAMT of the call.

    A line is taxed by the details that its item's schedule and the document's have in common, freight and miscellaneous
    by those that FRTSCHID and MSCSCHID share with it; a blank schedule limits nothing.
    """
    schedule = node["TAXSCHID"] or (x["address_taxschid"] or x["taxschid"] or "" if node["DEFTAXSCHDS"] == 1 else "")
    setup = node.one(_SETUP, {}) or {"frgttxbl": 2, "misctxbl": 2}
    customer = bool(x["taxschid"] or x["address_taxschid"])
    node.run(_CLEAR)
    node.run(_NO_LINE_TAX)
    totals: dict[str, list[Decimal]] = {}
    accounts: dict[str, int] = {}

    def tax(line: int, amount: Decimal, document_schedule: str, item_schedule: str, column: int) -> Decimal:
        whole = ZERO
        for detail in node.all(_DETAILS, {"schedule": document_schedule, "item": item_schedule}):
            value = rounded(amount * detail["txdtlpct"] / 100, money.places)
            parts = [ZERO, ZERO, ZERO]
            parts[column] = value
            _save(node, line, detail["taxdtlid"], detail["actindx"], parts, amount, money.index)
            accounts[detail["taxdtlid"]] = detail["actindx"]
            sums = totals.setdefault(detail["taxdtlid"], [ZERO, ZERO, ZERO, ZERO])
            sums[column] += value
            sums[3] += amount
            whole += value
        return whole

    for line in node.all(_LINES):
        if _taxable(line["ivitmtxb"], customer):
            value = tax(line["lnitmseq"], line["oxtndprc"], schedule, line["itmtshid"], 0)
            node["TAXAMNT"] += value
            node.run(_LINE_TAX, {**node.values, "tax": value, "line": line["lnitmseq"]})
    if _taxable(node["FREIGTBLE"] or setup["frgttxbl"], customer) and node["FREIGHT"]:
        node["FRTTXAMT"] = tax(FREIGHT_LINE, node["FREIGHT"], schedule, node["FRTSCHID"], 1)
    if _taxable(node["MISCTBLE"] or setup["misctxbl"], customer) and node["MISCAMNT"]:
        node["MSCTXAMT"] = tax(MISCELLANEOUS_LINE, node["MISCAMNT"], schedule, node["MSCSCHID"], 2)
    for detail_id, sums in totals.items():
        _save(node, 0, detail_id, accounts[detail_id], sums[:3], sums[3], money.index)


def _taxable(option: int, customer: bool) -> bool:  # noqa: FBT001
    """`customer`: has the customer a tax schedule? That decides for option 3."""
    return option == _TAXABLE or (option == _BY_CUSTOMER and customer)


def _save(
    node: Node, line: int, detail_id: str, account: int, parts: list[Decimal], base: Decimal, currency_index: int
) -> None:
    sales, freight, miscellaneous = parts
    node.insert(
        "SOP10105",
        {
            "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "LNITMSEQ": line, "TAXDTLID": detail_id,
            "ACTINDX": account, "STAXAMNT": sales, "ORSLSTAX": sales, "FRTTXAMT": freight, "ORFRTTAX": freight,
            "MSCTXAMT": miscellaneous, "ORMSCTAX": miscellaneous, "TAXDTSLS": base, "ORTOTSLS": base,
            "TDTTXSLS": base, "ORTXSLS": base, "TXDTOTTX": sum(parts, ZERO), "OTTAXPON": sum(parts, ZERO),
            "CURRNIDX": currency_index,
        },
    )  # fmt: skip

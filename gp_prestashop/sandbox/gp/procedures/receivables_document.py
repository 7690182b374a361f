"""taRMTransaction: a receivables document in work, RM10301; the credit memo (RMDTYPAL 7) among them."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.batch import add_to_batch
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.currency import Currency, Rate, currency, exchange
from gp_prestashop.sandbox.gp.money import ZERO, fits
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.numbers import next_note_index
from gp_prestashop.sandbox.gp.procedures import receivables_entries
from gp_prestashop.sandbox.gp.receivables import add_key, add_multicurrency, move_totals

__all__ = ["execute"]

SOURCE = "RM_Sales"
_KINDS = (1, 3, 4, 5, 6, 7, 8)
_CREDITS = {7, 8}
_LONGEST = 17
_AMOUNTS = (
    "BKTFRTAM", "BKTMSCAM", "BKTSLSAM", "CASHAMNT", "CHEKAMNT", "COSTAMNT", "CRCRDAMT", "DISCRTND", "DISTKNAM", "DOCAMNT",
    "DSCDLRAM", "FRTAMNT", "GSTDSAMT", "MISCAMNT", "PPSAMDED", "SLSAMNT", "TAXAMNT", "TRDISAMT", "WROFAMNT",
)  # fmt: skip
_NOT_NEGATIVE = ("DISAVAMT", "FRTAMNT", "MISCAMNT", "SLSAMNT", "TAXAMNT", "TRDISAMT")
_OPTIONAL = {
    "SLPRSNID", "SALSTERR", "TAXSCHID", "PYMTRMID", "DISAVAMT", "DSCDLRAM", "DSCPCTAM", "COMDLRAM", "COMAPPTO",
}  # fmt: skip

_FACTS = """
SELECT c.custnmbr, c.custname, c.adrscode, c.ratetpid, c.rmaracc, c.slprsnid, c.salsterr, c.taxschid, c.pymtrmid,
       y.mkdtopst, y.approvl, bb.chekbkid AS batch_checkbook, bb.inactive AS batch_inactive,
       EXISTS (SELECT 1 FROM {company}.mc40100 WHERE ratetpid = %(RATETPID)s) AS known_ratetpid,
       EXISTS (SELECT 1 FROM {company}.rm00102 WHERE custnmbr = %(CUSTNMBR)s AND adrscode = %(ADRSCODE)s) AS known_adrscode,
       EXISTS (SELECT 1 FROM {company}.rm00301 WHERE slprsnid = %(SLPRSNID)s) AS known_slprsnid,
       EXISTS (SELECT 1 FROM {company}.rm00303 WHERE salsterr = %(SALSTERR)s) AS known_salsterr,
       EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(TAXSCHID)s) AS known_taxschid,
       EXISTS (SELECT 1 FROM {company}.sy03000 WHERE shipmthd = %(SHIPMTHD)s) AS known_shipmthd,
       EXISTS (SELECT 1 FROM {company}.sy03300 WHERE pymtrmid = %(PYMTRMID)s) AS known_pymtrmid,
       (SELECT COALESCE(sum(ortaxamt), 0) FROM {company}.rm10601 WHERE rmdtypal = %(RMDTYPAL)s
        AND docnumbr = %(DOCNUMBR)s AND bkouttax = 0) AS detail_tax,
       EXISTS (SELECT 1 FROM {company}.rm00401 WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm10301 WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm20101 WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s)
       OR EXISTS (SELECT 1 FROM {company}.rm30101 WHERE rmdtypal = %(RMDTYPAL)s AND docnumbr = %(DOCNUMBR)s) AS taken
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.cm00100 bb ON bb.chekbkid = %(BatchCHEKBKID)s
LEFT JOIN {company}.sy00500 y ON y.bchsourc = 'RM_Sales' AND y.bachnumb = %(BACHNUMB)s
"""


def execute(node: Node) -> ProcedureResult:
    """Writes RM10301, RM00401, RM10101, RM00103, a foreign document's MC020102, and the batch; nothing is posted."""
    if not node.check_not_null(185, except_for=_OPTIONAL):
        return node.result()
    x = node.row(_FACTS)
    money = currency(node)
    _check(node, x, money)
    rate = exchange(node, money, x) if money.found and x["custnmbr"] is not None else Rate()
    node.error(551, when=money.foreign and rate.rate == 0)
    if not node.errors:
        _insert(node, x, money, rate)
    return node.result()


def _check(node: Node, x: Row, money: Currency) -> None:
    node.error(535, when=bool(node["RATETPID"]) and not x["known_ratetpid"])
    node.error(216, when=not node.given("DOCDATE"))
    node.error(217, when=bool(node["ADRSCODE"]) and not x["known_adrscode"])
    node.error(186, when=not node["CUSTNMBR"])
    node.error(187, when=not node["DOCNUMBR"])
    node.error(12003, when=len(node["DOCNUMBR"]) > _LONGEST)
    node.error(190, when=bool(node["DOCNUMBR"]) and x["taken"])
    node.error(188, when=node["DOCAMNT"] < 0)
    node.error(712, when=node["TAXAMNT"] != x["detail_tax"])
    node.error(189, when=not node["BACHNUMB"])
    node.error(202, when=x["mkdtopst"] == 1)
    node.error(5625, when=x["approvl"] == 1)
    node.check_range({"RMDTYPAL": 627}, _KINDS)
    node.error(5598, when=node["XCHGRATE"] < 0)
    node.error(363, when=bool(node["BatchCHEKBKID"]) and x["batch_checkbook"] is None)
    node.error(9522, when=x["batch_inactive"] == 1)
    node.error(7149, when=bool(node["SLPRSNID"]) and not x["known_slprsnid"])
    node.error(7023, when=bool(node["TAXSCHID"]) and not x["known_taxschid"])
    node.error(7024, when=bool(node["SALSTERR"]) and not x["known_salsterr"])
    node.check_range({"RequesterTrx": 3723})
    node.error(1320, when=bool(node["SHIPMTHD"]) and not x["known_shipmthd"])
    node.error(586, when=any((node[name] or ZERO) < 0 for name in _NOT_NEGATIVE))
    node.error(536, when=not money.found)
    node.error(537, when=money.foreign and not money.accessible)
    node.error(626, when=bool(node["PYMTRMID"]) and not x["known_pymtrmid"])
    total = node["SLSAMNT"] - node["TRDISAMT"] + node["FRTAMNT"] + node["MISCAMNT"] + node["TAXAMNT"]
    node.error(621, when=node["DOCAMNT"] != total)
    node.error(201, when=bool(node["CUSTNMBR"]) and x["custnmbr"] is None)  # no check of its own: the insert fails
    node.error(4643, when=not all(fits(node[name], money.places) for name in _AMOUNTS if node[name] is not None))


def _insert(node: Node, x: Row, money: Currency, rate: Rate) -> None:
    kind = node["RMDTYPAL"]
    receivables_entries.convert_taxes(node, money, rate)

    def functional(name: str) -> Decimal:
        return rate.functional(node[name] or ZERO, money)

    parts = {name: functional(name) for name in ("SLSAMNT", "TRDISAMT", "FRTAMNT", "MISCAMNT", "TAXAMNT")}
    amount = parts["SLSAMNT"] - parts["TRDISAMT"] + parts["FRTAMNT"] + parts["MISCAMNT"] + parts["TAXAMNT"]
    if node["CREATEDIST"] == 1:
        receivables_entries.distribute_document(node, x, money, {**parts, "DOCAMNT": amount})
    originals = {
        "ORORGTRX": node["DOCAMNT"], "ORCTRXAM": node["DOCAMNT"], "ORSLSAMT": node["SLSAMNT"],
        "ORFRTAMT": node["FRTAMNT"], "ORMISCAMT": node["MISCAMNT"], "ORTAXAMT": node["TAXAMNT"],
        "ORTDISAM": node["TRDISAMT"], "ORCSTAMT": node["COSTAMNT"],
    }  # fmt: skip
    add_multicurrency(node, kind, money, rate, originals)
    add_key(node, kind, SOURCE)
    move_totals(node, "unpstdsa", -amount if kind in _CREDITS else amount)
    node.insert(
        "RM10301",
        {
            "DOCTYPE": kind, "RMDTYPAL": kind, "RMDNUMWK": node["DOCNUMBR"], "DOCNUMBR": node["DOCNUMBR"],
            "DOCDESCR": node["DOCDESCR"], "DOCDATE": node["DOCDATE"], "BACHNUMB": node["BACHNUMB"], "BCHSOURC": SOURCE,
            "NOTEINDX": next_note_index(node), "CUSTNMBR": x["custnmbr"], "CUSTNAME": x["custname"],
            "ADRSCODE": node["ADRSCODE"] or x["adrscode"], "SLPRSNID": _default(node["SLPRSNID"], x["slprsnid"]),
            "SALSTERR": _default(node["SALSTERR"], x["salsterr"]), "SHIPMTHD": node["SHIPMTHD"],
            "CSTPONBR": node["CSTPONBR"], "TAXSCHID": _default(node["TAXSCHID"], x["taxschid"]),
            "COSTAMNT": functional("COSTAMNT"), **parts, "DOCAMNT": amount, "ACCTAMNT": amount,
            "CURNCYID": money.id, "LSTEDTDT": node.today, "LSTUSRED": node["LSTUSRED"] or "sa",
            "GLPOSTDT": node["DOCDATE"], "Tax_Date": node["DOCDATE"],
        },
    )  # fmt: skip
    add_to_batch(node, SOURCE, node["BACHNUMB"], amount, checkbook=node["BatchCHEKBKID"])


def _default(given: str | None, otherwise: str | None) -> str:
    """NULL takes the customer's, an empty string stays empty."""
    return given if given is not None else otherwise or ""

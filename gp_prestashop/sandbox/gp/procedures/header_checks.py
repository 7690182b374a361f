"""What taSopHdrIvcInsert refuses, apart from the arithmetic of the document."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.currency import Currency
from gp_prestashop.sandbox.gp.money import fits
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.header_facts import Totals

__all__ = ["check_arguments", "check_facts"]

_NOT_NEGATIVE = (
    "COMMAMNT", "COMPRCNT", "DISAVAMT", "DISTKNAM", "DSCDLRAM", "DSCPCTAM", "FRTTXAMT", "MSCTXAMT", "PYMTRCVD",
    "RATEVARC", "XCHGRATE",
)  # fmt: skip
_AMOUNTS = (
    "COMMAMNT", "DISAVAMT", "DISTKNAM", "DOCAMNT", "DSCDLRAM", "FREIGHT", "FRTTXAMT", "MISCAMNT", "MRKDNAMT", "MSCTXAMT",
    "PYMTRCVD", "SUBTOTAL", "TAXAMNT", "TRDISAMT",
)  # fmt: skip
_FLAGS = {
    "CREATECOMM": 899, "CREATEDIST": 2211, "CREATETAXES": 2212, "DEFTAXSCHDS": 2213, "RequesterTrx": 2216,
    "CKCreditLimit": 3554, "CKHOLD": 3555, "REPTING": 5639, "UpdateExisting": 2217,
}  # fmt: skip
_REPEATING = ("QUOTEDYSTINCR", "REPTING", "TIMETREP", "TRXFREQU")


def check_arguments(node: Node) -> bool:
    """The arguments in themselves. False when the rest would make no sense."""
    if not node.check_not_null(53):
        return False
    blank = not all(node[name] for name in ("SOPNUMBE", "CUSTNMBR", "DOCID", "BACHNUMB")) or not node.given("DOCDATE")
    node.error(54, when=blank)
    kind = node["SOPTYPE"]
    node.check_range({"SOPTYPE": 898}, range(1, 7))
    node.check_range(_FLAGS)
    node.check_range({"FREIGTBLE": 2214, "MISCTBLE": 2215}, range(4))
    node.check_range({"TRXFREQU": 5640}, range(8))
    node.check_range({"TIMETREP": 5641}, range(10_000))
    node.check_range({"QUOTEDYSTINCR": 5642}, range(1000))
    node.check_range({"RTCLCMTD": 9342}, (-1, 0, 1))
    node.check_range({"Print_Phone_NumberGB": 11764}, range(5))
    node.error(5643, when=kind not in {1, 2} and node.given(*_REPEATING))
    node.error(2272, when=node.given("QUOEXPDA") and kind != 1)
    node.error(7802, when=node["TRDISAMT"] is not None and node["TRADEPCT"] is not None)
    node.error(786, when=any((node[name] or 0) < 0 for name in _NOT_NEGATIVE))
    node.error(737, when=node.given("DISTKNAM") and kind not in {3, 4})
    node.error(736, when=node.given("DISAVAMT") and kind not in {3, 6})
    comments = ("COMMENT_1", "COMMENT_2", "COMMENT_3", "COMMENT_4")
    node.error(2296, when=node.given("CMMTTEXT") and node.given(*comments))
    node.error(180, when=kind == 4 and node.given("ORDRDATE"))
    node.error(181, when=kind == 4 and node.given("ORIGTYPE", "ORIGNUMB"))
    node.error(710, when=node["CREATECOMM"] == 1 and node["COMMAMNT"] > 0)
    node.error(859, when=node["CREATETAXES"] == 1 and node["USINGHEADERLEVELTAXES"] == 1)
    node.error(866, when=node["CREATETAXES"] == 1 and node.given("TAXAMNT", "FRTTXAMT", "MSCTXAMT"))
    node.error(7031, when=node.given("DSCDLRAM") and node.given("DSCPCTAM"))
    return True


def check_facts(node: Node, x: Row, totals: Totals, money: Currency) -> None:
    """The arguments against the tables; `x` and `totals` are what `header_facts` found."""
    kind = node["SOPTYPE"]
    node.error(724, when=not money.found)
    node.error(726, when=money.foreign and not money.accessible)
    node.error(832, when=not all(fits(node[name], money.places) for name in _AMOUNTS if node[name] is not None))
    node.error(9370, when=totals.other_currency > 0)
    node.error(9284, when=x["docid"] is not None and x["allrepea"] == 0 and node.given(*_REPEATING))
    node.error(723, when=node.given("RATETPID") and not x["known_ratetpid"])
    node.error(3770, when=node["MSTRNUMB"] != 0 and x["master_used"] and node["UpdateExisting"] == 0)
    node.error(364, when=node.given("BatchCHEKBKID") and x["chekbkid"] is None)
    node.error(9515, when=x["checkbook_inactive"] == 1)
    node.error(5616, when=x["mkdtopst"] == 1)
    node.error(56, when=x["history"] or (x["header"] is not None and node["UpdateExisting"] == 0))
    node.error(178, when=node.given("SLPRSNID") and x["known_slprsnid"] is None)
    node.error(9538, when=x["salesperson_inactive"] == 1)
    node.error(244, when=node.given("SALSTERR") and not x["known_salsterr"])
    node.error(58, when=x["sites"] and not node["LOCNCODE"])
    node.error(59, when=x["sites"] and bool(node["LOCNCODE"]) and x["locncode"] is None)
    node.error(3002, when=not x["sites"] and bool(node["LOCNCODE"]))
    node.error(11809, when=x["site_inactive"] == 1)
    node.error(711, when=node["CREATECOMM"] == 1 and totals.commissions != 0)
    known = x["custnmbr"] is not None
    node.error(66, when=not known)
    node.error(818, when=known and node.given("PRBTADCD") and x["billto"] is None)
    node.error(867, when=known and node.given("PRSTADCD") and x["shipto"] is None)
    node.error(890, when=node.given("FRTSCHID") and not x["known_frtschid"])
    node.error(891, when=node.given("MSCSCHID") and not x["known_mscschid"])
    node.error(61, when=node.given("TAXSCHID") and not x["known_taxschid"])
    node.error(1790, when=x["inactive"] == 1)
    node.error(1541, when=x["hold"] == 1 and node["CKHOLD"] == 1)
    node.error(43, when=known and not (node["CUSTNAME"] or x["custname"]))
    node.error(7739 if kind == 6 else 68, when=x["docid"] is None)
    if x["docid"] is not None and totals.back_ordered > 0:
        node.error(2697, when=kind == 2 and x["ordtobac"] == 0)
        node.error(2696, when=kind == 3 and x["invtobac"] == 0)
    node.error(1321, when=money.foreign and totals.other_date > 0)
    node.error(1319, when=money.foreign and totals.unpriced > 0)
    node.error(7032, when=node.given("PYMTRMID") and x["terms"] is None)
    node.error(709, when=node["COMMAMNT"] > 0 and node["COMMAMNT"] != totals.commissions)

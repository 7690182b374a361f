"""What taSopLineIvcInsert refuses, in the order of its own text."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency
from gp_prestashop.sandbox.gp.money import ZERO, decimals, fits, rounded
from gp_prestashop.sandbox.gp.node import Node, Row

__all__ = ["check_amounts", "check_arguments", "check_facts"]

_BUCKETS = ("QTYONHND", "QTYRTRND", "QTYINUSE", "QTYINSVC", "QTYDMGED")
_FLAGS = {
    "NONINVEN": 2611,
    "DROPSHIP": 2612,
    "RequesterTrx": 2616,
    "UpdateIfExists": 2225,
    "RecreateDist": 2226,
    "CKCreditLimit": 3474,
    "RECREATETAXES": 11998,
    "RECREATECOMM": 11999,
    "EXCEPTIONALDEMAND": 2613,
}
_NOT_NEGATIVE = (
    *_BUCKETS, "MRKDNAMT", "MRKDNPCT", "QTYCANCE", "QTYFULFI", "QTYTBAOR", "QUOTEQTYTOINV", "UNITCOST",
)  # fmt: skip


def check_arguments(node: Node) -> bool:
    """The arguments in themselves. False when the rest would make no sense."""
    if not node.check_not_null(101):
        return False
    node.error(102, when=not (node["SOPTYPE"] and node["SOPNUMBE"] and node["ITEMNMBR"]))
    node.check_range({"SOPTYPE": 104}, range(1, 7))
    node.check_range(_FLAGS)
    node.check_range({"AUTOALLOCATESERIAL": 2615, "AUTOALLOCATELOT": 3908}, range(3))
    node.check_range({"ALLOCATE": 2224}, (0, 1, 99))
    node.check_range({"IVITMTXB": 3409}, range(4))
    node.check_range({"QtyShrtOpt": 6232}, range(1, 7))
    node.check_range({"Print_Phone_NumberGB": 11763}, range(5))
    node.error(788, when=any(node[name] is not None and node[name] < 0 for name in _NOT_NEGATIVE))
    invoice = node["SOPTYPE"] == 3
    node.error(7470, when=node["QUANTITY"] < 0 and not invoice)
    node.error(7471, when=node["XTNDPRCE"] < 0 < node["UNITPRCE"] and not invoice)
    node.error(7472, when=node["TAXAMNT"] < 0 and node["SOPTYPE"] not in {3, 4})
    updating = node["UpdateIfExists"] == 1
    node.error(2227, when=node["RecreateDist"] == 1 and not updating)
    node.error(12000, when=node["RECREATETAXES"] == 1 and not updating)
    node.error(12001, when=node["RECREATECOMM"] == 1 and not updating)
    node.error(3567, when=node["AUTOALLOCATELOT"] == 2 and updating)
    node.error(8500, when=node["DROPSHIP"] == 1 and node["QtyShrtOpt"] != 2)
    node.error(3425, when=node["KitCompMan"] == 1 and node["LNITMSEQ"] == 0)
    node.error(2699, when=node["QUOTEQTYTOINV"] != 0 and node["SOPTYPE"] != 1)
    node.error(7803, when=node.given("MRKDNAMT") and node.given("MRKDNPCT"))
    comments = ("COMMENT_1", "COMMENT_2", "COMMENT_3", "COMMENT_4")
    node.error(2273, when=node.given("CMMTTEXT") and node.given(*comments))
    _check_quantities(node)
    return True


def _check_quantities(node: Node) -> None:
    kind, buckets = node["SOPTYPE"], sum((node[name] for name in _BUCKETS), ZERO)
    node.error(580, when=kind == 1 and node["QTYTBAOR"] != 0)
    node.error(302, when=kind not in {1, 2, 3, 6} and node["QTYTBAOR"] != 0)
    node.error(301, when=kind in {1, 4, 5} and node.given("QTYFULFI"))
    node.error(2235, when=kind == 4 and node["QTYCANCE"] != 0)
    node.error(5527, when=kind == 3 and node["QUANTITY"] < 0 and node["QTYCANCE"] != 0)
    node.error(183, when=kind == 4 and buckets != node["QUANTITY"])
    node.error(215, when=kind != 4 and buckets != 0)
    parts = node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"] + node["QUOTEQTYTOINV"]
    node.error(2274, when=node["TOTALQTY"] != 0 and node["TOTALQTY"] < parts)
    node.error(2275, when=kind == 4 and node["TOTALQTY"] not in {ZERO, node["QUANTITY"]})


def check_facts(node: Node, x: Row, currency: Currency) -> None:
    """The arguments against the tables; `x` is what `line_facts.find` found."""
    inventoried = node["NONINVEN"] == 0
    node.error(108, when=inventoried and x["itemnmbr"] is None)
    node.error(3771, when=not inventoried and x["itemnmbr"] is not None)
    node.error(598, when=x["custnmbr"] is None)
    document = x["document_customer"]
    node.error(11984, when=document is not None and document.upper() != node["CUSTNMBR"])
    node.error(3441, when=bool(node["DOCID"]) and x["docid"] is None)
    node.error(2221, when=document is not None and node["UpdateIfExists"] == 0)
    node.error(2608, when=document is None and node["UpdateIfExists"] == 1)
    node.error(450, when=node["UpdateIfExists"] == 0 and node["LNITMSEQ"] != 0 and x["line_exists"])
    node.error(9551, when=node.given("PRSTADCD") and x["adrscode"] is None)
    node.error(3442, when=not currency.found)
    node.error(928, when=node.given("PRCLEVEL") and not x["known_prclevel"])
    node.error(179, when=node.given("SLPRSNID") and not x["known_slprsnid"])
    node.error(245, when=node.given("SALSTERR") and not x["known_salsterr"])
    node.error(927, when=node.given("SHIPMTHD") and not x["known_shipmthd"])
    node.error(3420, when=node.given("TAXSCHID") and not x["known_taxschid"])
    node.error(870, when=node.given("ITMTSHID") and not x["known_itmtshid"])
    _check_site(node, x)
    if inventoried and x["itemnmbr"] is not None:
        node.error(11755, when=x["item_inactive"] == 1 and node["SOPTYPE"] != 4)
        node.error(1599, when=not x["uofm"])
        node.error(5313, when=bool(x["uofm"]) and x["known_uofm"] is None)
        node.error(9386, when=bool(currency.id) and x["priced"] is None)
        node.error(303, when=x["itemtype"] == 3 and node["DROPSHIP"] == 1)
        node.error(592, when=x["itemtype"] == 3 and node["QtyShrtOpt"] not in {1, 2, 3, 5})
        cost_given = node["UNITCOST"] is not None and node["SOPTYPE"] != 4 and node["DROPSHIP"] == 0
        node.error(3407, when=cost_given and node["QUANTITY"] >= 0)
        back_order = node["QTYTBAOR"] > 0 or node["SOPTYPE"] == 5
        node.error(4776, when=back_order and x["alwbkord"] == 0 and x["itemtype"] in {1, 2, 3})
    allocation = x["allocaby"] or 1
    fulfilled = node.given("QTYFULFI")
    node.error(2230, when=fulfilled and node["ALLOCATE"] == 0 and allocation != 1)
    node.error(2232, when=(fulfilled or node["ALLOCATE"] == 1) and allocation == 3)
    total = node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
    node.error(2233, when=fulfilled and node["QTYFULFI"] > total - node["QTYCANCE"] - node["QTYTBAOR"])


def _check_site(node: Node, x: Row) -> None:
    node.error(105, when=bool(node["LOCNCODE"]) and not x["sites"])
    if not x["sites"]:
        return
    node.error(1747, when=not x["site"] and node["QtyShrtOpt"] != 2)
    node.error(106, when=bool(x["site"]) and x["known_site"] is None)
    node.error(11807, when=x["site_inactive"] == 1)
    if node["NONINVEN"] == 0 and x["itemnmbr"] is not None and x["known_site"] is not None:
        carried = x["itemtype"] in {1, 2, 3}
        node.error(110, when=carried and x["stocked"] is None)
        node.error(11808, when=x["stock_inactive"] == 1)


def check_amounts(node: Node, x: Row, currency: Currency, unit: Decimal, markdown: Decimal) -> None:
    """Decimals and arithmetic. `unit` and `markdown` are for one unit; both and XTNDPRCE are originating amounts."""
    places = decimals(x["item_decplcur"]) if x["item_decplcur"] else currency.places
    node.error(4646, when=not fits(unit, places))
    node.error(5447, when=not fits(markdown, places))
    node.error(4647, when=not fits(node["XTNDPRCE"], currency.places))
    if x["itemnmbr"] is not None:
        node.error(11454, when=not fits(node["QUANTITY"], decimals(x["decplqty"])))
    elif node["NONINVEN"] == 1 and x["setup_decplqty"]:
        node.error(8503, when=not fits(node["QUANTITY"], decimals(x["setup_decplqty"])))
    node.error(451, when=markdown > abs(unit))
    invoice = node["SOPTYPE"] in {3, 6}
    total = node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
    quantity = node["QUANTITY"] if invoice else total
    if quantity == 0:
        node.error(4655 if invoice else 4644, when=node["XTNDPRCE"] != 0)
        return
    extended = rounded((unit - markdown) * quantity, currency.places)
    node.error(722 if invoice else 299, when=node["XTNDPRCE"] != extended)

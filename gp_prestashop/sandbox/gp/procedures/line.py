"""taSopLineIvcInsert: one line of a sales document into SOP10200, with its comment and its claim on stock."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.accounts import account_indexes
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.comments import comment_row
from gp_prestashop.sandbox.gp.currency import Currency, currency
from gp_prestashop.sandbox.gp.money import ZERO, decimals, rounded
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.pricing import list_price
from gp_prestashop.sandbox.gp.procedures import line_facts, line_kit, line_row, line_update
from gp_prestashop.sandbox.gp.procedures.line_checks import check_amounts, check_arguments, check_facts
from gp_prestashop.sandbox.gp.procedures.line_quantities import decide, move_stock
from gp_prestashop.sandbox.gp.recalculate import recalculate

__all__ = ["execute"]

_LINE_STEP = 16384
# Parameter of the account, its error number, and the item's own account (IV00101).
_ACCOUNTS = {
    "INVINDX": (929, "ivivindx"),
    "CSLSINDX": (930, "ivcogsix"),
    "SLSINDX": (908, "ivslsidx"),
    "MKDNINDX": (909, "ivsldsix"),
    "RTNSINDX": (910, "ivslrnix"),
    "INUSINDX": (913, "ivinusix"),
    "INSRINDX": (914, "ivinsvix"),
    "DMGDINDX": (915, "ivdmgidx"),
}


def execute(node: Node) -> ProcedureResult:
    if not check_arguments(node):
        return node.result()
    money = currency(node)
    x = line_facts.find(node, money.id)
    check_facts(node, x, money)
    unit, markdown = _price(node, x, money)
    check_amounts(node, x, money, unit, markdown)
    accounts = account_indexes(node, {name: number for name, (number, _) in _ACCOUNTS.items()})
    existing = line_update.find(node, x) if node["UpdateIfExists"] == 1 and not node.errors else None
    if node.errors:
        return node.result()
    if existing:
        line_update.give_back(node, existing)
        if x["itemtype"] == line_kit.KIT:
            line_kit.remove_components(node, existing["lnitmseq"])
    kit = x["itemtype"] == line_kit.KIT
    quantities = decide(node, x, line_kit.available(node, x["itemnmbr"], x["site"]) if kit else None)
    if node.errors:
        return node.result()
    sequence = existing["lnitmseq"] if existing else node["LNITMSEQ"] or _next(x["last_line"])
    accounts = {name: accounts.get(name) or x[own] or 0 for name, (_, own) in _ACCOUNTS.items()}
    if quantities.total != (node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]):
        node["XTNDPRCE"] = rounded((unit - markdown) * quantities.total, money.places)
    row = {**line_row.build(node, x, money, quantities, unit, markdown), **accounts, "LNITMSEQ": sequence}
    if existing:
        line_update.save(node, row)
    else:
        node.insert("SOP10200", row)
    base = x["qtybsuom"] or Decimal(1)
    move_stock(
        node, str(row["ITEMNMBR"]), str(row["LOCNCODE"]), quantities.allocated * base, quantities.back_ordered * base
    )
    if kit:
        line_kit.insert_components(node, x["itemnmbr"], x["known_site"] or "", sequence, quantities)
        if node.errors:
            return node.result()
    comment = comment_row(node)
    if comment:
        key = {"SOPNUMBE": node["SOPNUMBE"], "SOPTYPE": node["SOPTYPE"], "CMPNTSEQ": 0, "LNITMSEQ": sequence}
        node.insert("SOP10202", {**key, **comment}, or_update="SOPNUMBE, SOPTYPE, CMPNTSEQ, LNITMSEQ")
    if x["document_customer"] is not None:
        recalculate(node, node["SOPTYPE"], node["SOPNUMBE"])
    return node.result()


def _next(last: int | None) -> int:
    """The next multiple of 16384 after the document's last line."""
    return ((last or 0) // _LINE_STEP + 1) * _LINE_STEP


def _price(node: Node, x: Row, money: Currency) -> tuple[Decimal, Decimal]:
    """Unit price and markdown for one unit; fills XTNDPRCE when the procedure is to compute it."""
    unit, level = node["UNITPRCE"], node["PRCLEVEL"] or x["cust_prclevel"] or x["setup_prclevel"] or ""
    places = decimals(x["item_decplcur"]) if x["item_decplcur"] else money.places
    if node["DEFPRICING"] == 1 and x["itemnmbr"] is not None:
        unit, level = list_price(node, x, money.id, places)
    node["PRCLEVEL"] = level or x["item_prclevel"] or ""
    markdown = node["MRKDNAMT"] or ZERO
    if node.given("MRKDNPCT"):
        markdown = rounded(unit * node["MRKDNPCT"] / 100, places)
    if node["DEFEXTPRICE"] == 1 or node["DEFPRICING"] == 1:
        total = node["TOTALQTY"] or node["QUANTITY"] + node["QTYCANCE"] + node["QTYTBAOR"]
        quantity = node["QUANTITY"] if node["SOPTYPE"] in {3, 6} else total
        node["XTNDPRCE"] = rounded((unit - markdown) * quantity, money.places)
    return unit, markdown

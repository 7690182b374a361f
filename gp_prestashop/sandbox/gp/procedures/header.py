"""taSopHdrIvcInsert: the header of a sales document, which checks and completes everything sent before it."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.batch import add_to_batch
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.comments import comment_row
from gp_prestashop.sandbox.gp.currency import Rate, currency, exchange
from gp_prestashop.sandbox.gp.distributions import distribute
from gp_prestashop.sandbox.gp.functional import apply_rate
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.notes import save_note
from gp_prestashop.sandbox.gp.numbers import next_master_number, next_note_index
from gp_prestashop.sandbox.gp.procedures import header_facts, header_row, header_update
from gp_prestashop.sandbox.gp.procedures.header_checks import check_arguments, check_facts
from gp_prestashop.sandbox.gp.procedures.header_sums import check_sums, complete
from gp_prestashop.sandbox.gp.shipping import ensure_shipping_method
from gp_prestashop.sandbox.gp.taxes import calculate

__all__ = ["execute"]


def execute(node: Node) -> ProcedureResult:
    if not check_arguments(node):
        return node.result()
    money = currency(node)
    x = header_facts.find(node)
    totals = header_facts.totals(node, money.id, money.index)
    check_facts(node, x, totals, money)
    rate = exchange(node, money, x) if money.found and x["custnmbr"] is not None else Rate()
    node.error(727, when=money.foreign and rate.rate == 0)
    updating = x["header"] is not None and node["UpdateExisting"] == 1
    if node["CREATETAXES"] == 1 and not node.errors:
        calculate(node, x, money)
        totals = header_facts.totals(node, money.id, money.index)
    if updating:
        header_update.take_over(node, totals)
    complete(node, x, totals, money)
    check_sums(node, x, totals)
    if updating:
        header_update.check(node)
    if node.errors:
        return node.result()
    ensure_shipping_method(node, node["SHIPMTHD"] or "")
    row = header_row.build(node, x, totals, money, rate, apply_rate(node, money, rate))
    if updating:
        _replace(node, x, row)
    else:
        _create(node, row)
    if node["CREATEDIST"] == 1:
        distribute(node, x, row)
    _comment(node)
    return node.result()


def _create(node: Node, row: Row) -> None:
    row["NOTEINDX"] = next_note_index(node)
    save_note(node, row["NOTEINDX"], node["NOTETEXT"])
    row["MSTRNUMB"] = node["MSTRNUMB"] or next_master_number(node)
    checkbook = node["BatchCHEKBKID"] or ""
    add_to_batch(node, "Sales Entry", node["BACHNUMB"], row["DOCAMNT"], checkbook=checkbook)
    node.insert("SOP10100", row)
    if row["SOPSTATUS"]:
        status = {
            "SOPNUMBE": row["SOPNUMBE"], "SOPTYPE": row["SOPTYPE"], "ORD": 1, "Effective_Date": node.today,
            "TIME1": node.clock_time, "SOPSTATUS": row["SOPSTATUS"], "USERID": "sa",
        }  # fmt: skip
        node.insert("SOP10112", status, or_update="SOPNUMBE, SOPTYPE, ORD")


def _replace(node: Node, x: Row, row: Row) -> None:
    """UpdateExisting=1: the same header with new values; its note, master number, status and creation date stay."""
    key = {"SOPNUMBE": row["SOPNUMBE"], "SOPTYPE": row["SOPTYPE"]}
    kept = {"SOPNUMBE", "SOPTYPE", "CREATDDT", "SOPSTATUS"}
    node.update("SOP10100", {name: value for name, value in row.items() if name not in kept}, key)
    save_note(node, x["header_note"], node["NOTETEXT"])
    add_to_batch(node, "Sales Entry", x["header_batch"], -x["header_amount"], -1)
    add_to_batch(node, "Sales Entry", node["BACHNUMB"], row["DOCAMNT"])


def _comment(node: Node) -> None:
    """SOP10106 has a row for every document; the user fields in it are taSopUserDefined's."""
    key = {"SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"]}
    comment = comment_row(node)
    if comment:
        node.insert("SOP10106", {**key, **comment}, or_update="SOPTYPE, SOPNUMBE")

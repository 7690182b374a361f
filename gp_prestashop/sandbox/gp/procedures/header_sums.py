"""The arithmetic of a sales document: the header's amounts against its lines, taxes and payments."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency
from gp_prestashop.sandbox.gp.money import ZERO, rounded
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.header_facts import Totals

__all__ = ["check_sums", "complete"]


def complete(node: Node, x: Row, totals: Totals, money: Currency) -> None:
    """Fills what the caller left to the procedure: the trade discount, and with DEFPRICING=1 SUBTOTAL and DOCAMNT.

    TRDISAMT and TRADEPCT both NULL bring the customer's discount (RM00101.CUSTDISC, percent x 100) and force DEFPRICING.
    """
    if node["TRDISAMT"] is None:
        percent = node["TRADEPCT"]
        if percent is None:
            percent = Decimal(x["custdisc"] or 0) / 100
            node["DEFPRICING"] = 1
        node["TRDISAMT"] = rounded(totals.subtotal * percent / 100, money.places)
        node["TRADEPCT"] = percent
    if node["DEFPRICING"] == 1:
        node["SUBTOTAL"] = totals.subtotal
        node["DOCAMNT"] = _document_amount(node)


def _document_amount(node: Node) -> Decimal:
    added = ("SUBTOTAL", "FREIGHT", "MISCAMNT", "TAXAMNT", "FRTTXAMT", "MSCTXAMT")
    return Decimal(sum((node[name] for name in added), ZERO) - node["TRDISAMT"])


def check_sums(node: Node, x: Row, totals: Totals) -> None:
    """Notes every sum that does not hold."""
    subtotal, discount, amount, tax = node["SUBTOTAL"], node["TRDISAMT"], node["DOCAMNT"], node["TAXAMNT"]
    node.error(67, when=subtotal != totals.subtotal)
    node.error(64, when=node["MRKDNAMT"] != totals.markdown)
    node.error(4602, when=discount > max(subtotal, ZERO))
    if node["SOPTYPE"] != 3:
        node.error(7473, when=node["FREIGHT"] < 0)
        node.error(7474, when=node["MISCAMNT"] < 0)
        node.error(7475, when=discount < 0)
        node.error(7476, when=subtotal < 0)
        node.error(7477, when=amount < 0)
        node.error(5526, when=tax < 0)
    node.error(235, when=amount != _document_amount(node))
    paid = totals.payments + totals.deposits
    node.error(60, when=node["PYMTRCVD"] != paid)
    node.error(787, when=node["SOPTYPE"] == 4 and node["PYMTRCVD"] > amount)
    node.error(735, when=(node["DISAVAMT"] or 0) > amount)
    node.error(7122, when=node["DISTKNAM"] > amount)
    _check_taxes(node, x, totals)
    if node["CKCreditLimit"] == 1 and x["custnmbr"] is not None and x["crlmttyp"] != 1:
        limit = x["crlmtamt"] if x["crlmttyp"] == 2 else ZERO
        node.error(1791, when=(x["balance"] or ZERO) + amount > limit)


def _check_taxes(node: Node, x: Row, totals: Totals) -> None:
    tax, freight, miscellaneous = node["TAXAMNT"], node["FRTTXAMT"], node["MSCTXAMT"]
    schedule = node["TAXSCHID"] or (node["DEFTAXSCHDS"] and (x["address_taxschid"] or x["taxschid"]))
    node.error(82, when=tax > 0 and not schedule)
    if node["CREATETAXES"] == 1:
        return
    whole = tax + freight + miscellaneous
    node.error(799, when=totals.total_tax != whole)
    node.error(85, when=freight != totals.freight_tax)
    node.error(86, when=miscellaneous != totals.miscellaneous_tax)
    if node["USINGHEADERLEVELTAXES"] == 0:
        node.error(868, when=totals.line_tax != tax)
        node.error(62, when=totals.detail_tax != whole)

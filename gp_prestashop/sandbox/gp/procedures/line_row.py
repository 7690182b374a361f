"""The columns of SOP10200 for a line."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency
from gp_prestashop.sandbox.gp.money import ZERO, decimals, rounded
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.line_quantities import Quantities

__all__ = ["build"]


def build(
    node: Node, x: Row, money: Currency, quantities: Quantities, unit: Decimal, markdown: Decimal
) -> dict[str, object]:
    """All but LNITMSEQ and the accounts. Functional amounts equal the originating ones until the header has its rate."""
    extended, tax = node["XTNDPRCE"], node["TAXAMNT"]
    remaining = quantities.total - quantities.cancelled
    cost = _unit_cost(node, x)
    extended_cost = rounded(cost * quantities.total, money.functional_places)
    base = x["qtybsuom"] or Decimal(1)
    order = node["SOPTYPE"] in {2, 5}
    percent = node["MRKDNPCT"]
    item_places = x["item_decplcur"] or money.places + 1
    ship_date = node["ReqShipDate"] if node.given("ReqShipDate") else node["DOCDATE"]
    shipping = node["SHIPMTHD"]
    return {
        "SOPTYPE": node["SOPTYPE"], "SOPNUMBE": node["SOPNUMBE"], "CMPNTSEQ": 0,
        "ITEMNMBR": x["itemnmbr"] or node["ITEMNMBR"], "ITEMDESC": node["ITEMDESC"] or x["itemdesc"] or "",
        "NONINVEN": node["NONINVEN"], "DROPSHIP": node["DROPSHIP"],
        "UOFM": x["known_uofm"] or node["UOFM"] or "Each", "LOCNCODE": x["known_site"] or "",
        "UNITCOST": cost, "ORUNTCST": cost, "EXTDCOST": extended_cost, "OREXTCST": extended_cost,
        "UNITPRCE": unit, "ORUNTPRC": unit, "XTNDPRCE": extended, "OXTNDPRC": extended,
        "REMPRICE": extended, "OREPRICE": extended,
        "MRKDNAMT": markdown, "ORMRKDAM": markdown,
        "MRKDNPCT": int(percent * 100) if percent else 0, "MRKDNTYP": 0 if percent else 1 if markdown else 0,
        "ITMTSHID": node["ITMTSHID"] if node["ITMTSHID"] is not None else x["itmtshid"] or "",
        "IVITMTXB": node["IVITMTXB"] or x["taxoptns"] or 1,
        "TAXAMNT": tax, "ORTAXAMT": tax,
        "QUANTITY": quantities.total, "ATYALLOC": quantities.allocated, "QTYCANCE": quantities.cancelled,
        "QTYTBAOR": quantities.back_ordered, "QTYREMAI": remaining, "QTYTOINV": quantities.ordered if order else ZERO,
        "QTYORDER": ZERO, "QTYFULFI": _fulfilled(node, x, quantities),
        **{name: node[name] for name in ("QTYONHND", "QTYRTRND", "QTYINUSE", "QTYINSVC", "QTYDMGED")},
        "QTYBSUOM": base, "EXTQTYAL": quantities.allocated * base,
        "ReqShipDate": ship_date, "FUFILDAT": node["FUFILDAT"], "ACTLSHIP": node["ACTLSHIP"],
        "SHIPMTHD": shipping if shipping is not None else x["address_shipmthd"] or x["cust_shipmthd"] or "",
        "SALSTERR": _default(node["SALSTERR"], x["cust_salsterr"]),
        "SLPRSNID": _default(node["SLPRSNID"], x["cust_slprsnid"]),
        "PRCLEVEL": node["PRCLEVEL"], "COMMNTID": node["COMMNTID"], "CURRNIDX": money.index,
        "ORGSEQNM": 0, "ITEMCODE": x["itemcode"] or "", "PURCHSTAT": 1,
        "DECPLQTY": x["decplqty"] or x["setup_decplqty"] or 1, "DECPLCUR": money.functional_places + 1,
        "ODECPLCU": decimals(item_places) + 1, "QTYTOSHP": ZERO, "EXCEPTIONALDEMAND": node["EXCEPTIONALDEMAND"],
        "TAXSCHID": _default(node["TAXSCHID"], x["address_taxschid"] or x["cust_taxschid"]),
        "GPSFOINTEGRATIONID": node["GPSFOINTEGRATIONID"], "INTEGRATIONSOURCE": node["INTEGRATIONSOURCE"],
        "INTEGRATIONID": node["INTEGRATIONID"], **_address(node, x),
    }  # fmt: skip


def _default(given: str | None, otherwise: str | None) -> str:
    """NULL takes the default, an empty string stays empty."""
    return given if given is not None else otherwise or ""


def _unit_cost(node: Node, x: Row) -> Decimal:
    """UNITCOST when given, else the item's current cost (standard cost under the periodic valuation methods)."""
    if node["UNITCOST"] is not None:
        return Decimal(node["UNITCOST"])
    if x["itemnmbr"] is None:
        return ZERO
    cost = x["stndcost"] if x["vctnmthd"] in {4, 5} else x["currcost"]
    return Decimal(cost * (x["qtybsuom"] or 1))


def _fulfilled(node: Node, x: Row, quantities: Quantities) -> Decimal:
    """Invoices are fulfilled with what they sell unless the document id has a fulfilment process of its own."""
    if node["QTYFULFI"] is not None:
        return Decimal(node["QTYFULFI"])
    return quantities.ordered if node["SOPTYPE"] in {3, 4} and not x["uspfulpr"] else ZERO


def _address(node: Node, x: Row) -> dict[str, object]:
    """The ship-to address: each element as given, else from RM00102 of the address code."""
    sources = {
        "ShipToName": "shiptoname", "CNTCPRSN": "cntcprsn", "ADDRESS1": "address1", "ADDRESS2": "address2",
        "ADDRESS3": "address3", "CITY": "city", "STATE": "state", "ZIPCODE": "zip", "COUNTRY": "country",
        "PHONE1": "phone1", "PHONE2": "phone2", "PHONE3": "phone3", "FAXNUMBR": "fax",
    }  # fmt: skip
    printed = node["Print_Phone_NumberGB"]
    return {
        "PRSTADCD": x["adrscode"] or node["PRSTADCD"] or x["cust_prstadcd"] or "",
        "CCode": x["ccode"] or "",
        "Print_Phone_NumberGB": printed if printed is not None else x["print_phone_numbergb"] or 0,
        **{column: node[column] or x[source] or "" for column, source in sources.items()},
    }

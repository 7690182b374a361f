"""The columns of SOP10100 for a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gp_prestashop.sandbox.gp.currency import Currency, Rate
from gp_prestashop.sandbox.gp.money import ZERO
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures.header_facts import Totals
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["Amounts", "build"]

_DATE_OF_TYPE = {1: "QUOTEDAT", 2: "ORDRDATE", 3: "INVODATE", 4: "RETUDATE", 5: "BACKDATE"}


@dataclass(frozen=True)
class Amounts:
    """Functional and originating sums that the lines and payments decide."""

    subtotal: Decimal
    payments: Decimal
    deposits: Decimal
    cost: Decimal
    originating_cost: Decimal


def build(node: Node, x: Row, totals: Totals, money: Currency, rate: Rate, amounts: Amounts) -> Row:
    """All but NOTEINDX and MSTRNUMB. Functional DOCAMNT is the sum of its functional parts."""
    kind, date = node["SOPTYPE"], node["DOCDATE"]
    row: Row = {
        "SOPTYPE": kind, "SOPNUMBE": node["SOPNUMBE"], "ORIGTYPE": node["ORIGTYPE"], "ORIGNUMB": node["ORIGNUMB"],
        "DOCID": x["docid"], "DOCDATE": date, "GLPOSTDT": date, "QUOEXPDA": node["QUOEXPDA"],
        **{name: node[name] for name in _DATE_OF_TYPE.values()},
        "ReqShipDate": node["ReqShipDate"] if node.given("ReqShipDate") or kind == 1 else date,
        "Tax_Date": date, "DISCDATE": _due(node, x, "DISCDATE"), "DUEDATE": _due(node, x, "DUEDATE"),
        "REPTING": node["REPTING"], "TRXFREQU": node["TRXFREQU"], "TIMETREP": node["TIMETREP"],
        "DYSTINCR": node["QUOTEDYSTINCR"], "PYMTRMID": x["terms"] or "",
        "PRCLEVEL": node["PRCLEVEL"] or x["prclevel"] or "", "LOCNCODE": x["locncode"] or "",
        "BCHSOURC": "Sales Entry", "BACHNUMB": node["BACHNUMB"], "CUSTNMBR": x["custnmbr"],
        "CUSTNAME": node["CUSTNAME"] or x["custname"], "CSTPONBR": node["CSTPONBR"],
        "COMAPPTO": 0, "COMMAMNT": node["COMMAMNT"], "OCOMMAMT": node["COMMAMNT"],
        "SHIPMTHD": _default(node["SHIPMTHD"], x["address_shipmthd"], x["shipmthd"]),
        "SALSTERR": _default(node["SALSTERR"], x["address_salsterr"], x["salsterr"]),
        "SLPRSNID": _default(node["SLPRSNID"], x["address_slprsnid"], x["slprsnid"]),
        "UPSZONE": _default(node["UPSZONE"], x["address_upszone"], x["upszone"]),
        "TAXEXMT1": _default(node["TAXEXMT1"], x["taxexmt1"]), "TAXEXMT2": _default(node["TAXEXMT2"], x["taxexmt2"]),
        "TXRGNNUM": _default(node["TXRGNNUM"], x["txrgnnum"]), "TAXSCHID": _schedule(node, x), "FRTSCHID": node["FRTSCHID"],
        "MSCSCHID": node["MSCSCHID"], "FRGTTXBL": node["FREIGTBLE"] or 2, "MISCTXBL": node["MISCTBLE"] or 2,
        "TRDISPCT": int((node["TRADEPCT"] or ZERO) * 100), "DSCPCTAM": int((node["DSCPCTAM"] or ZERO) * 100),
        "PSTGSTUS": 0, "VOIDSTTS": 0, "ALLOCABY": 1 if x["allocaby"] == 1 else 0,
        "CURNCYID": money.id, "CURRNIDX": money.index, "RATETPID": rate.type_id, "EXGTBLID": rate.table_id,
        "XCHGRATE": rate.rate, "EXCHDATE": rate.date, "TIME1": rate.time.replace(year=1900, month=1, day=1),
        "RTCLCMTD": rate.method, "MCTRXSTT": 1 if money.foreign else 0,
        "COMMNTID": node["COMMNTID"] if node["COMMNTID"] is not None else x["document_comment"] or "",
        "REFRENCE": node["REFRENCE"], "USER2ENT": node["USER2ENT"] or "sa", "CREATDDT": node.today, "MODIFDT": node.today,
        "GPSFOINTEGRATIONID": node["GPSFOINTEGRATIONID"], "INTEGRATIONSOURCE": node["INTEGRATIONSOURCE"],
        "INTEGRATIONID": node["INTEGRATIONID"], "SOPSTATUS": {2: 1, 6: 2}.get(kind, 0), "SHIPCOMPLETE": 0,
        **_address(node, x), **_amounts(node, totals, money, rate, amounts),
    }  # fmt: skip
    own = _DATE_OF_TYPE.get(kind)
    if own and row[own] == BLANK_DATE:
        row[own] = date
    return row


def _amounts(node: Node, totals: Totals, money: Currency, rate: Rate, amounts: Amounts) -> Row:
    def both(functional: str, originating: str, amount: Decimal) -> Row:
        return {functional: rate.functional(amount, money), originating: amount}

    row: Row = {
        **both("FRTAMNT", "ORFRTAMT", node["FREIGHT"]), **both("MISCAMNT", "ORMISCAMT", node["MISCAMNT"]),
        **both("TAXAMNT", "ORTAXAMT", node["TAXAMNT"]), **both("FRTTXAMT", "ORFRTTAX", node["FRTTXAMT"]),
        **both("MSCTXAMT", "ORMSCTAX", node["MSCTXAMT"]), **both("TRDISAMT", "ORTDISAM", node["TRDISAMT"]),
        **both("MRKDNAMT", "ORMRKDAM", totals.markdown), **both("DISTKNAM", "ORDISTKN", node["DISTKNAM"]),
        **both("DISAVAMT", "ORDAVAMT", node["DISAVAMT"] or ZERO),
        **both("DSCDLRAM", "ORDDLRAT", node["DSCDLRAM"] or ZERO),
        "SUBTOTAL": amounts.subtotal, "ORSUBTOT": node["SUBTOTAL"],
        "EXTDCOST": amounts.cost, "OREXTCST": amounts.originating_cost,
        "PYMTRCVD": amounts.payments, "ORPMTRVD": totals.payments,
        "DEPRECVD": amounts.deposits, "ORDEPRVD": totals.deposits, "ORDOCAMT": node["DOCAMNT"],
    }  # fmt: skip
    added = ("SUBTOTAL", "FRTAMNT", "MISCAMNT", "TAXAMNT", "FRTTXAMT", "MSCTXAMT")
    row["DOCAMNT"] = sum((row[name] for name in added), ZERO) - row["TRDISAMT"]
    row["REMSUBTO"], row["OREMSUBT"] = row["SUBTOTAL"], row["ORSUBTOT"]
    row["ACCTAMNT"] = row["DOCAMNT"] - row["PYMTRCVD"] - row["DEPRECVD"]
    row["ORACTAMT"] = row["ORDOCAMT"] - row["ORPMTRVD"] - row["ORDEPRVD"]
    row["CODAMNT"] = row["ORCODAMT"] = ZERO
    return row


def _default(given: str | None, *otherwise: str | None) -> str:
    """NULL takes the first default there is; an empty string stays empty."""
    return given if given is not None else next((value for value in otherwise if value), "")


def _schedule(node: Node, x: Row) -> str:
    """TAXSCHID as given; with DEFTAXSCHDS=1 the ship-to address's, else the customer's."""
    if node["TAXSCHID"] or node["DEFTAXSCHDS"] != 1:
        return str(node["TAXSCHID"])
    return x["address_taxschid"] or x["taxschid"] or ""


def _due(node: Node, x: Row, name: str) -> datetime:
    """DUEDATE or DISCDATE as given, else from the terms' net days (DUETYPE, DISCTYPE 1), else the document date."""
    given: datetime = node[name]
    if given != BLANK_DATE:
        return given
    kind, days = ("duetype", "duedtds") if name == "DUEDATE" else ("disctype", "discdtds")
    date: datetime = node["DOCDATE"]
    if x["terms"] is None or node["SOPTYPE"] not in {3, 4}:
        return BLANK_DATE
    return date + timedelta(days=int(x[days])) if x[kind] == 1 else date


def _address(node: Node, x: Row) -> Row:
    """The ship-to address: each element as given, else from RM00102 of the address code."""
    sources = {
        "ShipToName": "shiptoname", "CNTCPRSN": "cntcprsn", "ADDRESS1": "address1", "ADDRESS2": "address2",
        "ADDRESS3": "address3", "CITY": "city", "STATE": "state", "ZIPCODE": "zip", "COUNTRY": "country",
        "PHNUMBR1": "phone1", "PHNUMBR2": "phone2", "FAXNUMBR": "fax",
    }  # fmt: skip
    printed = node["Print_Phone_NumberGB"]
    return {
        "PRSTADCD": x["shipto"] or _default(node["PRSTADCD"], x["prstadcd"]),
        "PRBTADCD": x["billto"] or node["PRBTADCD"] or x["prbtadcd"] or "", "CCode": x["ccode"] or "",
        "PHONE3": node["PHNUMBR3"] or x["phone3"] or "",
        "Print_Phone_NumberGB": printed if printed is not None else x["print_phone_numbergb"] or 0,
        **{column: node[column] or x[source] or "" for column, source in sources.items()},
    }  # fmt: skip

"""Currencies and exchange rates: DYNAMICS..MC40200, MC60100, MC00100 and the company's MC40000, MC40301."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gp_prestashop.sandbox.gp.money import ZERO, convert, decimals
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.values import BLANK_DATE

__all__ = ["Currency", "Rate", "currency", "exchange"]

_CURRENCY = """
SELECT f.funlcurr, f.funcridx, f.defslstp, fc.decplcur AS funcdec, c.curncyid, c.currnidx, c.decplcur,
       a.curncyid AS access
FROM (SELECT 1) one
LEFT JOIN {company}.mc40000 f ON true
LEFT JOIN {system}.mc40200 fc ON fc.curncyid = f.funlcurr
LEFT JOIN {system}.mc40200 c ON c.curncyid = COALESCE(NULLIF(%(CURNCYID)s::public.gp_char, ''), f.funlcurr)
LEFT JOIN {system}.sy01500 s ON s.interid = %(interid)s
LEFT JOIN {system}.mc60100 a ON a.cmpanyid = s.cmpanyid AND a.curncyid = c.curncyid AND a.inactive = 0
LIMIT 1
"""

_RATE = """
SELECT t.exgtblid, t.rtclcmtd, r.xchgrate, r.exchdate, r.time1, r.expndate
FROM {company}.mc40301 a
JOIN {system}.mc40300 t ON t.exgtblid = a.exgtblid
LEFT JOIN LATERAL (
    SELECT xchgrate, exchdate, time1, expndate FROM {system}.mc00100
    WHERE exgtblid = t.exgtblid AND curncyid = %(currency)s AND exchdate <= %(date)s AND expndate >= %(date)s
    ORDER BY exchdate DESC, time1 DESC LIMIT 1
) r ON true
WHERE a.curncyid = %(currency)s AND (%(type)s::public.gp_char = '' OR a.ratetpid = %(type)s)
ORDER BY a.dfltrate DESC LIMIT 1
"""


@dataclass(frozen=True)
class Currency:
    """A document's currency. `id` is '' and `places` 2 where the company has no multicurrency set up."""

    id: str
    index: int
    places: int
    functional: str
    functional_index: int
    functional_places: int
    sales_rate_type: str
    found: bool
    accessible: bool

    @property
    def foreign(self) -> bool:
        return self.found and self.id != self.functional


@dataclass(frozen=True)
class Rate:
    """How originating amounts become functional ones; the identity for a domestic document."""

    type_id: str = ""
    table_id: str = ""
    rate: Decimal = ZERO
    method: int = 0
    date: datetime = BLANK_DATE
    time: datetime = BLANK_DATE

    def functional(self, amount: Decimal, currency: Currency) -> Decimal:
        if not currency.foreign:
            return amount
        return convert(amount, self.rate, self.method, currency.functional_places)


def currency(node: Node) -> Currency:
    """The currency of the call: CURNCYID, the functional one when blank. `found` is false for an unknown id."""
    x = node.row(_CURRENCY, {"CURNCYID": node["CURNCYID"], "interid": node.company.upper()})
    unused = x["funlcurr"] is None and not node["CURNCYID"]  # multicurrency is not set up: amounts have no currency
    functional_places = decimals(x["funcdec"]) if x["funcdec"] else 2
    return Currency(
        id=x["curncyid"] or "",
        index=x["currnidx"] or 0,
        places=decimals(x["decplcur"]) if x["decplcur"] else functional_places,
        functional=x["funlcurr"] or "",
        functional_index=x["funcridx"] or 0,
        functional_places=functional_places,
        sales_rate_type=x["defslstp"] or "",
        found=unused or x["curncyid"] is not None,
        accessible=unused or x["access"] is not None,
    )


def exchange(node: Node, currency: Currency, customer: Row) -> Rate:
    """The rate of a foreign document: XCHGRATE when given, else the newest one in force at DOCDATE (0 when none)."""
    if not currency.foreign:
        return Rate()
    rate_type = node["RATETPID"] or customer["ratetpid"] or currency.sales_rate_type
    values = {"currency": currency.id, "type": rate_type, "date": node["DOCDATE"]}
    found = node.one(_RATE, values) or {}
    table = str(found.get("exgtblid") or "")
    method = node["RTCLCMTD"] if node["RTCLCMTD"] in {0, 1} else int(found.get("rtclcmtd") or 0)
    if node["XCHGRATE"] > 0:
        date = node["EXCHDATE"] if node.given("EXCHDATE") else node["DOCDATE"]
        return Rate(rate_type, table, node["XCHGRATE"], method, date, node["TIME1"])
    if found.get("xchgrate") is None:
        return Rate(rate_type, table)
    return Rate(rate_type, table, found["xchgrate"], method, found["exchdate"], found["time1"])

"""What GP knows of this world: items with prices and stock, and the rows that stand in an order's way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from gp_prestashop.sandbox.world.agreed import (
    CURRENCIES,
    CUSTOMER_CLASS,
    ITEM_CLASS,
    ORDER_DOCUMENT_ID,
    PRICE_LEVEL,
    SITE,
    UNIT,
    UNIT_SCHEDULE,
    customer_number,
    document_number,
)
from gp_prestashop.sandbox.world.catalogue import REDUCED, STANDARD, Article, Variant
from gp_prestashop.sandbox.world.rounding import half_up
from gp_prestashop.sandbox.world.shoppers import Shopper

__all__ = ["GpRow", "inactive_customers", "item_rows", "taken_numbers"]

GpRow = dict[str, Any]
"""A row by GP's column names; columns left out take GP's defaults. Money is Decimal, dates are midnight datetimes."""

_SALES_INVENTORY, _SERVICES = 1, 5  # IV00101.ITEMTYPE
_TWO_DECIMALS, _FIVE_DECIMALS = 3, 6  # DECPLCUR: 1..6 for 0..5 decimals
_NO_DECIMALS = 1  # DECPLQTY
_TO_QUANTITY = Decimal("999999999999.00000")
_PRICED = {"EUR": Decimal(1), "USD": Decimal("1.1")}  # what each currency's price list multiplies the euro price by
_OTHER_CUSTOMER = "WALKIN"


def item_rows(articles: Iterable[Article], since: date) -> dict[str, list[GpRow]]:
    """IV00101, IV00102, IV00105-IV00108 for every variant that GP knows, and the item class IV40400."""
    rows: dict[str, list[GpRow]] = {
        "IV40400": [
            {
                "ITMCLSCD": ITEM_CLASS,
                "ITMCLSDC": "Sold in the web shop",
                "DEFLTCLS": 1,
                "ITEMTYPE": _SALES_INVENTORY,
                "ITMTRKOP": 1,
                "ALWBKORD": 1,
                "TAXOPTNS": 1,
                "UOMSCHDL": UNIT_SCHEDULE,
                "VCTNMTHD": 1,
                "DECPLQTY": _NO_DECIMALS,
                "PRICMTHD": 1,
                "PRCLEVEL": PRICE_LEVEL,
            }
        ],
        **{table: [] for table in ("IV00101", "IV00102", "IV00105", "IV00106", "IV00107", "IV00108")},
    }
    for article in articles:
        if article.in_gp:
            for variant in article.variants:
                _item(rows, article, variant, _midnight(since))
    return rows


def _item(rows: dict[str, list[GpRow]], article: Article, variant: Variant, since: datetime) -> None:
    number = variant.reference.upper()
    net = half_up(article.net(variant), 2)
    cost = half_up(net * Decimal("0.6"), 2)
    decimals = _FIVE_DECIMALS if article.id % 4 == 3 else _TWO_DECIMALS
    stocked = not article.virtual and article.weight > 0
    rows["IV00101"].append(
        {
            "ITEMNMBR": number,
            "ITEMDESC": (article.name[0] + variant.name[0]).encode("cp1252", "replace").decode("cp1252")[:100],
            "ITMSHNAM": number[:15],
            "ITEMTYPE": _SALES_INVENTORY if stocked else _SERVICES,
            "STNDCOST": cost,
            "CURRCOST": cost,
            "ITEMSHWT": int(article.weight * 100),  # hundredths
            "DECPLQTY": _NO_DECIMALS,
            "DECPLCUR": decimals,
            "TAXOPTNS": 1 if article.tax_group else 2,
            "ITMTSHID": {STANDARD: "ITEM-STD", REDUCED: "ITEM-RED"}.get(article.tax_group, ""),
            "ITMCLSCD": ITEM_CLASS,
            "ITMTRKOP": 1,
            "ALWBKORD": 1,
            "VCTNMTHD": 1 if stocked else 0,
            "UOMSCHDL": UNIT_SCHEDULE,
            "PRCLEVEL": PRICE_LEVEL,
            "LOCNCODE": SITE,
            "PRICMTHD": 1,
            "PRCHSUOM": UNIT,
            "SELNGUOM": UNIT,
            "MODIFDT": since,
            "CREATDDT": since,
        }
    )
    on_hand = Decimal(variant.stock) if stocked else Decimal(0)
    for site, record_type in ((SITE, 2), ("", 1)):  # the site's row and that of all sites
        rows["IV00102"].append(
            {"ITEMNMBR": number, "LOCNCODE": site, "RCRDTYPE": record_type, "QTYONHND": on_hand, "ATYALLOC": Decimal(0)}
        )
    rows["IV00106"].append({"ITEMNMBR": number, "UOFM": UNIT, "QTYBSUOM": Decimal(1), "UMPUROPT": 1})
    for currency, rate in _PRICED.items():
        if currency == "USD" and not article.usd_price:
            continue
        price = half_up(net * rate, 2)
        listed: GpRow = {"ITEMNMBR": number, "CURNCYID": currency}
        rows["IV00105"].append(
            {**listed, "CURRNIDX": CURRENCIES[currency].index, "DECPLCUR": decimals, "LISTPRCE": price}
        )
        level: GpRow = {**listed, "PRCLEVEL": PRICE_LEVEL, "UOFM": UNIT, "QTYBSUOM": Decimal(1)}
        rows["IV00107"].append({**level, "UMSLSOPT": 2})
        rows["IV00108"].append({**level, "TOQTY": _TO_QUANTITY, "FROMQTY": Decimal("0.01"), "UOMPRICE": price})


def inactive_customers(shoppers: Iterable[Shopper], since: date) -> list[GpRow]:
    """RM00101 rows, INACTIVE, under the numbers that these shoppers would get."""
    return [
        {
            **_customer(customer_number(shopper.id), _latin(f"{shopper.firstname} {shopper.lastname}"), since),
            "INACTIVE": 1,
        }
        for shopper in shoppers
        if shopper.special == "inactive"
    ]


def taken_numbers(order_ids: Iterable[int], since: date) -> dict[str, list[GpRow]]:
    """SOP10100 rows of somebody else's orders, under the numbers that these orders would get, and their customer."""
    amount = Decimal("99.90")
    orders: list[GpRow] = [
        {
            "SOPTYPE": 2,
            "SOPNUMBE": document_number(id_order),
            "DOCID": ORDER_DOCUMENT_ID,
            "DOCDATE": _midnight(since),
            "ORDRDATE": _midnight(since),
            "ReqShipDate": _midnight(since),
            "LOCNCODE": SITE,
            "BCHSOURC": "Sales Entry",
            "BACHNUMB": "COUNTER",
            "CUSTNMBR": _OTHER_CUSTOMER,
            "CUSTNAME": "Walk-in customer",
            "CSTPONBR": "COUNTER SALE",
            "PRCLEVEL": PRICE_LEVEL,
            "CURNCYID": "EUR",
            "CURRNIDX": CURRENCIES["EUR"].index,
            "SUBTOTAL": amount,
            "ORSUBTOT": amount,
            "DOCAMNT": amount,
            "ORDOCAMT": amount,
            "SOPSTATUS": 1,
        }
        for id_order in order_ids
    ]
    return {"SOP10100": orders, "RM00101": [_customer(_OTHER_CUSTOMER, "Walk-in customer", since)] if orders else []}


def _customer(number: str, name: str, since: date) -> GpRow:
    return {
        "CUSTNMBR": number,
        "CUSTNAME": name[:64],
        "STMTNAME": name[:64],
        "SHRTNAME": name[:15],
        "CUSTCLAS": CUSTOMER_CLASS,
        "PRCLEVEL": PRICE_LEVEL,
        "CRLMTTYP": 1,
        "CREATDDT": _midnight(since),
        "MODIFDT": _midnight(since),
    }


def _latin(name: str) -> str:
    """As an old hand would have keyed it: what the code page lacks is a question mark."""
    return name.encode("cp1252", "replace").decode("cp1252")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())

"""Names that the sandbox's shop and GP company have in common, with their rates and descriptions.

GP's identifiers here are what an administrator would have set up by hand before the integration starts: the company
set-up makes rows of them, and :func:`gp_prestashop.sandbox.world.maps.value_maps` points the shop's codes at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

__all__ = [
    "CHECKBOOKS",
    "CLOSED_MONTH",
    "CURRENCIES",
    "CUSTOMER_CLASS",
    "FUNCTIONAL_CURRENCY",
    "ITEM_CLASS",
    "ORDER_DOCUMENT_ID",
    "PRICE_LEVEL",
    "SHIPPING_METHODS",
    "SITE",
    "TAX_DETAILS",
    "TAX_SCHEDULES",
    "UNIT",
    "UNIT_SCHEDULE",
    "Checkbook",
    "Currency",
    "TaxDetail",
    "customer_number",
    "document_number",
]


@dataclass(frozen=True)
class Currency:
    """A currency in DYNAMICS..MC40200. ``decimals_code`` is DECPLCUR, 1..6 for 0..5 decimals."""

    id: str  # CURNCYID
    index: int  # CURRNIDX
    description: str  # CRNCYDSC
    symbol: str  # CRNCYSYM
    rate: Decimal  # units of the functional currency for one of this one
    decimals_code: int = 3


@dataclass(frozen=True)
class TaxDetail:
    """A sales tax detail, TX00201 with TXDTLTYP 1. ``percent`` is TXDTLPCT."""

    id: str  # TAXDTLID
    description: str  # TXDTLDSC
    percent: Decimal
    country: str  # ISO 3166 alpha-2


@dataclass(frozen=True)
class Checkbook:
    """A checkbook of CM00100 with its cash account (GL00105.ACTNUMST)."""

    id: str  # CHEKBKID
    description: str  # DSCRIPTN
    currency: str  # CURNCYID
    account: str


CURRENCIES: Final = {
    "EUR": Currency("EUR", 1001, "Euro", "€", Decimal(1)),
    "USD": Currency("USD", 1002, "US Dollars", "$", Decimal("0.9090909")),
    "GBP": Currency("GBP", 1003, "Pounds Sterling", "£", Decimal("1.1500000")),
    "CHF": Currency("CHF", 1004, "Swiss Francs", "Fr", Decimal("1.0500000")),
}
FUNCTIONAL_CURRENCY: Final = "EUR"

SITE: Final = "MAIN"  # IV40700.LOCNCODE
PRICE_LEVEL: Final = "WEB"  # IV40800.PRCLEVEL
UNIT_SCHEDULE: Final = "EACH"  # IV40201.UOMSCHDL
UNIT: Final = "Each"  # IV40201.BASEUOFM
ITEM_CLASS: Final = "WEBITEM"  # IV40400.ITMCLSCD
CUSTOMER_CLASS: Final = "WEB"  # RM00201.CLASSID
ORDER_DOCUMENT_ID: Final = "STDORD"  # SOP40200.DOCID of SOPTYPE 2

_DETAILS: Final = (
    TaxDetail("FRVAT20", "France VAT 20 %", Decimal("20.00000"), "FR"),
    TaxDetail("FRVAT10", "France VAT 10 %", Decimal("10.00000"), "FR"),
    TaxDetail("DEVAT19", "Germany VAT 19 %", Decimal("19.00000"), "DE"),
    TaxDetail("DEVAT7", "Germany VAT 7 %", Decimal("7.00000"), "DE"),
    TaxDetail("BEVAT21", "Belgium VAT 21 %", Decimal("21.00000"), "BE"),
    TaxDetail("ESVAT21", "Spain VAT 21 %", Decimal("21.00000"), "ES"),
    TaxDetail("ITVAT22", "Italy VAT 22 %", Decimal("22.00000"), "IT"),
    TaxDetail("GBVAT20", "United Kingdom VAT 20 %", Decimal("20.00000"), "GB"),
)
TAX_DETAILS: Final = {detail.id: detail for detail in _DETAILS}

_REDUCED: Final = Decimal(10)  # per cent, and below

# TAXSCHID to the TAXDTLIDs of its members (TX00101, TX00102)
TAX_SCHEDULES: Final[dict[str, tuple[str, ...]]] = {
    f"SHOP-{country}": tuple(detail.id for detail in _DETAILS if detail.country == country)
    for country in ("FR", "DE", "BE", "ES", "IT", "GB")
} | {
    "EXPORT": (),
    # Items' own schedules: GP taxes a line by the details that its item's schedule and the order's have in common.
    "ITEM-STD": tuple(detail.id for detail in _DETAILS if detail.percent > _REDUCED),
    "ITEM-RED": tuple(detail.id for detail in _DETAILS if detail.percent <= _REDUCED),
}

CHECKBOOKS: Final = {
    "BANK-EUR": Checkbook("BANK-EUR", "Bank account in euros", "EUR", "000-1100-00"),
    "BANK-USD": Checkbook("BANK-USD", "Bank account in US dollars", "USD", "000-1110-00"),
    "PAYPAL": Checkbook("PAYPAL", "PayPal balance", "EUR", "000-1120-00"),
    "CASH": Checkbook("CASH", "Cash on delivery", "EUR", "000-1130-00"),
}

# SHIPMTHD to (SHMTHDDS, SHIPTYPE: 0 pickup, 1 delivery), SY03000
SHIPPING_METHODS: Final = {
    "SEED PARCEL": ("Parcel, 2-3 days", 1),
    "EXPRESS": ("Express, next day", 1),
    "PICKUP": ("Click and collect", 0),
}

CLOSED_MONTH: Final = date(2024, 1, 1)
"""First day of the one month whose fiscal period the company set-up closes (SY40100.CLOSED = 1, sales series)."""


def customer_number(id_customer: int) -> str:
    """CUSTNMBR that the shipped flows give a shopper: ``PS`` and eight digits."""
    return f"PS{id_customer:08d}"


def document_number(id_order: int) -> str:
    """SOPNUMBE that the shipped flows give an order: ``PS`` and eight digits."""
    return f"PS{id_order:08d}"

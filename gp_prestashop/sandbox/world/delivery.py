"""Carriers, zones, tax rules and fees: what an order's country decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gp_prestashop.sandbox.world.catalogue import OVERSEAS, REDUCED, STANDARD
from gp_prestashop.sandbox.world.rounding import Amount, taxed
from gp_prestashop.sandbox.world.rows import Row, RowMaker, both, dec6, install_rows, stamp

__all__ = [
    "CARRIERS",
    "EXPRESS",
    "PARCEL",
    "PARCEL_BEFORE",
    "PICKUP",
    "UNMAPPED",
    "Carrier",
    "Tax",
    "Taxes",
    "carriers",
]


@dataclass(frozen=True)
class Carrier:
    """A version of a carrier: editing one in the back office makes a new id with the same ``reference``."""

    id: int
    reference: int  # id_reference
    name: str
    fees: dict[int, Decimal]  # by id_zone, without tax, in the default currency; empty: free
    deleted: bool = False


PICKUP: Final = Carrier(1, 1, "Click and collect", {})
_PARCEL_FEES = {1: Decimal(5), 2: Decimal(15), 7: Decimal(12)}
PARCEL_BEFORE: Final = Carrier(2, 2, "Seed Parcel", _PARCEL_FEES, deleted=True)
EXPRESS: Final = Carrier(3, 3, "Express", {1: Decimal("9.900000"), 2: Decimal("34.500000"), 7: Decimal("21.250000")})
UNMAPPED: Final = Carrier(4, 4, "Relais colis", {1: Decimal("3.900000"), 2: Decimal(19), 7: Decimal("9.500000")})
PARCEL: Final = Carrier(5, 2, "Seed Parcel", _PARCEL_FEES)
CARRIERS: Final = {carrier.id: carrier for carrier in (PICKUP, PARCEL_BEFORE, EXPRESS, UNMAPPED, PARCEL)}


@dataclass(frozen=True)
class Tax:
    """A row of taxes; ``percent`` is its rate."""

    id: int
    percent: Decimal


NO_TAX: Final = Tax(0, Decimal(0))

# (tax_rule_groups id, country ISO code) to taxes id; what is absent is not taxed
_RULES: Final = {
    **{(STANDARD, c): t for c, t in {"FR": 1, "DE": 10, "BE": 6, "ES": 13, "IT": 20, "GB": 15}.items()},
    **{(REDUCED, c): t for c, t in {"FR": 2, "DE": 33, "BE": 6, "ES": 13, "IT": 20, "GB": 15}.items()},
    (OVERSEAS, "FR"): 34,
}


class Taxes:
    """Which tax a rule group means in a country, and what a fee costs with it."""

    def __init__(self) -> None:
        self._rates = {int(row["id"]): Decimal(row["rate"]) for row in install_rows("taxes")}
        self._countries = {row["iso_code"]: row for row in install_rows("countries")}

    def tax(self, group: int, country: str) -> Tax:
        id_tax = _RULES.get((group, country))
        return NO_TAX if id_tax is None else Tax(id_tax, self._rates[id_tax])

    def shipping(self, carrier: Carrier, country: str, surcharge: Decimal, conversion_rate: Decimal) -> Amount:
        """Cart::getPackageShippingCost: the zone's fee and the products' surcharges, taxed as standard."""
        if not carrier.fees:
            return Amount()
        fee = carrier.fees[int(self._countries[country]["id_zone"])] + surcharge
        return taxed(fee, conversion_rate, self.tax(STANDARD, country).percent, 2)

    def wrapping(self, country: str, conversion_rate: Decimal) -> Amount:
        """Cart::getGiftWrappingPrice with a fee of 2.50 taxed as standard."""
        return taxed(Decimal("2.50"), conversion_rate, self.tax(STANDARD, country).percent, 2)

    def rows(self, make: RowMaker, since: datetime) -> dict[str, list[Row]]:
        """Rows of taxes, tax_rule_groups and tax_rules."""
        when: dict[str, Any] = {"date_add": stamp(since), "date_upd": stamp(since)}
        groups = ((STANDARD, "Standard"), (REDUCED, "Reduced"), (OVERSEAS, "Overseas"))
        return {
            "taxes": [make.fit("taxes", row) for row in install_rows("taxes")],
            "tax_rule_groups": [
                make.row("tax_rule_groups", group, name=name, active=1, deleted=0, **when) for group, name in groups
            ],
            "tax_rules": [
                make.row(
                    "tax_rules",
                    n,
                    id_tax_rules_group=group,
                    id_country=self._countries[country]["id"],
                    zipcode_from=0,
                    zipcode_to=0,
                    id_tax=tax,
                    behavior=0,
                )
                for n, ((group, country), tax) in enumerate(_RULES.items(), 1)
            ],
        }


def carriers(make: RowMaker) -> list[Row]:
    """Rows of carriers, all taxed by the standard group (PrestaShop's own id_tax_rules_group, per shop)."""
    return [
        make.row(
            "carriers",
            carrier.id,
            deleted=int(carrier.deleted),
            active=1,
            id_reference=carrier.reference,
            id_tax_rules_group=STANDARD,
            name=carrier.name,
            is_free=int(not carrier.fees),
            url="" if not carrier.fees else "https://track.example.test/@",
            need_range=int(bool(carrier.fees)),
            shipping_method=2 if carrier.fees else 1,
            max_weight=dec6(0),
            grade=0,
            position=carrier.reference - 1,
            delay=both("2-3 working days", "2-3 jours ouvrés"),
        )
        for carrier in CARRIERS.values()
    ]

"""Value maps for this world: the shop's codes on the left, GP's identifiers on the right."""

from __future__ import annotations

from gp_prestashop.sandbox.world.agreed import CHECKBOOKS, CUSTOMER_CLASS, TAX_DETAILS
from gp_prestashop.sandbox.world.catalogue import COLOURS, REDUCED, SIZES, STANDARD
from gp_prestashop.sandbox.world.delivery import UNMAPPED
from gp_prestashop.sandbox.world.lifecycle import ACTIONS
from gp_prestashop.sandbox.world.vocabulary import PLACES
from gp_prestashop.sandbox.world.world import World

__all__ = ["ValueMap", "value_maps"]

ValueMap = dict[str, dict[str, str]]
"""Code to columns: ``value``, and named ones beside it."""

_CASH_DEPOSIT, _CHECK_DEPOSIT = "1", "2"  # PYMTTYPE of taCreateSopPaymentInsertRecord
_MODULES = {
    "ps_wirepayment": ("BANK-EUR", _CHECK_DEPOSIT),
    "ps_checkpayment": ("BANK-EUR", _CHECK_DEPOSIT),
    "ps_cashondelivery": ("CASH", _CASH_DEPOSIT),
    "paypal": ("PAYPAL", _CASH_DEPOSIT),
    "ps_checkout": ("BANK-EUR", _CASH_DEPOSIT),
}
_OPTIONS = {"Colour": COLOURS, "Size": SIZES}  # in item numbers, in order
_SHIPPING = {1: "PICKUP", 2: "SEED PARCEL", 3: "EXPRESS"}  # carriers.id_reference to SHIPMTHD
_TAXES = {
    1: "FRVAT20",
    2: "FRVAT10",
    6: "BEVAT21",
    10: "DEVAT19",
    13: "ESVAT21",
    15: "GBVAT20",
    20: "ITVAT22",
    33: "DEVAT7",
}


def value_maps(world: World) -> dict[str, ValueMap]:
    """All maps by name, for the world's own states, carriers and groups.

    What troubles rely on (one carrier, one module and one tax) is not in them.
    """
    standard = {detail.country: detail.id for detail in reversed(TAX_DETAILS.values())}  # the higher rate comes first
    export = [country for country in PLACES if country not in standard]
    return {
        "order_states": {
            row["id"]: {"value": ACTIONS[int(row["id"])], "name": row["name"]["1"]}
            for row in world.shop["order_states"]
        },
        "payment_modules": {
            module: {
                "value": checkbook,
                "CHEKBKID": checkbook,
                "PYMTTYPE": payment_type,
                "ACTNUMST": CHECKBOOKS[checkbook].account,
            }
            for module, (checkbook, payment_type) in _MODULES.items()
        },
        "carriers": {
            row["id_reference"]: {"value": _SHIPPING[int(row["id_reference"])], "name": row["name"]}
            for row in world.shop["carriers"]
            if row["id"] != str(UNMAPPED.id)
        },
        "tax_details": {
            str(key): {"value": detail, "rate": str(TAX_DETAILS[detail].percent)} for key, detail in _TAXES.items()
        },
        "tax_schedules": {country: {"value": f"SHOP-{country}"} for country in standard}
        | {country: {"value": "EXPORT"} for country in export},
        "shipping_tax_details": {country: {"value": detail} for country, detail in standard.items()},
        "freight_schedules": {country: {"value": "ITEM-STD"} for country in standard},
        "wrapping_tax_details": {country: {"value": detail} for country, detail in standard.items()},
        "tax_rule_groups": {
            code: {"value": str(group)}
            for code, group in {"default": STANDARD, "ITEM-STD": STANDARD, "ITEM-RED": REDUCED}.items()
        },
        "option_groups": {str(number): {"value": name} for number, name in enumerate(_OPTIONS, 1)},
        "option_values": {code: {"value": name} for values in _OPTIONS.values() for name, _, code, _ in values},
        "customer_classes": {row["id"]: {"value": CUSTOMER_CLASS} for row in world.shop["groups"]},
    }

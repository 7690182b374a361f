"""What a code means: the class of its cause, what mends it, and whether a program may do that by itself.

Codes come from the map compiler (mapping), the flows' own checks (money), the contracts, GP (``gp_<number>`` of eConnect, ``sql_<number>`` of
SQL Server, web services), the shop, and the engine. A code that is not listed is a site's own check: a person's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gp_prestashop.gp.errors import LOCKED
from gp_prestashop.gp.sql_errors import TRANSIENT

__all__ = ["Action", "Cause", "cause_of"]

Kind = Literal["gp", "shop", "contract", "mapping", "money", "waiting", "doubt", "person"]
Action = Literal["", "retry", "bring", "refresh", "settle"]


@dataclass(frozen=True, slots=True)
class Cause:
    """``action`` is what a program may do: retry (the cause passes), bring (what it waits for), refresh (look-ups are read again),
    settle (ask the other side). Blank: a person's. ``advice`` says what that person does."""

    kind: Kind
    action: Action
    advice: str


WAITS = Cause("waiting", "bring", "What it waits for is sent first; then it goes on.")
DOUBT = Cause("doubt", "settle", "The other side is asked whether it has the document; nothing is sent again before.")
PASSES = Cause("gp", "retry", "The cause passes by itself: it is tried again.")
STALE = Cause(
    "mapping", "refresh", "Add the entry on the other side or to the value map; look-ups are then read again."
)
MAP = Cause(
    "mapping",
    "",
    "Correct the record where it comes from, or the map in an overlay; replay shows the difference first.",
)
CONTRACT = Cause(
    "contract", "", "The value breaks the other side's contract: shorten or complete it at its source, or in the map."
)
MONEY = Cause(
    "money",
    "",
    "Amounts are never changed by a program: compare them (explain), then correct the source or release it.",
)
PERSON = Cause("person", "", "A person decides.")
SHOP = Cause("shop", "", "Look at the record in the shop's back office.")
SHOP_PASSES = Cause("shop", "retry", "The shop failed for a moment: it is tried again.")
GP = Cause("gp", "", "GP refused it: mend what the sentence names in GP, then release it.")

BY_CODE: dict[str, Cause] = {
    "waits": WAITS,
    "no_answer": DOUBT,
    **dict.fromkeys(("no_xref", "no_value", "no_lookup", "lookup_unknown"), STALE),
    **dict.fromkeys(("bad_value", "bad_cast", "bad_mode", "null_result", "division_by_zero", "missing"), MAP),
    **dict.fromkeys(("value_type", "value_unreadable", "association_unknown", "field_name", "id_missing"), MAP),
    **dict.fromkeys(("too_long", "too_large", "too_precise", "code_page", "out_of_range", "wrong_type"), CONTRACT),
    **dict.fromkeys(("too_many_decimals", "truncated", "constraint", "services_validation"), CONTRACT),
    **dict.fromkeys(
        ("totals", "totals_disagree", "rounding_too_large", "tax_without_detail", "shipping_tax_rate", "uneven_amount", "negative_freight"),
        MONEY,
    ),
    **dict.fromkeys(("negative_payment", "other_currency", "currency_decimals", "slip_tax", "bad_decimals", "anomaly"), MONEY),
    **dict.fromkeys(("gp_unreachable", "services_unreachable", "services_unavailable", "services_exception"), PASSES),
    **dict.fromkeys(("timeout", "shop_failed", "paging_stuck", "shop_unreachable"), SHOP_PASSES),
    **dict.fromkeys(("order_gone", "no_stock_row", "stock_row_gone", "no_carrier_row", "absent", "refused"), SHOP),
    **dict.fromkeys(("stock_row_moved", "date_unreadable"), SHOP),
    **dict.fromkeys(("awaiting_payment", "amendment", "disappeared", "number_taken", "voided", "shared_reference", "no_order"), PERSON),
    "duplicate_key": GP,
    "no_lines": SHOP,
}  # fmt: skip


def cause_of(code: str, state: str = "held") -> Cause:
    """The cause behind a code. A record in doubt is always settled, whatever its code."""
    if state == "in_doubt":
        return DOUBT
    if code in BY_CODE:
        return BY_CODE[code]
    family, _, number = code.partition("_")
    if family in {"gp", "sql"} and number.lstrip("-").isdigit():
        passes = int(number) in (LOCKED if family == "gp" else TRANSIENT)
        return PASSES if passes else GP
    return PERSON

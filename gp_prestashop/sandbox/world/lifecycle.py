"""Payment methods, and the states that orders paid by them go through."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from gp_prestashop.sandbox.world.rows import install_rows

__all__ = [
    "ACTIONS",
    "COD",
    "METHODS",
    "PAID_STATES",
    "PATHS",
    "PAYPAL",
    "STATES",
    "UNMAPPED_METHOD",
    "Method",
    "State",
    "pick_method",
]

Action = Literal["ignore", "wait", "order"]

# order state id to what becomes of the order in GP
ACTIONS: Final[dict[int, Action]] = {
    1: "wait",  # awaiting check payment
    2: "order",  # payment accepted
    3: "order",  # processing in progress
    4: "order",  # shipped
    5: "order",  # delivered
    6: "ignore",  # cancelled
    7: "ignore",  # refunded
    8: "ignore",  # payment error
    9: "order",  # on backorder (paid)
    10: "wait",  # awaiting bank wire payment
    11: "order",  # remote payment accepted
    12: "wait",  # on backorder (not paid)
    13: "order",  # awaiting cash on delivery validation
}


@dataclass(frozen=True)
class State:
    """What a row of order_states says."""

    invoice: bool
    delivery: bool
    shipped: bool
    paid: bool
    logable: bool


STATES: Final = {
    int(row["id"]): State(*(row[name] == "1" for name in ("invoice", "delivery", "shipped", "paid", "logable")))
    for row in install_rows("order_states")
}
PAID_STATES: Final = frozenset(key for key, state in STATES.items() if state.paid)


@dataclass(frozen=True)
class Method:
    """A payment module and the name it writes into orders.payment."""

    module: str
    name: str
    online: bool = False


WIRE: Final = Method("ps_wirepayment", "Bank wire")
CHECK: Final = Method("ps_checkpayment", "Payments by check")
COD: Final = Method("ps_cashondelivery", "Cash on delivery (COD)")
PAYPAL: Final = Method("paypal", "PayPal", online=True)
CHECKOUT: Final = Method("ps_checkout", "PrestaShop Checkout", online=True)
UNMAPPED_METHOD: Final = Method("mollie", "iDEAL", online=True)

METHODS: Final = {WIRE: 30, CHECK: 10, COD: 10, PAYPAL: 25, CHECKOUT: 25}

_ONLINE = {(2,): 30, (2, 3): 20, (2, 3, 4): 20, (2, 3, 4, 5): 12, (11,): 10, (2, 9): 3, (2, 7): 3, (8,): 2}
PATHS: Final[dict[Method, dict[tuple[int, ...], int]]] = {
    WIRE: {(10,): 20, (10, 6): 7, (10, 2): 25, (10, 2, 3): 20, (10, 2, 3, 4): 20, (10, 12): 2, (10, 2, 6): 2},
    CHECK: {(1,): 25, (1, 6): 10, (1, 2): 35, (1, 2, 3, 4): 30},
    COD: {(13,): 50, (13, 6): 5, (13, 3): 20, (13, 3, 4, 5): 25},
    PAYPAL: _ONLINE,
    CHECKOUT: _ONLINE,
    UNMAPPED_METHOD: {(2,): 1, (2, 3): 1},
}


def pick_method(rng: Random) -> Method:
    return rng.choices(list(METHODS), list(METHODS.values()))[0]

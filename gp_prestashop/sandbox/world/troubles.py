"""Orders that something is wrong with, and what ought to become of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final, Literal

from gp_prestashop.sandbox.world.agreed import CLOSED_MONTH
from gp_prestashop.sandbox.world.catalogue import Article
from gp_prestashop.sandbox.world.composer import EUR, USD, Composer
from gp_prestashop.sandbox.world.delivery import UNMAPPED
from gp_prestashop.sandbox.world.drafts import Bought, Draft
from gp_prestashop.sandbox.world.lifecycle import ACTIONS, UNMAPPED_METHOD
from gp_prestashop.sandbox.world.shoppers import Shopper

__all__ = ["EXPECTED", "KINDS", "Expected", "Kind", "Troublemaker", "expected_of_state", "plan"]

Expected = Literal["delivered", "ignored", "held", "dead"]
Kind = Literal[
    "before_go_live",
    "closed_period",
    "unknown_item",
    "inactive_customer",
    "no_price_list",
    "unmapped_carrier",
    "unmapped_payment",
    "unmapped_tax",
    "totals_off",
    "unfit_text",
    "number_taken",
    "split_reference",
    "same_cart",
]

EXPECTED: Final[Mapping[Kind, Expected]] = {
    "before_go_live": "ignored",
    "closed_period": "held",  # or delivered at the posting date, if so set
    "unknown_item": "held",
    "inactive_customer": "held",  # GP's 1790
    "no_price_list": "held",  # GP's 9386
    "unmapped_carrier": "held",
    "unmapped_payment": "delivered",  # its deposit is held
    "unmapped_tax": "held",
    "totals_off": "held",
    "unfit_text": "held",  # it waits for its customer
    "number_taken": "held",
    "split_reference": "delivered",  # both; whose the one payment is cannot be told
    "same_cart": "delivered",  # both: two orders of one cart
}
KINDS: Final = tuple(EXPECTED)
_EARLY: Final = ("before_go_live", "closed_period")  # dated before all others
_PAIRS: Final = ("split_reference", "same_cart")  # two orders each
_OFF_BY: Final = Decimal("5.00")

_OF_ACTION: Final[Mapping[str, Expected]] = {"ignore": "ignored", "wait": "held", "order": "delivered"}


def expected_of_state(state: int) -> Expected:
    """What becomes of an order in this state that nothing is wrong with."""
    return _OF_ACTION[ACTIONS[state]]


def plan(rng: Random, orders: int) -> dict[int, Kind]:
    """Position (0-based, by date) to trouble. A pair is at two positions next to each other."""
    times = max(1, orders // 100)
    room = sum(2 if kind in _PAIRS else 1 for kind in KINDS)
    if orders < 2 * room:
        raise ValueError(f"Troubles need {2 * room} orders at least, not {orders}")
    placed: dict[int, Kind] = {n: _EARLY[n // times] for n in range(times * len(_EARLY))}
    first = len(placed)
    for kind in (kind for kind in KINDS if kind not in _EARLY):
        for _ in range(times):
            while True:
                at = rng.randrange(first, orders - 1)
                wanted = (at, at + 1) if kind in _PAIRS else (at,)
                # A pair never touches another of its kind, so that each two can be told apart.
                if not any(spot in placed for spot in wanted) and (
                    kind not in _PAIRS or (placed.get(at - 1) != kind and placed.get(at + 2) != kind)
                ):
                    break
            placed.update(dict.fromkeys(wanted, kind))
    return placed


class Troublemaker:
    """Draws one order of a kind of trouble; everything else about it is in order."""

    def __init__(
        self, rng: Random, composer: Composer, articles: Sequence[Article], shoppers: Sequence[Shopper]
    ) -> None:
        self._rng = rng
        self._composer = composer
        special = [article for article in articles if article.special]
        self._unknown = next(a for a in special if not a.in_gp)
        self._no_usd = next(a for a in special if not a.usd_price)
        self._overseas = next(a for a in special if a.in_gp and a.usd_price)
        self._inactive = [s for s in shoppers if s.special == "inactive"]
        self._unfit = [s for s in shoppers if s.special == "unfit"]
        self._french = [s for s in shoppers if s.country == "FR" and not s.special and not s.guest]
        self._pair: dict[Kind, Draft] = {}

    def draft(self, kind: Kind, id_order: int, id_cart: int, placed: datetime) -> Draft:
        draft = self._composer.draft(
            id_order, id_cart, placed, shopper=self._shopper(kind, placed), deliverable=True, physical=True
        )
        match kind:
            case "unknown_item":
                draft.bought.append(_one(self._unknown))
            case "no_price_list":
                draft.bought.append(_one(self._no_usd))
                draft.id_currency, draft.rules = USD, ()
            case "unmapped_tax":
                draft.bought.append(_one(self._overseas))
            case "unmapped_carrier":
                draft.carrier = UNMAPPED
            case "unmapped_payment":
                draft.method, draft.path, draft.id_currency, draft.rules = UNMAPPED_METHOD, (2,), EUR, ()
            case "totals_off":
                draft.off_by = _OFF_BY
            case "split_reference" | "same_cart":
                return self._paired(kind, draft)
            case _:
                pass
        return draft

    def _shopper(self, kind: Kind, placed: datetime) -> Shopper | None:
        match kind:
            case "inactive_customer":
                return self._rng.choice(self._inactive)
            case "unfit_text":
                return self._rng.choice(self._unfit)
            case "unmapped_tax":
                return self._rng.choice([s for s in self._french if s.since <= placed])
            case _:
                return None

    def _paired(self, kind: Kind, draft: Draft) -> Draft:
        """The first of a pair as drawn; the second follows from it within a minute."""
        first = self._pair.pop(kind, None)
        if first is None:
            draft.path, draft.instalments = (2,), 1
            draft.pays = kind != "split_reference"
            self._pair[kind] = draft
            return draft
        later = replace(first, id=draft.id, placed=first.placed + timedelta(seconds=20), pays=True, message="")
        if kind == "same_cart":
            later.reference = draft.reference
        else:
            # One cart that two warehouses send: each order has its own lines, the payment names the reference only.
            later.bought = draft.bought
        return later


def early_moment(kind: Kind, n: int) -> datetime:
    """When the n-th early order was placed: in the closed month, or the month before it (and before go-live)."""
    noon = datetime.combine(CLOSED_MONTH, time(12, 0))
    if kind == "closed_period":
        return noon + timedelta(days=2 + n % 28, minutes=n)
    return noon - timedelta(days=max(30 - n, 1), minutes=30 - n % 30)


def _one(article: Article) -> Bought:
    return Bought(article, article.variants[0], 1)

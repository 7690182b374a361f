"""Draws ordinary orders: who buys what, how it is sent and paid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random
from string import ascii_uppercase
from typing import Final

from gp_prestashop.sandbox.world.catalogue import Article
from gp_prestashop.sandbox.world.delivery import EXPRESS, PARCEL, PARCEL_BEFORE, PICKUP, Carrier
from gp_prestashop.sandbox.world.drafts import CURRENCY_RATES, Bought, Draft
from gp_prestashop.sandbox.world.lifecycle import ACTIONS, COD, PATHS, PAYPAL, Method, pick_method
from gp_prestashop.sandbox.world.rounding import CartRule, RoundType, half_up
from gp_prestashop.sandbox.world.shoppers import Shopper

__all__ = ["EUR", "USD", "Composer"]

EUR, USD = 1, 2  # currencies ids

_PERCENT_RULES: Final = tuple(CartRule(n, f"{p} % off", percent=Decimal(p)) for n, p in enumerate((5, 10, 15, 20), 1))
_AMOUNT_RULE: Final = CartRule(5, "Five off", amount=Decimal("5.00"))
_SHIPPING_RULE: Final = CartRule(6, "Free shipping", free_shipping=True)
_BOTH_RULE: Final = CartRule(7, "Ten off & free shipping", amount=Decimal("10.00"), free_shipping=True)
_MESSAGES: Final = ("Please leave with neighbour (A & B)", "Merci d'appeler avant 18 h ☎", "Größe bitte prüfen")


class Composer:
    """Draws drafts from ``articles`` and ``shoppers``; special ones are bought by troubles only."""

    def __init__(self, rng: Random, articles: Sequence[Article], shoppers: Sequence[Shopper]) -> None:
        self._rng = rng
        self._articles = [article for article in articles if not article.special]
        ordinary = sorted((s for s in shoppers if not s.special), key=lambda s: (s.since, s.id))
        self._registered = [s for s in ordinary if not s.guest]
        self._guests = [s for s in ordinary if s.guest]  # each buys once

    def join(self, shopper: Shopper) -> None:
        """A new shopper, since later than all others."""
        (self._guests if shopper.guest else self._registered).append(shopper)

    def shopper(self, placed: datetime) -> Shopper:
        """Somebody who was known by then."""
        guests = bisect_right(self._guests, placed, key=lambda s: s.since)
        if guests and self._rng.random() < 0.15:
            return self._guests.pop(self._rng.randrange(guests))
        known = bisect_right(self._registered, placed, key=lambda s: s.since)
        if not known:
            raise ValueError(f"No shopper has registered before {placed}")
        return self._registered[self._rng.randrange(known)]

    def draft(
        self,
        id_order: int,
        id_cart: int,
        placed: datetime,
        *,
        shopper: Shopper | None = None,
        deliverable: bool = False,
        physical: bool = False,
    ) -> Draft:
        """One order. ``deliverable``: in a state that goes to GP; ``physical``: with something to send by a carrier."""
        rng = self._rng
        shopper = shopper or self.shopper(placed)
        currency = USD if rng.random() < (0.85 if shopper.country == "US" else 0.04) else EUR
        bought = self._bought(physical=physical)
        shipped = any(not item.article.virtual for item in bought)
        carrier = self._carrier(shopper, id_order) if shipped else None
        method = self._method(shopper, carrier, currency)
        paths = PATHS[method]
        if deliverable:
            paths = {path: weight for path, weight in paths.items() if ACTIONS[path[-1]] == "order"}
        delivery = rng.choice(shopper.addresses)
        return Draft(
            id=id_order,
            id_cart=id_cart,
            reference="".join(rng.choices(ascii_uppercase, k=9)),
            shopper=shopper,
            delivery=delivery,
            invoice=shopper.addresses[0] if rng.random() < 0.7 else delivery,
            placed=placed,
            method=method,
            path=rng.choices(list(paths), list(paths.values()))[0],
            bought=bought,
            carrier=carrier,
            id_currency=currency,
            rules=self._rules(currency, carrier, bought),
            gift=shipped and rng.random() < 0.08,
            round_type=rng.choices(list(RoundType), (6, 88, 6))[0],
            instalments=2 if rng.random() < 0.05 else 1,
            message=rng.choice(_MESSAGES) if rng.random() < 0.06 else "",
        )

    def _bought(self, *, physical: bool) -> list[Bought]:
        rng = self._rng
        count = rng.choices((1, 2, 3, 4, 6, 9), (40, 25, 15, 10, 7, 3))[0]
        articles = rng.sample(self._articles, min(count, len(self._articles)))
        if physical and all(article.virtual for article in articles):
            articles.append(next(article for article in self._articles if not article.virtual))
        bought = []
        for article in articles:
            quantity = rng.choices((1, 2, 3, 7, 12, 40, 100), (50, 20, 12, 7, 6, 3, 2))[0]
            if article.virtual or article.surcharge:
                quantity = 1
            bought.append(Bought(article, rng.choice(article.variants), quantity))
        return bought

    def _carrier(self, shopper: Shopper, id_order: int) -> Carrier:
        draw = self._rng.random()
        if draw < 0.08 and shopper.country == "FR":
            return PICKUP
        if draw < 0.25:
            return EXPRESS
        # The parcel carrier was edited once in the back office, which gave it a new id.
        return PARCEL_BEFORE if id_order % 3 == 0 else PARCEL

    def _method(self, shopper: Shopper, carrier: Carrier | None, currency: int) -> Method:
        method = pick_method(self._rng)
        if method is COD and (carrier is None or currency != EUR or shopper.country not in ("FR", "BE")):
            return PAYPAL
        return method

    def _rules(self, currency: int, carrier: Carrier | None, bought: list[Bought]) -> tuple[CartRule, ...]:
        draw = self._rng.random()
        if draw < 0.10:
            return (self._rng.choice(_PERCENT_RULES),)
        rate = CURRENCY_RATES[currency]
        # No voucher takes all of the goods' price: an order of nothing to pay is none for GP.
        ample = sum(item.article.net(item.variant) * item.quantity for item in bought) > 30
        if draw < 0.16 and ample:
            return (replace(_AMOUNT_RULE, amount=half_up(_AMOUNT_RULE.amount * rate, 6)),)
        if carrier is None or not carrier.fees:
            return ()
        if draw < 0.20:
            return (_SHIPPING_RULE,)
        if draw < 0.23 and ample:
            return (replace(_BOTH_RULE, amount=half_up(_BOTH_RULE.amount * rate, 6)),)
        return ()

"""Signs: negative, zero and broken quantities that are no honest refunds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Ints, Mask
from gp_prestashop.assist.anomalies.evidence import Evidence, rule_strength
from gp_prestashop.assist.anomalies.prices import line_namer

__all__ = ["negatives"]


def negatives(books: Books) -> Iterator[Evidence]:
    """Negative and zero quantities or totals, except honest refunds: wholly negative, without freight, of what was bought before."""
    if not books.has("lines", "qty"):
        return
    qty, pos = books.numbers("lines", "qty"), books.pos("lines")
    below = books.per_order("lines", (qty < 0).astype(np.float64))
    zero = books.per_order("lines", (qty == 0).astype(np.float64)) > 0
    wholly = (below > 0) & (below == books.line_count)
    charged = (
        books.numbers("orders", "freight") > 0 if books.has("orders", "freight") else np.zeros(books.size, dtype=bool)
    )
    refund = wholly & ~charged & _bought_before(books, qty)
    mixed = (below > 0) & ~refund
    fractional = books.per_order("lines", ((qty != np.round(qty)) & np.isfinite(qty)).astype(np.float64)) > 0
    surprise = mixed * (6.0 + rule_strength(int(mixed.sum()), books.size))
    # Where refunds are hardly ever kept as orders, and it passes for an ordinary one, it is a sign that got lost.
    posing = refund & ~_status_of_refunds(books, below > 0)
    surprise = np.maximum(surprise, posing * 12.0 * max(0.0, 1.0 - float(posing.mean()) / 0.001))
    for odd in (zero, fractional):
        surprise = np.maximum(surprise, odd * rule_strength(int(odd.sum()), books.size))
    names = line_namer(books)
    first = _first(pos, (qty <= 0) | (qty != np.round(qty)))

    def reason(i: int) -> str:
        k = first.get(i)
        return (
            "" if k is None else f"{names(k)} has the quantity {qty[k]:g}, but the order does not look like a refund."
        )

    yield Evidence("quantity", surprise, reason, lambda _: "quantity:negative")


def _status_of_refunds(books: Books, negative: Mask) -> Mask:
    """Orders whose status is one that hardly any ordinary order has (refunded, returned …)."""
    if not books.has("orders", "payment_status"):
        return np.zeros(books.size, dtype=bool)
    status = books.codes("orders", "payment_status")
    ordinary = np.bincount(status[~negative], minlength=int(status.max()) + 1)
    every = np.bincount(status)
    return np.asarray((ordinary < 0.5 * every)[status], dtype=np.bool_)


def _first(pos: Ints, odd: Mask) -> dict[int, int]:
    found: dict[int, int] = {}
    for k in np.flatnonzero(odd).tolist():
        found.setdefault(int(pos[k]), k)
    return found


def _bought_before(books: Books, qty: Floats) -> Mask:
    """Orders whose every negative line is covered by what the same customer bought of the item."""
    if not books.has("lines", "sku") or not books.has("orders", "customer_id"):
        return np.ones(books.size, dtype=bool)
    pos = books.pos("lines")
    frame = pd.DataFrame(
        {"c": books.codes("orders", "customer_id")[pos], "s": books.codes("lines", "sku"), "q": np.maximum(qty, 0)}
    )
    bought = frame.groupby(["c", "s"])["q"].transform("sum").to_numpy()
    uncovered = (qty < 0) & (bought + qty < 0)
    covered: Mask = books.per_order("lines", uncovered.astype(np.float64)) == 0
    return covered

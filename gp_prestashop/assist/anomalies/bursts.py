"""Bursts: many small first orders, or many small orders of one customer, in a few minutes: somebody tries stolen cards.

A flash sale brings regular customers and usual baskets as well, so the count is compared with what the other orders of the same hour
make likely.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Ints, Mask
from gp_prestashop.assist.anomalies.chance import surprise_above
from gp_prestashop.assist.anomalies.evidence import CERTAIN, Evidence

__all__ = ["bursts"]

WINDOWS = (5.0, 15.0, 40.0)  # minutes to either side
AROUND = 90.0  # minutes to either side that tell how busy the shop is
FEWEST = 4
SMALL = (0.08, 0.2, 0.4)  # shares of the smallest orders


def bursts(books: Books) -> Iterator[Evidence]:
    """Orders that are one of an unlikely crowd of small ones by customers unknown before, or by one customer."""
    if not books.has("orders", "created_at", "total"):
        return
    minutes = books.created * 1440.0
    amount = books.numbers("orders", "total") * books.home
    known = np.isfinite(minutes) & np.isfinite(amount)
    if known.sum() < 50:
        return
    surprise, size = np.zeros(books.size), np.zeros(books.size)
    has_customers = books.has("orders", "customer_id")
    new = books.customer_orders <= 2 if has_customers else np.ones(books.size, dtype=bool)
    method = (
        books.codes("orders", "payment_method")
        if books.has("orders", "payment_method")
        else np.zeros(books.size, dtype=np.int64)
    )
    for share in SMALL:
        small = known & (amount <= np.quantile(amount[known], share))
        for code in np.unique(method):
            chosen = small & new & (method == code)
            _scan(minutes, chosen, known & ~(small & new), surprise, size)
    if has_customers:
        small = known & (amount <= np.quantile(amount[known], 0.4))
        _scan_customers(books, minutes, small, surprise, size)

    def reason(i: int) -> str:
        return f"It is one of {size[i]:.0f} small orders within minutes, by customers who hardly ordered otherwise: cards may be being tested."

    yield Evidence("burst", surprise, reason, lambda i: f"burst:{int(minutes[i] // 60)}")


def _scan(minutes: Floats, chosen: Mask, others: Mask, surprise: Floats, size: Floats) -> None:
    """Counts of the chosen in windows around each, against their rate and how busy the hour was."""
    if chosen.sum() < FEWEST:
        return
    where = np.flatnonzero(chosen)
    where = where[np.argsort(minutes[where], kind="stable")]
    t = minutes[where]
    rest = np.sort(minutes[others])
    span = max(float(t[-1] - t[0]), 1440.0)
    everywhere = max(len(rest), 1) / span * 2 * AROUND
    busy = (np.searchsorted(rest, t + AROUND) - np.searchsorted(rest, t - AROUND)) / max(everywhere, 1e-9)
    rate = len(t) / span * np.maximum(busy, 1.0)
    for window in WINDOWS:
        low = np.searchsorted(t, t - window).astype(np.int64)
        high = np.searchsorted(t, t + window, side="right").astype(np.int64)
        count = high - low
        found = surprise_above(count - 2, rate * 2 * window)  # itself is there for certain
        found = np.where(count >= FEWEST, np.minimum(CERTAIN, found), 0.0) * _belongs(t, low, high)
        better = found > surprise[where]
        size[where[better]] = count[better]
        surprise[where[better]] = found[better]


def _belongs(t: Floats, low: Ints, high: Ints) -> Floats:
    """1 for members of the crowd, less for one that merely stands near it: its gap is far longer than theirs."""
    step = np.diff(t, prepend=-np.inf, append=np.inf)
    own = np.minimum(step[:-1], step[1:])
    typical = np.array([np.median(own[a:b]) for a, b in zip(low, high, strict=True)])
    return np.where(own > 5 * typical + 1.0, 0.3, 1.0)


def _scan_customers(books: Books, minutes: Floats, small: Mask, surprise: Floats, size: Floats) -> None:
    frame = pd.DataFrame(
        {"c": books.codes("orders", "customer_id")[small], "t": minutes[small], "p": np.flatnonzero(small)}
    )
    span = float(minutes[small].max() - minutes[small].min()) + 1440.0
    for _, group in frame.groupby("c", sort=False):
        if len(group) < FEWEST:
            continue
        t = np.sort(group["t"].to_numpy())
        where = group.sort_values("t")["p"].to_numpy()
        rate = len(t) / span * 10.0  # one who orders at all often orders twice
        low, high = np.searchsorted(t, t - 15), np.searchsorted(t, t + 15, side="right")
        count = high - low
        found = np.where(count >= FEWEST, np.minimum(CERTAIN, surprise_above(count - 2, rate * 30)), 0.0)
        better = found > surprise[where]
        size[where[better]] = count[better]
        surprise[where[better]] = found[better]

"""Duplicates: an order that repeats another one's customer, lines and total under a new id, too soon to be a habit.

Regular repeats (a subscription, a standing order) come at their own interval and are left alone. How surprising a repeat is depends on
how often the customer orders and on how common such a basket is: everybody's single best-seller is repeated by chance, six
lines are not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats
from gp_prestashop.assist.anomalies.evidence import Evidence

__all__ = ["duplicates"]

SOON = 14.0  # days
ONE_SITTING = 2.0  # hours: two orders so close are made in one sitting, so chance is higher than the yearly rate says


def duplicates(books: Books) -> Iterator[Evidence]:
    """Repeats of an order of the same customer, and of another new customer's (a guest who clicked twice)."""
    if not books.has("orders", "customer_id", "created_at") or not books.has("lines", "sku", "qty"):
        return
    frame = _baskets(books)
    span = max(1.0, float(np.nanmax(books.created) - np.nanmin(books.created)))
    surprise, earlier = np.zeros(books.size), np.full(books.size, -1)
    _own_repeats(frame, span, surprise, earlier)
    _strangers_repeats(books, frame, span, surprise, earlier)
    ids = books.orders["order_id"].to_numpy()
    customers = books.orders["customer_id"].to_numpy()

    def reason(i: int) -> str:
        j = int(earlier[i])
        if j < 0:
            return ""
        hours = (books.created[i] - books.created[j]) * 24
        gap = (
            f"{hours * 60:.0f} minutes"
            if hours < 2
            else f"{hours:.0f} hours"
            if hours < 48
            else f"{hours / 24:.0f} days"
        )
        who = "the same customer" if customers[i] == customers[j] else f"customer {customers[j]}"
        return f"It repeats order {ids[j]} of {who}, made {gap} before: the same lines and total under a new id."

    yield Evidence(
        "duplicate", surprise, reason, lambda i: f"duplicate:{ids[int(earlier[i])]}" if earlier[i] >= 0 else "duplicate"
    )


def _baskets(books: Books) -> pd.DataFrame:
    """For each order with lines: basket (items and quantities), how likely a basket it is, total, method."""
    lines = books.lines
    part = lines["sku"].astype(str) + "×" + lines["qty"].map("{:g}".format)
    both = books.codes("lines", "sku", "qty")
    likely = np.log(np.bincount(both)[both] / max(1, books.size))
    work = pd.DataFrame({"pos": books.pos("lines"), "part": part.to_numpy(), "likely": likely}).sort_values(
        ["pos", "part"]
    )
    grouped = work.groupby("pos")
    frame = pd.DataFrame({"basket": grouped["part"].agg("|".join), "likely": grouped["likely"].sum()})
    length = books.line_count[frame.index.to_numpy()].astype(np.int64)
    frame["likely"] += np.log(np.bincount(length)[length] / len(length))
    frame["customer"] = books.codes("orders", "customer_id")[frame.index.to_numpy()]
    for column in ("total", "payment_method"):
        frame[column] = books.orders[column].iloc[frame.index].to_numpy() if column in books.orders else 0
    frame["at"] = books.created[frame.index.to_numpy()]
    known: pd.DataFrame = frame[np.isfinite(frame["at"])]
    return known


def _own_repeats(frame: pd.DataFrame, span: float, surprise: Floats, earlier: Floats) -> None:
    counts = frame.groupby("customer").size()
    for (customer, _basket), unsorted in _repeated(frame, ["customer", "basket"]):
        group = unsorted.sort_values("at", kind="stable")
        at, pos, totals = group["at"].to_numpy(), group.index.to_numpy(), group["total"].to_numpy()
        methods = group["payment_method"].to_numpy()
        gaps = np.diff(at)
        rate = float(counts[customer]) / span
        for k, gap in enumerate(gaps, start=1):
            if gap > SOON or _regular(gaps, k - 1):
                continue
            others = len(group) - 2  # times that he ordered it besides these two
            of_him = (others + 0.5 * np.exp(group["likely"].iloc[k])) / max(1.0, float(counts[customer]) - 1)
            chance = min(1.0, rate * max(gap, ONE_SITTING / 24)) * min(
                1.0, max(of_him, np.exp(group["likely"].iloc[k]))
            )
            same_total = abs(totals[k] - totals[k - 1]) < 0.011
            same_method = methods[k] == methods[k - 1]
            chance *= (0.15 if same_total else 20.0) * (0.6 if same_method else 6.0) * (1.0 if gap < 2 else 4.0)
            found = -np.log(min(1.0, max(chance, 1e-9)))
            if found > surprise[pos[k]]:
                surprise[pos[k]], earlier[pos[k]] = found, pos[k - 1]


def _regular(gaps: Floats, k: int) -> bool:
    """Whether the repeat after gap ``k`` is one of a series with its own interval."""
    if len(gaps) < 3:
        return False
    usual = float(np.median(gaps))
    return usual > 0.9 and abs(gaps[k] - usual) <= 0.35 * usual


def _strangers_repeats(books: Books, frame: pd.DataFrame, span: float, surprise: Floats, earlier: Floats) -> None:
    """The same basket and total by another customer within two hours; both have hardly ordered before."""
    rare = frame[books.customer_orders[frame.index.to_numpy()] <= 2]
    rate = len(rare) / span
    for _, unsorted in _repeated(rare, ["basket", "total"]):
        group = unsorted.sort_values("at", kind="stable")
        at, pos, likely = group["at"].to_numpy(), group.index.to_numpy(), float(group["likely"].iloc[0])
        for k in range(1, len(group)):
            if at[k] - at[k - 1] > 2 / 24 or group["customer"].iloc[k] == group["customer"].iloc[k - 1]:
                continue
            chance = (
                min(1.0, rate * 2 / 24)
                * min(1.0, np.exp(likely))
                * (0.6 if group["payment_method"].nunique() == 1 else 3.0)
            )
            found = -np.log(min(1.0, max(chance, 1e-9)))
            if found > surprise[pos[k]]:
                surprise[pos[k]], earlier[pos[k]] = found, pos[k - 1]


def _repeated(frame: pd.DataFrame, keys: list[str]):  # type: ignore[no-untyped-def]
    again = frame[frame.duplicated(keys, keep=False)]
    return again.groupby(keys, sort=False)

"""Prices: what a line should cost by its list price, the customer's discount and the levels that are usual here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Mask
from gp_prestashop.assist.anomalies.evidence import Evidence, best_child, rule_strength

__all__ = ["LinePrices", "line_namer", "line_prices", "list_prices", "prices", "times"]

HALF_A_CENT = 0.0051
FLOOR = 0.03  # log units: a scale below which no difference of prices counts
OWN_LINES = 4  # of a customer that show what his terms are
LEVEL_SHARE = 0.004  # a discount that so many lines have is a level of the price list


@dataclass(frozen=True)
class LinePrices:
    """For each line: the price expected, ln(price / expected) beyond rounding (0 when explained), whether it is on promotion."""

    expected: Floats
    off: Floats
    promo: Mask
    customers_own: Floats  # the discount level of the customer (1 when none is known)
    by_list: bool


def line_prices(books: Books) -> LinePrices | None:
    """Residuals of all lines; None without prices."""
    if not books.has("lines", "unit_price"):
        return None
    unit = books.numbers("lines", "unit_price")
    by_list = books.has("lines", "list_price")
    base = books.numbers("lines", "list_price") if by_list else _usual_price(books, unit)
    if base is None:
        return None
    base = np.where(np.isfinite(base) & (base > 0), base, np.nan)
    promo = books.numbers("lines", "promo") > 0 if books.has("lines", "promo") else np.zeros(len(unit), dtype=bool)
    ratio = unit / base
    plain = ~promo & np.isfinite(ratio) & (ratio > 0)
    levels = _levels(ratio[plain])
    own = _own_level(books, ratio, plain, levels)
    allowed = HALF_A_CENT / np.where(np.isfinite(base), base, 1.0)
    off = np.full(len(unit), np.inf)
    expected = np.where(np.isfinite(base), base * own, unit)
    for level in (own, *(np.full(len(unit), v) for v in levels)):
        gap = np.where(np.abs(ratio - level) <= allowed, 0.0, np.log(np.maximum(ratio, 1e-6) / level))
        nearer = np.abs(gap) < np.abs(off)
        off = np.where(nearer, gap, off)
    if promo.sum() >= 30:
        good = promo & (ratio > 0)
        low, high = np.quantile(np.log(ratio[good]), [0.005, 0.995])
        log = np.log(np.maximum(ratio, 1e-6))
        off = np.where(promo, np.where(log < low, log - low, np.maximum(log - high, 0.0)), off)
    off = np.where(np.isfinite(off) & np.isfinite(ratio), off, 0.0)
    if (ratio == 0).mean() > 0.001:  # gifts are given here
        off = np.where(ratio == 0, 0.0, off)
    return LinePrices(expected, off, promo, own, by_list)


def _levels(ratio: Floats) -> list[float]:
    """Shares of the list price that many lines have, 1 among them."""
    values, counts = np.unique(np.round(ratio, 2), return_counts=True)
    frequent = values[counts >= max(5, LEVEL_SHARE * len(ratio))]
    return [1.0, *(float(v) for v in frequent if v != 1.0)][:40]


def _own_level(books: Books, ratio: Floats, plain: Mask, levels: list[float]) -> Floats:
    """The customer's usual share of the list price, by the median of his plain lines."""
    if not books.has("orders", "customer_id"):
        return np.ones(len(ratio))
    customer = books.codes("orders", "customer_id")[books.pos("lines")]
    plain_ratio = pd.Series(np.where(plain, ratio, np.nan)).groupby(customer)
    median, count = plain_ratio.transform("median").to_numpy(), plain_ratio.transform("count").to_numpy()
    snapped = np.round(np.nan_to_num(median, nan=1.0), 2)
    common = np.isin(snapped, np.round(levels, 2))
    known = common | ((count >= OWN_LINES) & (snapped < 1.1))  # one line alone proves no terms: it may be the mistake
    return np.where((snapped > 0) & known, snapped, 1.0)


def _usual_price(books: Books, unit: Floats) -> Floats | None:
    if not books.has("lines", "sku"):
        return None
    at_home = unit * books.home[books.pos("lines")]
    return (
        pd.Series(at_home).groupby(books.codes("lines", "sku")).transform("median").to_numpy()
        / books.home[books.pos("lines")]
    )


def prices(books: Books, lines: LinePrices | None) -> Iterator[Evidence]:
    """Unit prices far from what the list and the customer's terms say."""
    if lines is None:
        return
    size = np.abs(lines.off)
    surprise = np.zeros(len(size))
    for group in (lines.promo, ~lines.promo):
        if group.any():
            scale = max(FLOOR if lines.by_list else 0.08, _far(size[group]) / 3)
            surprise[group] = size[group] / scale
    best, row = best_child(books.pos("lines"), np.where(surprise > 1, surprise, 0.0), books.size)
    unit, names = books.numbers("lines", "unit_price"), line_namer(books)

    def reason(i: int) -> str:
        k = row[i]
        if k < 0:
            return ""
        return f"{names(k)} costs {unit[k]:.2f}, expected about {lines.expected[k]:.2f}{times(unit[k], lines.expected[k])}."

    yield Evidence("price", best, reason, lambda i: f"price:{item_of(books, int(row[i]))}")


def list_prices(books: Books) -> Iterator[Evidence]:
    """List prices that the same item has nowhere else; a whole order of them is in the wrong currency."""
    if not books.has("lines", "sku", "list_price"):
        return
    price, pos = books.numbers("lines", "list_price"), books.pos("lines")
    value = np.log(np.maximum(price * books.home[pos], 1e-6))
    frame = pd.DataFrame({"sku": books.codes("lines", "sku"), "v": value, "cents": np.round(price, 2)})
    off = frame["v"] - frame.groupby("sku")["v"].transform("median")
    currency = (
        books.codes("orders", "currency")[pos]
        if books.has("orders", "currency")
        else np.zeros(len(pos), dtype=np.int64)
    )
    seen = frame.assign(cur=currency).groupby(["sku", "cents", "cur"])["v"].transform("size").to_numpy()
    lone = np.where((seen >= 3) | ~np.isfinite(off), 0.0, off)
    charged = (
        books.numbers("lines", "unit_price") > 0 if books.has("lines", "unit_price") else np.ones(len(pos), dtype=bool)
    )
    size = np.where((np.abs(lone) > 0.012) & charged, np.abs(lone), 0.0)
    scale = max(FLOOR, _far(size) / 3)
    share = books.per_order("lines", (size > 0).astype(np.float64)) / np.maximum(books.line_count, 1)
    broken = share >= 0.99
    whole = broken * rule_strength(int(broken.sum()), books.size)
    best, row = best_child(pos, size / scale, books.size)
    names = line_namer(books)

    def reason(i: int) -> str:
        if broken[i]:
            return "Its list prices are those of another currency."
        k = row[i]
        return f"{names(k)} has the list price {price[k]:.2f}, which it has nowhere else." if k >= 0 else ""

    yield Evidence("price", np.maximum(best, whole), reason, lambda _: "price:list")


def _far(size: Floats) -> float:
    """What few sound lines exceed. Among few lines, the five farthest say nothing of the others."""
    return float(np.quantile(size, max(0.5, min(0.995, 1 - 5 / len(size))))) if len(size) else 0.0


def item_of(books: Books, row: int) -> str:
    """The item of a line, for causes; blank when there is none."""
    return str(books.lines["sku"].iloc[row]) if row >= 0 and "sku" in books.lines else ""


def times(found: float, expected: float) -> str:
    """In words, how many times the expected value it is, where that is telling."""
    if expected <= 0 or found <= 0:
        return ""
    factor = found / expected
    if factor >= 1.8:
        return f": {factor:.3g} times as much" if factor < 100 else f": {factor:.0f} times as much"
    return f": one part in {1 / factor:.3g}" if factor <= 0.55 else ""


def line_namer(books: Books) -> Callable[[int], str]:
    """How a sentence names a line, by its row."""
    lines = books.lines

    def name(k: int) -> str:
        number = f"Line {lines['line_no'].iloc[k]:g}" if "line_no" in lines else "A line"
        return f"{number} ({lines['sku'].iloc[k]})" if "sku" in lines else number

    return name

"""Quantities: what this customer, by his other lines and by customers like him, would order of this item.

Customers fall into a few types (a household, a shop, a large buyer) that a small mixture model finds by itself from quantities,
discounts and channel; a line is judged by the customer's other lines, so that a large buyer's dozen is normal and a household's
hundred is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from gp_prestashop.assist.anomalies.books import Books, Floats, Ints
from gp_prestashop.assist.anomalies.evidence import Evidence, best_child
from gp_prestashop.assist.anomalies.prices import LinePrices, line_namer, times

__all__ = ["quantities"]

TYPES = 5
ROUNDS = 25
NARROWEST = 0.35  # log units
TAIL, TAIL_FROM = 0.005, 6.0  # the tail's share of lines; its steepness is measured from six times that share on
FEW = 5.0
HEAVIER = 1.3  # tails grow heavier further out
NARROWEST_TAIL = 0.15
OUTLIER = 0.002  # share of lines that no type explains


def quantities(books: Books, lines: LinePrices | None) -> Iterator[Evidence]:
    """Quantities beyond what customers of this type order."""
    if not books.has("lines", "qty"):
        return
    qty = np.abs(books.numbers("lines", "qty"))
    use = np.isfinite(qty) & (qty > 0)
    if use.sum() < 30:
        return
    value = np.log(np.where(use, qty, 1.0))
    value = value - _item_offset(books, value)
    group = _customers(books)[books.pos("lines")]
    upper = _surprise(value[use], group[use], _traits(books, group, lines))
    surprise = np.zeros(len(qty))
    surprise[use] = upper
    best, row = best_child(books.pos("lines"), surprise, books.size)
    grouped = pd.Series(qty).groupby(group)
    usual, many = grouped.transform("median").to_numpy(), grouped.transform("size").to_numpy()
    overall = float(np.median(qty[use]))
    names = line_namer(books)

    def reason(i: int) -> str:
        k = row[i]
        if k < 0:
            return ""
        whose, level = ("this customer's lines", usual[k]) if many[k] > 1 else ("lines", overall)
        return f"{names(k)} is ordered {qty[k]:g} times; {whose} usually have {level:g}{times(qty[k], level)}."

    yield Evidence("quantity", best, reason, lambda i: f"quantity:{_customer_of(books, i)}")


def _customer_of(books: Books, i: int) -> str:
    return str(books.orders["customer_id"].iloc[i]) if "customer_id" in books.orders else ""


def _customers(books: Books) -> Ints:
    return (
        books.codes("orders", "customer_id")
        if books.has("orders", "customer_id")
        else np.arange(books.size, dtype=np.int64)
    )


def _item_offset(books: Books, value: Floats) -> Floats:
    """Screws are bought by the hundred: the item's own level, shrunk towards none."""
    if not books.has("lines", "sku"):
        return np.zeros(len(value))
    customer = pd.Series(value).groupby(_customers(books)[books.pos("lines")]).transform("median")
    rest = pd.DataFrame({"r": value - customer.to_numpy(), "s": books.codes("lines", "sku")}).groupby("s")["r"]
    count = rest.transform("size").to_numpy(dtype=np.float64)
    return np.asarray(rest.transform("median").to_numpy() * count / (count + 4.0), dtype=np.float64)


def _traits(books: Books, group: Ints, lines: LinePrices | None) -> Floats:
    """Yes-or-no traits of each customer (rows: customers), smoothed by what they say about type."""
    customers = int(_customers(books).max()) + 1
    columns = []
    of_order = _customers(books)
    if lines is not None:
        discounted = np.zeros(customers)
        np.maximum.at(discounted, group, (lines.customers_own < 0.985).astype(np.float64))
        columns.append(discounted)
    if books.has("orders", "channel"):
        codes = books.codes("orders", "channel")
        main = np.bincount(codes).argmax()
        other = np.zeros(customers)
        np.maximum.at(other, of_order, (codes != main).astype(np.float64))
        columns.append(other)
    if books.has("orders", "tax_exempt"):
        exempt = np.zeros(customers)
        np.maximum.at(exempt, of_order, (books.numbers("orders", "tax_exempt") > 0).astype(np.float64))
        columns.append(exempt)
    return np.stack(columns, axis=1) if columns else np.zeros((customers, 0))


def _surprise(value: Floats, group: Ints, traits: Floats) -> Floats:
    """−ln P(at least so much | the customer's other lines), by expectation-maximisation over customer types."""
    customers = len(traits)
    mean = np.quantile(value, [0.3, 0.5, 0.75, 0.9, 0.98]) + np.arange(TYPES) * 0.2
    width, weight = np.full(TYPES, 0.7), np.full(TYPES, 1.0 / TYPES)
    yes = np.tile(np.linspace(0.1, 0.9, TYPES)[:, None], (1, traits.shape[1]))
    wide = float(value.max() - value.min()) + 1.0
    for _ in range(ROUNDS):
        each = _densities(value, mean, width, wide)
        total = np.stack([np.bincount(group, weights=each[:, k], minlength=customers) for k in range(TYPES)], axis=1)
        post = total + np.log(weight) + traits @ np.log(yes).T + (1 - traits) @ np.log(1 - yes).T
        post = np.exp(post - logsumexp(post, axis=1, keepdims=True))
        member = post[group]
        inside = member * _inside(value, mean, width, wide)
        mass = inside.sum(axis=0) + 1e-6
        mean = (inside * value[:, None]).sum(axis=0) / mass
        width = np.maximum(NARROWEST, np.sqrt((inside * (value[:, None] - mean) ** 2).sum(axis=0) / mass))
        weight = np.maximum(post.mean(axis=0), 1e-4)
        weight = weight / weight.sum()
        yes = np.clip((post.T @ traits + 0.5) / (post.sum(axis=0)[:, None] + 1.0), 1e-3, 1 - 1e-3)
    each = _densities(value, mean, width, wide)
    total = np.stack([np.bincount(group, weights=each[:, k], minlength=customers) for k in range(TYPES)], axis=1)
    logit = total[group] - each + (np.log(weight) + traits @ np.log(yes).T + (1 - traits) @ np.log(1 - yes).T)[group]
    member = np.exp(logit - logsumexp(logit, axis=1, keepdims=True))
    tail = np.stack([_tail(value, member[:, k]) for k in range(TYPES)], axis=1)
    upper: Floats = -np.log(np.maximum((member * tail).sum(axis=1), 1e-30))
    return upper


def _tail(value: Floats, weight: Floats) -> Floats:
    """P(at least the value) among lines of one type: counted, and beyond their 99.5 % quantile an exponential tail in log units.

    Normal tails would not do: households order one, and now and then six.
    """
    order = np.argsort(value, kind="stable")
    ordered, mass = value[order], weight[order]
    above = np.cumsum(mass[::-1])[::-1]
    total = float(above[0]) if len(above) else 0.0
    if total < 20.0:
        return np.full(len(value), 1.0)
    first = np.searchsorted(ordered, ordered, side="left")  # ties share their survival
    survival = np.minimum(1.0, above[first] / total)
    tail = max(TAIL, FEW / total)  # among few lines the farthest must not stretch the tail that they are judged by
    body = TAIL_FROM * tail
    low, high = (
        float(ordered[np.searchsorted(-survival, -share, side="left").clip(0, len(ordered) - 1)])
        for share in (body, tail)
    )
    scale = max(NARROWEST_TAIL, HEAVIER * (high - low) / np.log(body / tail))
    beyond = ordered > high
    parametric = tail * np.exp(-(ordered - high) / scale)
    counted = np.where(beyond, np.minimum(parametric, tail), survival)
    result = np.empty(len(value))
    result[order] = counted
    return result


def _densities(value: Floats, mean: Floats, width: Floats, wide: float) -> Floats:
    inside = np.exp(-0.5 * ((value[:, None] - mean) / width) ** 2) / (width * 2.5066)
    logs: Floats = np.log((1 - OUTLIER) * inside + OUTLIER / wide)
    return logs


def _inside(value: Floats, mean: Floats, width: Floats, wide: float) -> Floats:
    good = (1 - OUTLIER) * np.exp(-0.5 * ((value[:, None] - mean) / width) ** 2) / (width * 2.5066)
    share: Floats = good / (good + OUTLIER / wide)
    return share

"""Places and payment: country × payment method, bill × ship country, country × currency, against shop and customer habits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Ints, Mask
from gp_prestashop.assist.anomalies.evidence import Evidence, conditional, rule_strength

__all__ = ["exchange_rates", "places"]

MOVES = 1e-3  # how often an order comes from another country than the customer's others, at the least
GLANCE = 15  # days to either side that tell a rate


def places(books: Books, foreign_prices: Floats) -> Iterator[Evidence]:
    """The sum of what is odd about where an order comes from, goes to and is paid by.

    ``foreign_prices`` is the surprise that its list prices are those of another currency: a sign of a changed country.
    """
    if not books.has("orders", "bill_country"):
        return
    orders = books.orders
    country = books.codes("orders", "bill_country")
    parts: dict[str, Floats] = {}
    if books.has("orders", "payment_method"):
        method = books.codes("orders", "payment_method")
        parts["paid"] = conditional(method, country)
        if books.has("orders", "channel"):
            peers = books.codes("orders", "bill_country", "channel")
            parts["paid"] = np.minimum(parts["paid"], conditional(method, peers) + 1.0)
            parts["paid"] = np.maximum(parts["paid"], conditional(method, peers, prior=10.0) - 1.0)
        if books.has("orders", "customer_id"):  # who has paid so before may again
            parts["paid"] = np.where(
                _before(books, "payment_method") & _before(books, "bill_country"),
                np.minimum(parts["paid"], 1.0),
                parts["paid"],
            )
        parts["paid"] = np.maximum(parts["paid"] - 1.5, 0.0)
    if books.has("orders", "ship_country"):
        ship = books.codes("orders", "ship_country")
        abroad = orders["ship_country"].to_numpy() != orders["bill_country"].to_numpy()
        there = np.bincount(ship[abroad], minlength=int(ship.max()) + 1)[ship].astype(np.float64)
        share = (there - 1 + 0.1) / (abroad.sum() + 1)  # of what goes abroad, leave-one-out
        far = np.maximum(-np.log(np.maximum(share, 1e-9)) - 4.0, 0.0)
        known = (
            _before(books, "ship_country") if books.has("orders", "customer_id") else np.zeros(books.size, dtype=bool)
        )
        parts["shipped"] = np.where(abroad & ~known, np.minimum(far * 1.5 + 0.5, 8.0), 0.0)
    if books.has("orders", "customer_id"):
        parts["moved"] = _moved(books, country)
    if books.has("orders", "currency"):
        money = conditional(books.codes("orders", "currency"), country)
        parts["currency"] = np.maximum(money - 4.0, 0.0)
    parts["listed"] = np.minimum(foreign_prices, 6.0)
    total = np.sum(list(parts.values()), axis=0)

    def reason(i: int) -> str:
        row, said = orders.iloc[i], []
        if "paid" in parts and parts["paid"][i] > 1:
            said.append(f"payment by {row['payment_method']} is unusual from {row['bill_country']}")
        if "moved" in parts and parts["moved"][i] > 1:
            said.append(f"the customer's other orders are not from {row['bill_country']}")
        if "shipped" in parts and parts["shipped"][i] > 1:
            said.append(f"hardly anything goes from {row['bill_country']} to {row['ship_country']}")
        if "currency" in parts and parts["currency"][i] > 1:
            said.append(f"{row['currency']} is unusual from {row['bill_country']}")
        if parts["listed"][i] > 1:
            said.append("its list prices are those of another currency")
        text = "; ".join(said) or f"{row['bill_country']} with this payment is unusual"
        return text[0].upper() + text[1:] + "."

    def cause(i: int) -> str:
        row = orders.iloc[i]
        return f"place:{row['bill_country']}:{row.get('payment_method', '')}"

    yield Evidence("country_payment", total, reason, cause)


def _before(books: Books, column: str) -> Mask:
    """Whether the customer has another order with the same value."""
    pair = books.codes("orders", "customer_id", column)
    return np.bincount(pair)[pair] > 1


def _moved(books: Books, country: Ints) -> Floats:
    customer = books.codes("orders", "customer_id")
    pair = books.codes("orders", "customer_id", "bill_country")
    same, mine = np.bincount(pair)[pair], np.bincount(customer)[customer]
    lone = (same == 1) & (mine >= 3)
    share = max(float(lone.mean()), MOVES)
    overall = np.bincount(country)[country] / len(country)
    # Two orders in two countries do not tell which of them is the odd one.
    return np.where(lone, -np.log(share) - 0.3 * np.log(overall), np.where((same == 1) & (mine == 2), 2.0, 0.0))


def exchange_rates(books: Books) -> Iterator[Evidence]:
    """Rates far from the same currency's rates of the days around."""
    if not books.has("orders", "fx_rate", "currency", "created_at"):
        return
    rate = books.numbers("orders", "fx_rate")
    frame = pd.DataFrame(
        {"c": books.orders["currency"], "d": books.created, "v": np.log(np.where(rate > 0, rate, np.nan))}
    )
    usual = pd.Series(np.nan, index=frame.index)
    for _, group in frame.groupby("c", sort=False):
        ordered = group.sort_values("d")
        usual.loc[ordered.index] = ordered["v"].rolling(41, center=True, min_periods=1).median()
    off = (frame["v"] - usual).abs().fillna(0.0).to_numpy()
    wrong = (off > max(0.03, 4 * float(np.quantile(off, 0.99)))) | (np.nan_to_num(rate) <= 0)
    strength = rule_strength(int(wrong.sum()), books.size)

    def reason(i: int) -> str:
        return f"The exchange rate is {rate[i]:g}, where {books.orders['currency'].iloc[i]} had about {np.exp(usual.iloc[i]):.4g} around that day."

    yield Evidence(
        "exchange_rate", np.where(wrong, strength, 0.0), reason, lambda i: f"rate:{books.orders['currency'].iloc[i]}"
    )

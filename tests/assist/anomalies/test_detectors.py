"""Each detector by one order made bad by hand in a sound year, and the reason that it gives."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from gp_prestashop.assist.anomalies.books import make_books
from gp_prestashop.assist.anomalies.score import Scored, score_books
from gp_prestashop.assist.anomalies.years import make_year

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def sound() -> Frames:
    year = make_year(41, 4000, 0.0)
    keep = [i for i in year.frames["orders"]["order_id"] if str(i) not in year.labels]
    return {name: frame[frame["order_id"].isin(keep)].reset_index(drop=True) for name, frame in year.frames.items()}


@pytest.fixture
def frames(sound: Frames) -> Frames:
    return {name: frame.copy() for name, frame in sound.items()}


def score_of(frames: Frames, order: int) -> Scored:
    return next(row for row in score_books(make_books(frames)) if row.order_id == str(order))


def household(frames: Frames, at_least: float = 30.0) -> int:
    """A paid web order of a household, with one plain line."""
    lines = frames["lines"]
    orders = frames["orders"].merge(
        lines.groupby("order_id").agg(n=("qty", "size"), q=("qty", "max"), p=("promo", "max")), on="order_id"
    )
    mine = orders[
        (orders.n == 1)
        & (orders.q == 1)
        & (orders.p == 0)
        & (orders.channel == "web")
        & (orders.payment_status == "paid")
    ]
    mine = mine[(mine.payment_method == "card") & (mine.subtotal > at_least) & (mine.tax_rate > 0)]
    known = frames["orders"].groupby("customer_id")["order_id"].transform("size") >= 5
    return int(mine[mine["order_id"].isin(frames["orders"]["order_id"][known])]["order_id"].iloc[5])


def resum(frames: Frames, order: int) -> None:
    """Header, payment and postings follow the lines again."""
    lines = frames["lines"][frames["lines"]["order_id"] == order]
    row = frames["orders"].index[frames["orders"]["order_id"] == order][0]
    head = frames["orders"].loc[row]
    factor = head["tax"] / (head["subtotal"] or 1)
    subtotal = round((lines["qty"] * lines["unit_price"]).sum(), 2)
    tax = (
        round(subtotal * factor, 2)
        if abs(head["tax"] - head["subtotal"] * head["tax_rate"] / 100) < 0.03
        else round((subtotal + head["freight"]) * head["tax_rate"] / 100, 2)
    )
    total = round(subtotal + head["freight"] + tax, 2)
    frames["orders"].loc[row, ["subtotal", "tax", "total"]] = [subtotal, tax, total]
    frames["payments"].loc[frames["payments"]["order_id"] == order, "amount"] = total
    gl = frames["gl"]
    mine = gl.index[gl["order_id"] == order]
    gl.loc[mine, ["debit", "credit"]] = 0.0
    gl.loc[mine[0], "debit"] = total
    gl.loc[mine[1], "credit"] = subtotal
    gl.loc[mine[-1], "credit"] = round(total - subtotal - (head["freight"] if len(mine) > 3 else 0), 2)
    if len(mine) > 3:
        gl.loc[mine[2], "credit"] = head["freight"]


def set_line(frames: Frames, order: int, **values: float) -> None:
    frames["lines"] = frames["lines"].astype({"unit_price": float})
    row = frames["lines"].index[frames["lines"]["order_id"] == order][0]
    for name, value in values.items():
        frames["lines"].loc[row, name] = value
    resum(frames, order)


def line(frames: Frames, order: int) -> pd.Series:
    return frames["lines"][frames["lines"]["order_id"] == order].iloc[0]


@pytest.mark.parametrize("factor", [100, 10, 0.1, 0.01])
def test_a_price_off_by_a_decimal_place(frames: Frames, factor: float) -> None:
    order = household(frames)
    price = line(frames, order)["unit_price"]
    assert score_of(frames, order).score < 0.5
    set_line(frames, order, unit_price=round(price * factor, 2))
    found = score_of(frames, order)
    assert (found.kind, found.score > 0.9) == ("price", True)
    assert f"costs {price * factor:.2f}, expected about {price:.2f}" in found.reason


def test_a_household_that_orders_hundreds(frames: Frames) -> None:
    order = household(frames)
    set_line(frames, order, qty=150)
    found = score_of(frames, order)
    assert (found.kind, found.score > 0.8) == ("quantity", True)
    assert "150 times" in found.reason


def test_a_negative_quantity_that_is_no_refund(frames: Frames) -> None:
    order = household(frames)
    set_line(frames, order, qty=-1)
    found = score_of(frames, order)
    assert (found.kind, found.score > 0.9) == ("quantity", True)
    assert "does not look like a refund" in found.reason


def change(column: str, of: Callable[[float], float], table: str = "orders") -> Callable[[Frames, int], None]:
    def do(frames: Frames, order: int) -> None:
        frames[table] = frames[table].astype({column: float})
        mine = frames[table]["order_id"] == order
        frames[table].loc[mine, column] = round(of(float(frames[table].loc[mine, column].iloc[0])), 2)

    return do


def half_the_tax(frames: Frames, order: int) -> None:
    """Half the tax, and everything that follows from it: only the rate tells."""
    row = frames["orders"].index[frames["orders"]["order_id"] == order][0]
    less = round(float(frames["orders"].loc[row, "tax"]) / 2, 2)
    frames["orders"].loc[row, ["tax", "total"]] -= less
    frames["payments"].loc[frames["payments"]["order_id"] == order, "amount"] -= less
    mine = frames["gl"].index[frames["gl"]["order_id"] == order]
    frames["gl"].loc[mine[0], "debit"] -= less
    frames["gl"].loc[mine[-1], "credit"] -= less


@pytest.mark.parametrize(
    ("do", "kind", "words"),
    [
        (change("subtotal", lambda v: v + 3), "total", "the sum of the lines"),
        (change("total", lambda v: v * 0.9), "total", "subtotal, freight and tax together"),
        (half_the_tax, "tax", "rate × base"),
        (change("tax_rate", lambda _: 13.0), "tax", "rate × base"),
        (change("amount", lambda v: v * 0.95, "payments"), "payment", "The payment is"),
        (change("debit", lambda v: v + 5, "gl"), "posting", "does not balance"),
    ],
)
def test_sums_that_disagree(frames: Frames, do: Callable[[Frames, int], None], kind: str, words: str) -> None:
    order = household(frames)
    do(frames, order)
    found = score_of(frames, order)
    assert found.score > 0.9
    assert found.kind == kind
    assert words in found.reason


def test_a_missing_payment_and_a_double_one(frames: Frames) -> None:
    order = household(frames)
    one = frames["payments"][frames["payments"]["order_id"] == order]
    frames["payments"] = frames["payments"][frames["payments"]["order_id"] != order]
    assert "has no payment" in score_of(frames, order).reason
    frames["payments"] = pd.concat([frames["payments"], one, one])
    found = score_of(frames, order)
    assert found.score > 0.9
    assert "2 payments add up to" in found.reason


def copy_order(frames: Frames, order: int, *, minutes: int) -> int:
    new = int(frames["orders"]["order_id"].max()) + 1
    for name, frame in frames.items():
        twin = frame[frame["order_id"] == order].copy()
        twin["order_id"] = new
        for column in {"created_at", "paid_at", "posted_at"} & set(twin.columns):
            twin[column] += pd.Timedelta(minutes=minutes)
        if name == "gl":
            twin["journal"] = new
        frames[name] = pd.concat([frame, twin], ignore_index=True)
    return new


def test_an_order_sent_twice(frames: Frames) -> None:
    order = household(frames)
    new = copy_order(frames, order, minutes=12)
    found = score_of(frames, new)
    assert (found.kind, found.score > 0.9) == ("duplicate", True)
    assert (
        found.reason
        == f"It repeats order {order} of the same customer, made 12 minutes before: the same lines and total under a new id."
    )
    assert score_of(frames, order).score < 0.5, "the first of the two is sound"


def test_a_subscription_is_no_duplicate(frames: Frames) -> None:
    order = household(frames)
    frames["orders"].loc[frames["orders"]["order_id"] == order, "created_at"] = pd.Timestamp(
        frames["orders"]["created_at"].min()
    ) + pd.Timedelta(hours=9)
    repeats = [copy_order(frames, order, minutes=7 * 1440 * k) for k in range(1, 20)]
    scored = {row.order_id: row for row in score_books(make_books(frames))}
    assert all(scored[str(new)].score < 0.5 for new in repeats)


def test_an_account_that_the_category_never_has(frames: Frames) -> None:
    order = household(frames)
    mine = frames["gl"].index[frames["gl"]["order_id"] == order]
    right = frames["gl"].loc[mine[1], "account"]
    frames["gl"].loc[mine[1], "account"] = "9999-00"
    found = score_of(frames, order)
    assert (found.kind, found.score > 0.9) == ("account", True)
    assert f"posted to account 9999-00; it is posted to account {right} otherwise" in found.reason


def test_a_web_order_posted_by_hand_on_sunday_night(frames: Frames) -> None:
    order = household(frames)
    by_hand = frames["gl"]["posted_by"].value_counts().index[1]
    mine = frames["gl"]["order_id"] == order
    at = pd.Timestamp(frames["gl"].loc[mine, "posted_at"].iloc[0]).normalize()
    sunday = at + pd.Timedelta(days=6 - at.day_of_week, hours=3)
    frames["gl"].loc[mine, "posted_by"] = by_hand
    frames["gl"].loc[mine, "posted_at"] = sunday
    found = score_of(frames, order)
    assert (found.kind, found.score > 0.9) == ("posting_time", True)
    assert f"Posted Sunday {sunday:%d %B} at 03:00 by {by_hand}" in found.reason

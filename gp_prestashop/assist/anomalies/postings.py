"""GL postings: balance, agreement with the order, accounts, and when and by whom they were posted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.accounts import accounts
from gp_prestashop.assist.anomalies.books import Books, Floats, Ints, Mask
from gp_prestashop.assist.anomalies.evidence import CERTAIN, Evidence, breach, conditional, rule_strength

__all__ = ["postings"]

CENT = 0.0101


def postings(books: Books) -> Iterator[Evidence]:
    """All that the GL says."""
    if not books.has("gl", "debit", "credit"):
        return
    yield from _balance(books)
    if books.has("gl", "journal"):
        yield from _journals(books)
    yield from accounts(books)
    if books.has("gl", "posted_at"):
        yield from _moments(books)


def _balance(books: Books) -> Iterator[Evidence]:
    debit = books.per_order("gl", books.numbers("gl", "debit"))
    credit = books.per_order("gl", books.numbers("gl", "credit"))
    rows = np.bincount(books.pos("gl"), minlength=books.size)
    off = debit - credit

    def unbalanced(i: int) -> str:
        return f"The journal does not balance: debits are {debit[i]:.2f}, credits {credit[i]:.2f}."

    yield Evidence("posting", np.where(rows > 0, breach(off, 2 * CENT), 0.0), unbalanced, lambda _: "gl:unbalanced")
    if not books.has("orders", "total"):
        return
    total = books.numbers("orders", "total")
    ledger = (
        debit if np.mean(np.abs(debit - total) <= 2 * CENT) >= np.mean(np.abs(credit - total) <= 2 * CENT) else credit
    )
    for value in (total, total * books.home):
        fits = np.abs(ledger - value) <= 2 * CENT + 1e-4 * np.abs(value)
        if np.mean(fits[rows > 0]) >= 0.95:
            yield _amounts(ledger, value, rows > 0)
            break
    missing = rows == 0
    strength = min(CERTAIN, 1.4 * rule_strength(int(missing.sum()), books.size))
    yield Evidence(
        "posting",
        np.where(missing, strength, 0.0),
        lambda _: "Nothing was posted for the order.",
        lambda _: "gl:missing",
    )


def _amounts(ledger: Floats, value: Floats, posted: Mask) -> Evidence:
    surprise = np.where(posted, breach(ledger - value, 2 * CENT + 1e-4 * np.abs(value)), 0.0)

    def reason(i: int) -> str:
        return f"{ledger[i]:.2f} was posted for an order of {value[i]:.2f}."

    return Evidence("posting", surprise, reason, lambda _: "gl:amount")


def _journals(books: Books) -> Iterator[Evidence]:
    pairs = pd.DataFrame({"p": books.pos("gl"), "j": books.gl["journal"].to_numpy()}).drop_duplicates()
    many = np.bincount(pairs["p"], minlength=books.size)
    usual = int(np.bincount(many[many > 0]).argmax()) if (many > 0).any() else 1
    more = many > usual
    shared = pairs.groupby("j")["p"].transform("size").to_numpy() > 1
    mixed = np.zeros(books.size, dtype=bool)
    if shared.mean() < 0.02:
        mixed[pairs["p"].to_numpy()[shared]] = True
    yield Evidence(
        "posting", np.where(more, rule_strength(int(more.sum()), books.size), 0.0), lambda i: f"It was posted {many[i]} times.", lambda _: "gl:twice"
    )  # fmt: skip
    yield Evidence(
        "posting", np.where(mixed, rule_strength(int(mixed.sum()), books.size), 0.0), lambda _: "Its journal holds another order too.", lambda _: "gl:mixed"
    )  # fmt: skip


def _moments(books: Books) -> Iterator[Evidence]:
    """Who posts what, at which hour, on which day of the week, and how long after the order."""
    first = ~books.gl.duplicated("pos").to_numpy()
    pos = books.pos("gl")[first]
    at = books.gl["posted_at"][first].reset_index(drop=True)
    good = at.notna().to_numpy()
    pos, at = pos[good], at[good].reset_index(drop=True)
    if len(pos) < 50:
        return
    poster = (
        pd.factorize(books.gl["posted_by"].to_numpy()[first][good])[0].astype(np.int64)
        if books.has("gl", "posted_by")
        else np.zeros(len(pos), dtype=np.int64)
    )
    names = books.gl["posted_by"].to_numpy()[first][good] if books.has("gl", "posted_by") else np.full(len(pos), "")
    channel = (
        books.codes("orders", "channel")[pos] if books.has("orders", "channel") else np.zeros(len(pos), dtype=np.int64)
    )
    hour, weekday = at.dt.hour.to_numpy(dtype=np.int64), at.dt.day_of_week.to_numpy(dtype=np.int64)
    parts = {
        "who": conditional(poster, channel),
        "hour": _hours(hour, poster, channel),
        "day": conditional((weekday >= 5).astype(np.int64), poster * (int(channel.max()) + 1) + channel),
    }
    if books.has("orders", "created_at"):
        late = np.floor(_days(at)) - np.floor(books.created[pos])
        kinds = np.clip(np.nan_to_num(late), -1, 8).astype(np.int64) + 1
        weekend = books.orders["created_at"].iloc[pos].dt.day_of_week.fillna(0).to_numpy(dtype=np.int64)
        parts["lag"] = conditional(kinds, channel * 7 + weekend)
    odd = {
        name: np.maximum(value - 2.0, 0.0) for name, value in parts.items()
    }  # the common is not evidence of anything
    total = np.sum(list(odd.values()), axis=0)
    surprise, where = np.zeros(books.size), np.full(books.size, -1, dtype=np.int64)
    surprise[pos], where[pos] = total, np.arange(len(pos))

    def reason(i: int) -> str:
        k = where[i]
        said = [f"posted {at.iloc[k]:%A %d %B at %H:%M}" + (f" by {names[k]}" if names[k] else "")]
        if odd["who"][k] > 0:
            said.append("who does not post such orders otherwise")
        if odd["hour"][k] > 0 or odd["day"][k] > 0:
            said.append("at a time when nobody posts")
        if odd.get("lag", np.zeros(len(pos)))[k] > 0:
            said.append("unusually long after the order" if parts["lag"][k] else "")
        text = ", ".join(said)
        return text[0].upper() + text[1:] + "."

    yield Evidence(
        "posting_time",
        surprise,
        reason,
        lambda i: f"posting:{names[where[i]]}:{hour[where[i]]}" if where[i] >= 0 else "posting",
    )


def _hours(hour: Ints, poster: Ints, channel: Ints) -> Floats:
    """−ln of how often this poster posts at about this hour: neighbours count half."""
    group = pd.factorize(poster * 1000 + channel)[0]
    table = np.zeros((int(group.max()) + 1, 24))
    np.add.at(table, (group, hour), 1.0)
    # A channel with few postings by this poster leans on the poster's other hours.
    whole = np.zeros((int(poster.max()) + 1, 24))
    np.add.at(whole, (poster, hour), 1.0)
    smooth = whole + 0.5 * np.roll(whole, 1, axis=1) + 0.5 * np.roll(whole, -1, axis=1)
    count = smooth[poster, hour] - 1.0  # leave one out
    return np.asarray(-np.log(np.minimum(1.0, (count + 0.5 / 24) / (smooth.sum(axis=1)[poster] / 2))), dtype=np.float64)


def _days(at: pd.Series) -> Floats:
    from gp_prestashop.assist.anomalies.books import days

    return days(at)

"""Stock that looks wrong: quantities as GP showed them over time (the ledger's raw records of the flow ``stock``).

GP fields used: IV00102.{QTYONHND, ATYALLOC} by site, IV00101.ITEMNMBR. Hard invariants first (less than nothing on hand, more
allocated than there is), then falls and rises that are far from what items do here: a count typed with a digit too many, or off by
a unit of measure, shows as a rise far beyond all that was ever there, or as a fall that no sales explain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select

from gp_prestashop.assist.anomalies.books import Floats
from gp_prestashop.assist.anomalies.evidence import CERTAIN, rule_strength
from gp_prestashop.assist.anomalies.ranking import probability
from gp_prestashop.assist.anomalies.score import Scored
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.ledger.payloads import unpack

__all__ = ["Reading", "recorded_readings", "score_stock"]

LEAST = 3  # readings before a change that show what the item does
NARROWEST = 0.35  # log units: below, no change counts
WHOLE = 0.95  # share of items in whole pieces, above which a fraction is odd


@dataclass(frozen=True, slots=True)
class Reading:
    """What GP held of an item at one moment, over all sites, in base units. ``at`` is aware."""

    item: str
    at: datetime
    on_hand: float
    allocated: float


def recorded_readings(ledger: Ledger, since: datetime, flow: str = "stock") -> Iterator[Reading]:
    """Every version that was received since then, item by item, the oldest first."""
    p, r = t.payload.c, t.record.c
    same = (p.system == r.system) & (p.resource == r.resource) & (p.key == r.key)
    query = select(p.body, p.received_at).join_from(t.record, t.payload, same)
    query = query.where(r.flow == flow, p.received_at >= since).order_by(p.key, p.received_at)
    with ledger.engine.connect() as connection, connection.execution_options(yield_per=1000).execute(query) as rows:
        for body, at in rows:
            yield _reading(unpack(body), at)


def score_stock(readings: Sequence[Reading]) -> list[Scored]:
    """One entry for each item (``order_id`` is the item), by its last reading against the earlier ones and the other items."""
    by_item: dict[str, list[Reading]] = {}
    for reading in readings:
        by_item.setdefault(reading.item, []).append(reading)
    items = sorted(by_item)
    if not items:
        return []
    kinds = [_invariants(items, by_item), *_changes(items, by_item)]
    found = []
    for at, item in enumerate(items):
        kind, chances, reasons = max(kinds, key=lambda one: one[1][at])
        sound = chances[at] < 0.05
        found.append(
            Scored(item, round(float(chances[at]), 6), "" if sound else kind, "Nothing stands out." if sound else reasons[at], f"{kind}:{item}")
        )  # fmt: skip
    return found


_Kind = tuple[str, Floats, list[str]]


def _invariants(items: Sequence[str], by_item: Mapping[str, Sequence[Reading]]) -> _Kind:
    """Counts that cannot be; what many items show alike is a custom of the house (negative stock is allowed in GP)."""
    last = [by_item[item][-1] for item in items]
    on_hand, allocated = np.array([r.on_hand for r in last]), np.array([r.allocated for r in last])
    whole = on_hand == np.round(on_hand)
    checks = (
        (on_hand < 0, "{item} has {on_hand:g} pieces on hand: less than nothing."),
        ((on_hand >= 0) & (allocated > on_hand), "Of {item} {allocated:g} pieces are allocated, but {on_hand:g} are on hand."),
        (~whole & bool(np.mean(whole) >= WHOLE), "{item} has {on_hand:g} on hand: a part of a piece."),
    )  # fmt: skip
    surprise, reasons = np.zeros(len(items)), [""] * len(items)
    for broken, sentence in checks:
        strength = min(CERTAIN, rule_strength(int(broken.sum()), max(len(items), 2000)))  # a few are no custom yet
        for at in np.flatnonzero(broken & (strength > surprise)).tolist():
            surprise[at] = strength
            reasons[at] = sentence.format(item=items[at], on_hand=on_hand[at], allocated=allocated[at])
    return "stock", 1.0 - np.exp(-surprise / 4.0), reasons


def _changes(items: Sequence[str], by_item: Mapping[str, Sequence[Reading]]) -> Iterator[_Kind]:
    rises, falls = np.zeros(len(items)), np.zeros(len(items))
    up, down = [""] * len(items), [""] * len(items)
    for at, item in enumerate(items):
        levels = np.array([max(r.on_hand, 0.0) for r in by_item[item]])
        if len(levels) <= LEAST:
            continue
        now, before, most = levels[-1], levels[-2], levels[:-1].max()
        rises[at] = max(0.0, float(np.log((now + 1) / (most + 1))))
        usual = max(0.0, float((levels[:-2] - levels[1:-1]).max()))  # the greatest fall so far
        falls[at] = max(0.0, float(np.log((before - now + 1) / (usual + 1)))) if before - now > usual else 0.0
        up[at] = f"{item} has {now:g} on hand, and never had more than {most:g}{_times(now, most)}."
        down[at] = (
            f"{item} fell from {before:g} to {now:g}; at most {usual:g} went at a time before{_times(before - now, usual)}."
        )
    for kind, size, reasons in (("stock_rise", rises, up), ("stock_fall", falls, down)):
        scale = max(NARROWEST, float(np.quantile(size, max(0.5, 1 - 5 / len(size)))) / 2)
        yield kind, probability(size * 3.0 / scale), reasons


def _times(found: float, usual: float) -> str:
    return f": {found / usual:.3g} times as much" if usual > 0 else ""


def _reading(raw: Mapping[str, Any], at: datetime) -> Reading:
    sites = raw.get("sites") or []
    on_hand = sum(_number(site.get("QTYONHND")) for site in sites)
    allocated = sum(abs(_number(site.get("ATYALLOC"))) for site in sites)
    return Reading(str(raw.get("ITEMNMBR") or "").strip(), at, on_hand, allocated)


def _number(value: Any) -> float:
    """A statistic's number: anything that is none counts as nothing."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0

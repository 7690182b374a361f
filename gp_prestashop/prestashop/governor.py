"""Keeps the shop at ease: a bounded number of requests at a time, a pace that falls when the shop refuses or slows down.

A refusal (429, 503, a firewall's 403) halves the pace that was kept in the last minute and waits as long as the shop
asks, with half as many requests at a time; each quiet minute raises both again. A shop that takes several times as long
as at its best is given as much rest after each answer as the answer took. Orders go before stock, stock before the
catalogue (see ranks.py).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gp_prestashop.clock import Clock
from gp_prestashop.prestashop.ranks import ORDERS, RANK_NAMES, SHARES, Slots, rank_of

__all__ = ["Governor", "Stats"]

WINDOW = 60.0  # seconds
SLOWEST = 6  # requests a minute
SLOW = 4.0  # times the usual latency
RAISE = 1.25
LONGEST_REST = 5.0  # seconds


@dataclass(slots=True)
class Stats:
    """What was asked of the shop so far. ``seconds`` waiting for answers, ``bytes`` of bodies received.

    ``unreadable``: answers that were not what they claimed, also those for which the other format did.
    """

    requests: int = 0
    writes: int = 0
    seconds: float = 0.0
    bytes: int = 0
    refusals: int = 0
    retries: int = 0
    unreadable: int = 0
    by_resource: dict[str, int] = field(default_factory=dict)


class Governor:
    """One for each client, shared by its threads. ``per_minute`` is the pace allowed now, None while unbounded."""

    def __init__(self, clock: Clock, *, concurrency: int = 4, per_minute: float | None = None) -> None:
        self._clock = clock
        self.concurrency = concurrency
        self._slots = Slots(concurrency)
        self._lock = threading.Lock()
        self._starts: deque[float] = deque()
        self._not_before = 0.0
        self._raised = 0.0
        self._best: float | None = None
        self._ceiling = per_minute
        self.per_minute = per_minute
        self.stats = Stats()

    @contextmanager
    def turn(self, resource: str = "") -> Iterator[None]:
        """Waits until a request may start, and holds one of the slots while it runs."""
        rank = rank_of(resource)
        with self._slots.hold(rank):
            while (wait := self._reserve(rank)) > 0:
                self._clock.sleep(wait)
            yield

    def figures(self) -> dict[str, int | float | None]:
        """The budget as it stands, for metadata: pace and requests a minute, and what was asked so far."""
        with self._lock:
            self._drop_old(self._clock.monotonic())
            by_rank = dict.fromkeys(RANK_NAMES, 0)
            for resource, requests in self.stats.by_resource.items():
                by_rank[RANK_NAMES[rank_of(resource)]] += requests
            return {
                "shop/requests": self.stats.requests,
                "shop/write_requests": self.stats.writes,
                "shop/requests_last_minute": len(self._starts),
                "shop/budget_per_minute": self.per_minute,
                "shop/at_a_time": self._slots.limit,
                "shop/refusals": self.stats.refusals,
                "shop/seconds_waited_for_answers": round(self.stats.seconds, 3),
                **{f"shop/requests_{name}": requests for name, requests in by_rank.items()},
            }

    def answered(self, resource: str, seconds: float, size: int) -> None:
        with self._lock:
            self.stats.requests += 1
            self.stats.seconds += seconds
            self.stats.bytes += size
            self.stats.by_resource[resource] = self.stats.by_resource.get(resource, 0) + 1
            # Kilobytes take time of their own: latency is compared between answers of like size.
            cost = seconds / (1 + size / 50_000)
            self._best = cost if self._best is None else min(self._best * 1.01, cost)
            if cost > SLOW * self._best and cost > 0.25:
                self._not_before = max(self._not_before, self._clock.monotonic() + min(seconds, LONGEST_REST))

    def refused(self, wait: float) -> None:
        """The shop refused: nothing more for ``wait`` seconds, and half the pace after that."""
        now = self._clock.monotonic()
        with self._lock:
            self.stats.refusals += 1
            self._drop_old(now)
            pace = max(SLOWEST, len(self._starts) / 2)
            self.per_minute = pace if self.per_minute is None else max(SLOWEST, min(pace, self.per_minute))
            self._slots.fewer()
            self._raised = now + wait
            self._not_before = max(self._not_before, now + wait)

    def _reserve(self, rank: int = ORDERS) -> float:
        """Seconds still to wait; 0 when the request may start, which is then counted."""
        now = self._clock.monotonic()
        with self._lock:
            self._drop_old(now)
            if now < self._not_before:
                return self._not_before - now
            if self.per_minute is not None:
                if now - self._raised >= WINDOW:
                    self._raise(now)
                if self.per_minute is not None and len(self._starts) >= max(1, self.per_minute * SHARES[rank]):
                    return max(self._starts[0] + WINDOW - now, 0.01)
            self._starts.append(now)
            return 0.0

    def _raise(self, now: float) -> None:
        self._raised = now
        self._slots.more()
        if self.per_minute is None:
            return
        self.per_minute *= RAISE
        if self._ceiling is not None:
            self.per_minute = min(self.per_minute, self._ceiling)
        elif self.per_minute > 6000:
            self.per_minute = None

    def _drop_old(self, now: float) -> None:
        while self._starts and now - self._starts[0] >= WINDOW:
            self._starts.popleft()

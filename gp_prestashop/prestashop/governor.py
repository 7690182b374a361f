"""Keeps the shop at ease: a bounded number of requests at a time, a pace that falls when the shop refuses or slows down.

A refusal (429, 503, a firewall's 403) halves the pace that was kept in the last minute and waits as long as the shop
asks; each quiet minute raises the pace again. A shop that takes several times as long as at its best is given as
much rest after each answer as the answer took.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gp_prestashop.clock import Clock

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
        self._slots = threading.BoundedSemaphore(concurrency)
        self._lock = threading.Lock()
        self._starts: deque[float] = deque()
        self._not_before = 0.0
        self._raised = 0.0
        self._best: float | None = None
        self._ceiling = per_minute
        self.per_minute = per_minute
        self.stats = Stats()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until a request may start, and holds one of the slots while it runs."""
        with self._slots:
            while (wait := self._reserve()) > 0:
                self._clock.sleep(wait)
            yield

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
            self._raised = now + wait
            self._not_before = max(self._not_before, now + wait)

    def _reserve(self) -> float:
        """Seconds still to wait; 0 when the request may start, which is then counted."""
        now = self._clock.monotonic()
        with self._lock:
            self._drop_old(now)
            if now < self._not_before:
                return self._not_before - now
            if self.per_minute is not None:
                if now - self._raised >= WINDOW:
                    self._raise(now)
                if self.per_minute is not None and len(self._starts) >= self.per_minute:
                    return max(self._starts[0] + WINDOW - now, 0.01)
            self._starts.append(now)
            return 0.0

    def _raise(self, now: float) -> None:
        self._raised = now
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

"""One policy for what happens after an error, for the engine, Dagster's op retries and its run retries alike.

A permanent failure costs at most two attempts in all: the first one, and none of the three retry mechanisms tries
it again, because each asks :func:`may_retry`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from gp_prestashop.clock import Clock
from gp_prestashop.errors import RateLimited, Transient

__all__ = ["RetryPolicy", "may_retry"]

T = TypeVar("T")


def may_retry(error: BaseException) -> bool:
    """Whether trying again can help: only when nothing was done and the cause passes by itself."""
    return isinstance(error, Transient)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Back-off in seconds: ``base`` doubled each time up to ``cap``, with full jitter; ``attempts`` in all."""

    attempts: int = 4
    base: int = 1
    cap: int = 30

    def call(self, work: Callable[[], T], *, clock: Clock, random: Random) -> T:
        """Run ``work``, again after each Transient error; the last one is raised."""
        for attempt in range(1, self.attempts + 1):
            try:
                return work()
            except Transient as error:
                if attempt == self.attempts:
                    raise
                clock.sleep(self.delay(error, attempt, random))
        raise AssertionError("unreachable")

    def delay(self, error: Transient, attempt: int, random: Random) -> float:
        if isinstance(error, RateLimited):
            return error.retry_after
        return random.uniform(0, min(self.cap, self.base * 2 ** (attempt - 1)))

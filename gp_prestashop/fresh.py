"""A value that is read again when it has become too old."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

__all__ = ["Fresh"]

T = TypeVar("T")


class Fresh(Generic[T]):
    """Set-up changes seldom, so it is read at most once in ``seconds`` (by the injected monotonic clock)."""

    def __init__(self, read: Callable[[], T], monotonic: Callable[[], float], seconds: int = 60) -> None:
        self._read: Final = read
        self._monotonic: Final = monotonic
        self._seconds: Final = seconds
        self._held: tuple[float, T] | None = None

    def get(self) -> T:
        now = self._monotonic()
        if self._held is None or now - self._held[0] > self._seconds:
            self._held = (now, self._read())
        return self._held[1]

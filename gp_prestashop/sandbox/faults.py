"""Faults that a listener commits on demand: a list of them, which tests fill directly and people over the control port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Generic, TypeVar

__all__ = ["FaultBook"]

F = TypeVar("F", bound=Any)  # a dataclass with ``kind``, and ``count``: how often it is still to happen


class FaultBook(Generic[F]):
    """Safe for threads."""

    def __init__(self, fault: Callable[..., F], kinds: Iterable[str]) -> None:
        self.kinds = tuple(kinds)
        self._fault = fault
        self._faults: list[F] = []
        self._lock = threading.Lock()

    def add(self, fault: F) -> None:
        """Raises ValueError for a kind that there is not."""
        if fault.kind not in self.kinds:
            raise ValueError(f"there is no fault {fault.kind!r}: choose from {', '.join(self.kinds)}")
        with self._lock:
            self._faults.append(fault)

    def order(self, **wanted: Any) -> None:
        """Add a fault described by its fields. Raises TypeError for a field that there is not."""
        self.add(self._fault(**wanted))

    def waiting(self) -> list[dict[str, Any]]:
        """Faults that have not happened often enough yet."""
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.count > 0]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def use_up(self, fits: Callable[[F], bool]) -> F | None:
        """The first fault that ``fits``, once less to come."""
        with self._lock:
            for fault in self._faults:
                if fault.count > 0 and fits(fault):
                    fault.count -= 1
                    return fault
        return None

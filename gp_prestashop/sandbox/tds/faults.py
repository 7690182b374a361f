"""Misbehaviour on demand, by a piece of the statement's text."""

from __future__ import annotations

import threading
from dataclasses import dataclass

__all__ = ["Fault", "Faults"]

KINDS = ("delay", "close_before", "close_after", "deadlock", "lock_timeout")


@dataclass
class Fault:
    """``text`` must be in the statement; ``count`` statements are affected; ``seconds`` for a delay.

    close_before: the connection ends before the statement runs; close_after: it runs, and the answer never comes
    (on COMMIT: committed, then reset); deadlock: 1205, rolled back; lock_timeout: 1222.
    """

    kind: str
    text: str = ""
    count: int = 1
    seconds: int = 1


class Faults:
    """A list of faults, safe for threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"there is no fault {fault.kind!r}: choose from {', '.join(KINDS)}")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, sql: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.count > 0 and fault.text in sql:
                    fault.count -= 1
                    return fault
        return None

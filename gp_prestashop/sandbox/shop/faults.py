"""Misbehaviour on demand: the next answers to a resource are delayed, refused, garbled or cut."""

from __future__ import annotations

import threading
from dataclasses import dataclass

__all__ = ["Fault", "Faults"]

KINDS = ("delay", "reset", "too_many", "unavailable", "html", "notice", "bom", "truncate", "empty_500")


@dataclass
class Fault:
    """``kind`` is one of KINDS; ``resource`` blank for all; ``count`` answers are affected; ``seconds`` for a delay."""

    kind: str
    resource: str = ""
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

    def take(self, resource: str) -> Fault | None:
        """The fault for this request, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.count > 0 and fault.resource in ("", resource):
                    fault.count -= 1
                    return fault
        return None

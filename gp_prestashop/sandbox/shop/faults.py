"""Misbehaviour on demand: the next answers to a resource are delayed, refused, garbled, cut, or lost after the work."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["KINDS", "Fault", "Faults"]

KINDS: Final = {
    "delay": "the answer comes `seconds` late",
    "reset": "the connection ends before anything is done",
    "too_many": "429 with Retry-After, nothing is done",
    "unavailable": "503 with Retry-After, nothing is done",
    "html": "an HTML page with status 200, nothing is done",
    "empty_500": "500 without a body, nothing is done",
    "notice": "done, and a PHP notice stands before the answer",
    "bom": "done, and a byte order mark and a blank line stand before the answer",
    "truncate": "done, and the answer ends half way",
    "reset_after": "done, and the connection ends without an answer",
    "error_after": "done, and a module's PHP warning makes it a 500",
    "error_row": "500 at the `row`th entity of a write: those before it are saved",
}


@dataclass
class Fault:
    """``kind`` is one of KINDS; ``resource`` and ``method`` blank for any; ``count`` answers are affected.

    ``seconds``: of a delay, or what Retry-After says; ``row``: of error_row, from 1.
    """

    kind: str
    resource: str = ""
    count: int = 1
    seconds: int = 1
    method: str = ""
    row: int = 1


class Faults:
    """A list of faults, safe for threads."""

    kinds = tuple(KINDS)

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"there is no fault {fault.kind!r}: choose from {', '.join(KINDS)}")
        with self._lock:
            self._faults.append(fault)

    def order(self, **wanted: Any) -> None:
        """Add a fault described by its fields."""
        self.add(Fault(**wanted))

    def waiting(self) -> list[dict[str, Any]]:
        """Faults that have not happened often enough yet."""
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.count > 0]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, resource: str, method: str = "GET") -> Fault | None:
        """The fault for this request, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.count > 0 and fault.resource in ("", resource) and fault.method in ("", method):
                    fault.count -= 1
                    return fault
        return None

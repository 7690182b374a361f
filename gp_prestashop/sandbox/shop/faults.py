"""Misbehaviour on demand: the next answers to a resource are delayed, refused, garbled, cut, or lost after the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gp_prestashop.sandbox.faults import FaultBook

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


class Faults(FaultBook[Fault]):
    """Those of one shop."""

    def __init__(self) -> None:
        super().__init__(Fault, KINDS)

    def take(self, resource: str, method: str = "GET") -> Fault | None:
        """The fault for this request, used up by one."""
        return self.use_up(lambda fault: fault.resource in ("", resource) and fault.method in ("", method))

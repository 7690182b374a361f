"""Misbehaviour of the SOAP listener on demand, by operation."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gp_prestashop.sandbox.faults import FaultBook
from gp_prestashop.sandbox.soap.server import SoapServer

__all__ = ["Fault", "Faults"]


class Trouble(RuntimeError):
    """The service breaks: HTTP 500 without a SOAP body."""


@dataclass
class Fault:
    """``resource`` is the operation's name, blank for any. delay; error_before: 500 before anything is done; error_after: done, then 500."""

    kind: str
    resource: str = ""
    count: int = 1
    seconds: int = 1


class Faults(FaultBook[Fault]):
    """Those of one server."""

    def __init__(self, server: SoapServer) -> None:
        super().__init__(Fault, ("delay", "error_before", "error_after"))
        server.before = self._before
        server.after = self._after

    def _take(self, operation: str, *kinds: str) -> Fault | None:
        return self.use_up(lambda fault: fault.kind in kinds and fault.resource in ("", operation))

    def _before(self, operation: str) -> None:
        fault = self._take(operation, "delay", "error_before")
        if fault and fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault:
            raise Trouble(operation)

    def _after(self, operation: str) -> None:
        if self._take(operation, "error_after"):
            raise Trouble(operation)

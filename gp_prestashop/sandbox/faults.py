"""Faults of the stand-in GP's listeners, as the control port of the stand-in shop orders them."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from gp_prestashop.sandbox.soap.server import SoapServer
from gp_prestashop.sandbox.tds.faults import KINDS as TDS_KINDS
from gp_prestashop.sandbox.tds.faults import Fault as TdsFault
from gp_prestashop.sandbox.tds.faults import Faults as TdsFaults

__all__ = ["SoapBook", "TdsBook"]


class TdsBook:
    """``order(kind=…, text=…, count=…, seconds=…)``: for the next statements that hold ``text``."""

    kinds = tuple(TDS_KINDS)

    def __init__(self, faults: TdsFaults) -> None:
        self._faults = faults
        self._ordered: list[TdsFault] = []

    def order(self, **wanted: Any) -> None:
        fault = TdsFault(**wanted)
        self._faults.add(fault)
        self._ordered.append(fault)

    def waiting(self) -> list[dict[str, Any]]:
        """Those ordered here; a test in the same process may have added others."""
        return [asdict(fault) for fault in self._ordered if fault.count > 0]

    def clear(self) -> None:
        self._ordered.clear()
        self._faults.clear()


class Trouble(RuntimeError):
    """The service breaks: HTTP 500 without a SOAP body."""


@dataclass
class SoapFault:
    """``resource`` is the operation's name, blank for any."""

    kind: str
    resource: str = ""
    count: int = 1
    seconds: int = 1


class SoapBook:
    """delay; error_before: 500 before anything is done; error_after: done, then 500."""

    kinds = ("delay", "error_before", "error_after")

    def __init__(self, server: SoapServer) -> None:
        self._faults: list[SoapFault] = []
        self._lock = threading.Lock()
        server.before = self._before
        server.after = self._after

    def order(self, **wanted: Any) -> None:
        fault = SoapFault(**wanted)
        if fault.kind not in self.kinds:
            raise ValueError(f"there is no fault {fault.kind!r}: choose from {', '.join(self.kinds)}")
        with self._lock:
            self._faults.append(fault)

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.count > 0]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def _take(self, operation: str, kinds: tuple[str, ...]) -> SoapFault | None:
        with self._lock:
            for fault in self._faults:
                if fault.count > 0 and fault.kind in kinds and fault.resource in ("", operation):
                    fault.count -= 1
                    return fault
        return None

    def _before(self, operation: str) -> None:
        fault = self._take(operation, ("delay", "error_before"))
        if fault and fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault:
            raise Trouble(operation)

    def _after(self, operation: str) -> None:
        if self._take(operation, ("error_after",)):
            raise Trouble(operation)

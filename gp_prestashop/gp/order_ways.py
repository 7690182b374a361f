"""How each writer changes, voids and stops an order that GP holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, Protocol

from gp_prestashop.gp.amend import amending_calls
from gp_prestashop.gp.econnect import EconnectWriter
from gp_prestashop.gp.reader import Reader
from gp_prestashop.gp.unposted import Unposted
from gp_prestashop.gp.withdraw import hold_call, void_call
from gp_prestashop.mapping.shapes import Document

__all__ = ["EconnectWay", "Way"]


class Way(Protocol):
    """Each method raises as :meth:`gp_prestashop.gp.writer.Writer.write` does."""

    beyond: str  # what it cannot change, as the end of a sentence; blank when it can change all
    free_columns: frozenset[str] | None  # the differences that it can make good; None for all

    def apply(self, document: Document, order: Unposted, verify: Callable[[Reader], None]) -> None:
        """``verify`` raises when GP has made something else of it."""
        ...

    def void(self, number: str, day: date) -> None: ...

    def stop(self, number: str, hold: str, day: date) -> None: ...

    def release(self, number: str, hold: str, day: date) -> None: ...


class EconnectWay:
    """One transaction, read back before it is committed."""

    beyond: str = ""
    free_columns: frozenset[str] | None = None

    def __init__(self, writer: EconnectWriter) -> None:
        self._writer: Final = writer

    def apply(self, document: Document, order: Unposted, verify: Callable[[Reader], None]) -> None:
        self._writer.run(amending_calls(document, order), f"the change of {document.key}", verify)

    def void(self, number: str, day: date) -> None:
        self._writer.run([void_call(number, day)], f"the cancellation of {number}")

    def stop(self, number: str, hold: str, day: date) -> None:
        self._writer.run([hold_call(number, hold, day)], f"the hold of {number}")

    def release(self, number: str, hold: str, day: date) -> None:
        self._writer.run([hold_call(number, hold, day, lift=True)], f"the release of {number}")

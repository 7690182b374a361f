"""How orders that GP holds are changed, voided and stopped through the web services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from gp_prestashop.gp.reader import Reader
from gp_prestashop.gp.unposted import Unposted
from gp_prestashop.gp.webservices.writer import WebServicesWriter
from gp_prestashop.mapping.shapes import Document

__all__ = ["ServicesWay"]


class ServicesWay:
    """What costs nothing only: amounts cannot be read back before they are committed, and taxes not be replaced."""

    beyond: str = "GP's web services change only its address, carrier, site and comment"
    free_columns: frozenset[str] | None = frozenset(
        {"LOCNCODE", "SHIPMTHD", "PRBTADCD", "PRSTADCD", "ShipToName", "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3",
         "CITY", "STATE", "ZIPCODE", "COUNTRY", "PHNUMBR1", "PHNUMBR2"}
    )  # fmt: skip

    def __init__(self, writer: WebServicesWriter, database: Reader) -> None:
        self._writer: Final = writer
        self._database: Final = database

    def apply(self, document: Document, order: Unposted, verify: Callable[[Reader], None]) -> None:  # noqa: ARG002
        self._writer.update_order(document)
        verify(self._database)

    def void(self, number: str, day: date) -> None:  # noqa: ARG002
        self._writer.void_order(number)

    def stop(self, number: str, hold: str, day: date) -> None:  # noqa: ARG002
        self._writer.stop_order(number, hold)

    def release(self, number: str, hold: str, day: date) -> None:  # noqa: ARG002
        self._writer.stop_order(number, hold, lift=True)

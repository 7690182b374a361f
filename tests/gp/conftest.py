"""Fixtures of the GP connector's tests."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings


class StillClock:
    """A clock that stands where it is set; sleeping moves it."""

    def __init__(self, now: datetime) -> None:
        self.moment = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC))


@pytest.fixture
def unconnected(clock: StillClock) -> GpDatabase:
    """A database that is never connected to: statements can be rendered."""
    return GpDatabase(GpSettings(sql_url="mssql+pymssql://sa:pw@127.0.0.1:1", company="TWO"), clock)


MakeOrder = Callable[..., Document]


@pytest.fixture
def order() -> MakeOrder:
    """Builds a sales order of two lines with line, freight and wrapping taxes; arguments change the header."""

    def make(number: str = "PS00000012", **header: Any) -> Document:
        common = {"SOPTYPE": 2, "SOPNUMBE": number, "CUSTNMBR": "PS00000007"}
        day = date(2026, 11, 20)
        lines = [
            _line(common, day, 1, "ITEM-A", "2", "10.05", "20.10", "4.02"),
            _line(common, day, 2, "ITEM-B", "1", "5.00", "5.00", "1.00"),
        ]
        taxes = [
            {**common, "TAXTYPE": 0, "LNITMSEQ": 16384, "TAXDTLID": "FRVAT20", "STAXAMNT": Decimal("4.02"),
             "SALESAMT": Decimal("20.10"), "TDTTXSLS": Decimal("20.10")},
            {**common, "TAXTYPE": 0, "LNITMSEQ": 32768, "TAXDTLID": "FRVAT20", "STAXAMNT": Decimal("1.00"),
             "SALESAMT": Decimal("5.00"), "TDTTXSLS": Decimal("5.00")},
            {**common, "TAXTYPE": 1, "LNITMSEQ": 0, "TAXDTLID": "FRVAT20", "FREIGHT": Decimal("4.00"),
             "FRTTXAMT": Decimal("0.80")},
        ]  # fmt: skip
        main = {
            **common, "DOCID": "STDORD", "DOCDATE": day, "CSTPONBR": "XKBKNABJK", "CURNCYID": "EUR", "LOCNCODE": "MAIN",
            "SUBTOTAL": Decimal("25.10"), "FREIGHT": Decimal("4.00"), "MISCAMNT": Decimal(0), "TRDISAMT": Decimal(0),
            "TAXAMNT": Decimal("5.02"), "FRTTXAMT": Decimal("0.80"), "MSCTXAMT": Decimal(0), "TAXSCHID": "SHOP-FR",
            "DOCAMNT": Decimal("34.92"), "PYMTRCVD": Decimal(0), "SHIPMTHD": None,
        }  # fmt: skip
        user = [{"SOPTYPE": 2, "SOPNUMBE": number, "USERDEF1": "12"}]
        frames = {"header": [main | header], "lines": lines, "taxes": taxes, "user_defined": user}
        return Document("12", "sales_order", number, frames)

    return make


def _line(
    common: dict[str, Any], day: date, position: int, item: str, quantity: str, price: str, extended: str, tax: str
) -> dict[str, Any]:
    return {
        **common, "DOCDATE": day, "DOCID": "STDORD", "LNITMSEQ": position * 16384, "ITEMNMBR": item, "LOCNCODE": "MAIN",
        "QUANTITY": Decimal(quantity), "UNITPRCE": Decimal(price), "XTNDPRCE": Decimal(extended),
        "TAXAMNT": Decimal(tax), "CURNCYID": "EUR",
    }  # fmt: skip


@pytest.fixture
def customer() -> Callable[..., Document]:
    def make(number: str = "PS00000007", **header: Any) -> Document:
        address = {
            "CUSTNMBR": number,
            "ADRSCODE": "A5",
            "ADDRESS1": "1 rue de la Paix",
            "CITY": "Paris",
            "UpdateIfExists": 1,
        }
        main = {
            "CUSTNMBR": number, "CUSTNAME": "Zoé Martin", "ADRSCODE": "A5", "PRBTADCD": "A5", "PRSTADCD": "A5",
            "STADDRCD": "A5", "ADDRESS1": "1 rue de la Paix", "CITY": "Paris", "UseCustomerClass": 0, "INACTIVE": 0,
        }  # fmt: skip
        mail = {"Master_Type": "CUS", "Master_ID": number, "ADRSCODE": "A5", "INET1": "zoe@example.com",
                "EmailToAddress": "zoe@example.com"}  # fmt: skip
        return Document(
            "7", "customer", number, {"header": [main | header], "addresses": [address], "internet": [mail]}
        )

    return make


@pytest.fixture
def deposit() -> Callable[..., Document]:
    def make(number: str = "PSP00000003", order_number: str = "PS00000012", **header: Any) -> Document:
        main = {
            "SOPTYPE": 2, "SOPNUMBE": order_number, "CUSTNMBR": "PS00000007", "DOCDATE": date(2026, 11, 20),
            "DOCAMNT": Decimal("34.92"), "CHEKBKID": "BANK-EUR", "PYMTTYPE": 1, "DOCNUMBR": number, "Action": 1,
        }  # fmt: skip
        return Document("3", "deposit", number, {"header": [main | header]})

    return make


@pytest.fixture
def unused_port() -> Callable[[], int]:
    """A port on which nothing listens."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port

    return find

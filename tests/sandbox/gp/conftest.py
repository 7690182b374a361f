"""A private Postgres for this folder's tests, with GP's tables and a company set up in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from gp_prestashop.ledger import server_binaries
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.gp.host import EconnectHost
from tests.company_database import fill


def _server(folder: Path, *, packaged: bool) -> Iterator[str]:
    """The packaged server is built without ICU, the harder case for GP's text; an installed one usually has ICU."""
    with pytest.MonkeyPatch.context() as patch:
        if packaged:
            patch.setattr(server_binaries, "_installed", lambda: iter(()))
        server = EmbeddedPostgres(folder, durable=False)
        url = server.start()
    try:
        yield url
    finally:
        server.destroy()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _server(tmp_path_factory.mktemp("gp") / "postgres", packaged=True)


@pytest.fixture(params=["packaged", "installed"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without GP's tables, on each kind of server."""
    yield from _server(tmp_path / "postgres", packaged=request.param == "packaged")


TODAY = datetime(2026, 11, 10)
NOW = datetime(2026, 11, 10, 14, 30, 15)


class Gp:
    """Calls procedures as an integration does, over one transaction that the test's end rolls back."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.cursor = connection.cursor()
        self.host = EconnectHost(now=lambda: NOW)

    def call(self, procedure: str, **arguments: object) -> list[int]:
        """The error numbers; [] is success. Arguments without their prefix."""
        signature = self.host.signature(procedure)
        assert signature is not None
        names = {parameter.name[3:]: parameter.name for parameter in signature.parameters}
        outputs = self.host.execute(self.cursor, "TWO", procedure, {names[k]: v for k, v in arguments.items()}).outputs
        numbers = [int(n) for n in str(outputs["oErrString"]).split()]
        assert outputs["O_iErrorState"] == (numbers[-1] if numbers else 0)
        return numbers

    def rows(self, sql: str, *values: object) -> list[dict[str, object]]:
        cursor = self.cursor.connection.cursor(row_factory=dict_row)
        return cursor.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> dict[str, object]:
        (row,) = self.rows(sql, *values)
        return row

    def run(self, sql: str, *values: object) -> None:
        self.cursor.execute(sql, values)

    def customer(self, number: str = "C1", **more: object) -> list[int]:
        fields = {
            "CUSTNMBR": number, "CUSTNAME": "Zoé Müller", "CUSTCLAS": "WEB", "UseCustomerClass": 1, "ADRSCODE": "PRIMARY",
            "ADDRESS1": "1 rue de la Paix", "CITY": "Paris", "ZIPCODE": "75002", "COUNTRY": "France", "CCode": "FR",
        }  # fmt: skip
        return self.call("taUpdateCreateCustomerRcd", **{**fields, **more})

    def line(self, **more: object) -> list[int]:
        fields = {
            "SOPTYPE": 2, "SOPNUMBE": "PS1", "CUSTNMBR": "C1", "DOCDATE": TODAY, "LOCNCODE": "MAIN", "ITEMNMBR": "MUG",
            "UNITPRCE": Decimal("10.00"), "QUANTITY": Decimal(2), "XTNDPRCE": Decimal("20.00"), "DOCID": "STDORD",
            "CURNCYID": "EUR",
        }  # fmt: skip
        return self.call("taSopLineIvcInsert", **{**fields, **more})

    def tax(self, **more: object) -> list[int]:
        fields = {
            "SOPTYPE": 2, "SOPNUMBE": "PS1", "CUSTNMBR": "C1", "LNITMSEQ": 16384, "TAXDTLID": "FRVAT20",
            "SALESAMT": Decimal("20.00"), "STAXAMNT": Decimal("4.00"),
        }  # fmt: skip
        return self.call("taSopLineIvcTaxInsert", **{**fields, **more})

    def payment(self, **more: object) -> list[int]:
        fields = {
            "SOPTYPE": 2, "SOPNUMBE": "PS1", "CUSTNMBR": "C1", "DOCDATE": TODAY, "DOCAMNT": Decimal("24.00"),
            "CHEKBKID": "BANK-EUR", "PYMTTYPE": 1, "DOCNUMBR": "PAY1", "Action": 1,
        }  # fmt: skip
        return self.call("taCreateSopPaymentInsertRecord", **{**fields, **more})

    def header(self, **more: object) -> list[int]:
        fields = {
            "SOPTYPE": 2, "DOCID": "STDORD", "SOPNUMBE": "PS1", "CUSTNMBR": "C1", "DOCDATE": TODAY, "BACHNUMB": "WEB1",
            "LOCNCODE": "MAIN", "SUBTOTAL": Decimal("20.00"), "DOCAMNT": Decimal("20.00"), "TRDISAMT": 0, "CURNCYID": "EUR",
            "CSTPONBR": "ABCDEFGHI",
        }  # fmt: skip
        return self.call("taSopHdrIvcInsert", **{**fields, **more})


def _items() -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {
        "IV00101": [], "IV00102": [], "IV00105": [], "IV00107": [], "IV00108": [],
    }  # fmt: skip
    base = {
        "ITEMTYPE": 1, "DECPLQTY": 1, "DECPLCUR": 3, "UOMSCHDL": "EACH", "SELNGUOM": "Each", "ALWBKORD": 1, "PRICMTHD": 1,
        "CURRCOST": Decimal("4.00"), "TAXOPTNS": 1, "VCTNMTHD": 1, "PRCLEVEL": "WEB",
    }  # fmt: skip
    items = {
        "MUG": {"ITEMDESC": "Mug"},
        "CLOTH": {"ITEMDESC": "Cloth by the metre", "DECPLQTY": 3},
        "LAST": {"ITEMDESC": "Last pieces", "ALWBKORD": 0},
        "OLD": {"ITEMDESC": "No longer sold", "INACTIVE": 1},
        "EURONLY": {"ITEMDESC": "No dollar price"},
        "NOLIST": {"ITEMDESC": "No dollar list price"},
        "SERVICE": {"ITEMDESC": "Gift wrapping", "ITEMTYPE": 5},
        "ELSEWHERE": {"ITEMDESC": "Kept in the other site"},
    }
    for number, more in items.items():
        rows["IV00101"].append({"ITEMNMBR": number, **base, **more})
        site = "WAREHOUSE" if number == "ELSEWHERE" else "MAIN"
        stock = Decimal(3 if number == "LAST" else 1000)
        rows["IV00102"].append({"ITEMNMBR": number, "RCRDTYPE": 1, "LOCNCODE": "", "QTYONHND": stock})
        rows["IV00102"].append({"ITEMNMBR": number, "RCRDTYPE": 2, "LOCNCODE": site, "QTYONHND": stock})
        for index, currency in enumerate(("EUR", "USD"), start=1001):
            if number != "NOLIST" or currency == "EUR":
                rows["IV00105"].append(
                    {
                        "ITEMNMBR": number,
                        "CURNCYID": currency,
                        "CURRNIDX": index,
                        "DECPLCUR": 3,
                        "LISTPRCE": Decimal(10),
                    }
                )
            if number == "EURONLY" and currency == "USD":
                continue
            key = {"ITEMNMBR": number, "CURNCYID": currency, "PRCLEVEL": "WEB", "UOFM": "Each", "QTYBSUOM": Decimal(1)}
            rows["IV00107"].append({**key, "UMSLSOPT": 1})
            rows["IV00108"].append(
                {**key, "TOQTY": Decimal(999999999999), "FROMQTY": Decimal(1), "UOMPRICE": Decimal(10)}
            )
    return rows


@pytest.fixture(scope="session")
def company_url(postgres_url: str) -> str:
    fill(postgres_url, _items())
    return postgres_url


@pytest.fixture
def gp(company_url: str) -> Iterator[Gp]:
    with psycopg.connect(company_url) as connection:
        company = Gp(connection)
        assert company.customer() == []
        yield company
        connection.rollback()

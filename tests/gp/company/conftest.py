"""A company on a server: the stand-in GP, spoken to over TDS, on a private Postgres."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from gp_prestashop.clock import Clock
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap.server import SoapServer
from gp_prestashop.sandbox.tds.faults import Faults
from gp_prestashop.sandbox.tds.server import TdsServer
from gp_prestashop.settings import GpSettings
from tests.company_database import company_database

ITEMS = {
    "ITEM-A": {"ITEMDESC": "First item"},
    "ITEM-B": {"ITEMDESC": "Second item"},
    "OLD": {"ITEMDESC": "No longer sold", "INACTIVE": 1},
    "BOX": {"ITEMDESC": "Gift box", "ITEMTYPE": 3},
}


def _item_rows() -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("IV00101", "IV00102", "IV00105", "IV00107", "IV00108")
    }
    for number, more in ITEMS.items():
        rows["IV00101"].append(
            {
                "ITEMNMBR": number, "ITEMTYPE": 1, "DECPLQTY": 1, "DECPLCUR": 3, "UOMSCHDL": "EACH", "SELNGUOM": "Each",
                "ALWBKORD": 1, "PRICMTHD": 1, "TAXOPTNS": 1, "VCTNMTHD": 1, "PRCLEVEL": "WEB", "ITMTSHID": "ITEM-STD", **more,
            }
        )  # fmt: skip
        for kind, site in ((1, ""), (2, "MAIN")):
            rows["IV00102"].append({"ITEMNMBR": number, "RCRDTYPE": kind, "LOCNCODE": site, "QTYONHND": Decimal(1000)})
        for currency, index in (("EUR", 1001), ("USD", 1002)):
            key = {"ITEMNMBR": number, "CURNCYID": currency}
            rows["IV00105"].append({**key, "CURRNIDX": index, "DECPLCUR": 3, "LISTPRCE": Decimal(10)})
            unit = {"PRCLEVEL": "WEB", "UOFM": "Each", "QTYBSUOM": Decimal(1)}
            rows["IV00107"].append({**key, **unit, "UMSLSOPT": 1})
            span = {"FROMQTY": Decimal(1), "TOQTY": Decimal(999999999999), "UOMPRICE": Decimal(10)}
            rows["IV00108"].append({**key, **unit, **span})
    rows["IV00104"] = [
        {"ITEMNMBR": "BOX", "SEQNUMBR": place, "CMPTITNM": item, "CMPITUOM": "Each", "CMPITQTY": Decimal(2)}
        for place, item in enumerate(("ITEM-A", "ITEM-B"), start=1)
    ]
    return rows


class Server:
    """A running stand-in: ``url`` for the connector, ``sql`` to look into its tables, ``cursor`` for what users do."""

    def __init__(self, url: str, postgres_url: str, faults: Any) -> None:
        self.url = url
        self.postgres_url = postgres_url
        self.faults = faults

    def sql(self, query: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self.postgres_url, row_factory=dict_row) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def do(self, action: Callable[..., Any], *arguments: object) -> Any:
        with psycopg.connect(self.postgres_url) as connection, connection.cursor() as cursor:
            return action(cursor, *arguments)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with company_database(tmp_path_factory.mktemp("gp"), _item_rows()) as postgres_url:
        faults = Faults()
        host = EconnectHost(company="TWO")
        with TdsServer(postgres_url, host, users={"sa": "pw"}, faults=faults) as tds:
            yield Server(f"mssql+pymssql://sa:pw@127.0.0.1:{tds.port}/TWO", postgres_url, faults)


@pytest.fixture(scope="session")
def services(server: Server) -> Iterator[SoapServer]:
    """The web services of the same company."""
    with SoapServer(server.postgres_url, EconnectHost(company="TWO"), users={"SANDBOX\\gp": "pw"}) as soap:
        yield soap


@pytest.fixture
def services_target(make_target: Callable[..., GpTarget], services: SoapServer) -> Callable[..., GpTarget]:
    """Targets that write through the web services."""
    login = {"services_url": services.url, "services_user": "SANDBOX\\gp", "services_password": "pw"}
    return lambda **settings: make_target(writer="webservices", **login, **settings)


@pytest.fixture
def make_target(server: Server, clock: Clock) -> Iterator[Callable[..., GpTarget]]:
    """Targets with a batch prefix of their own for each test."""
    made: list[GpTarget] = []

    def make(**settings: Any) -> GpTarget:
        batch = {"prefix": f"T{next(_prefixes):03d}"} | settings.pop("batch", {})
        target = GpTarget(GpSettings(sql_url=server.url, company="TWO", batch=batch, **settings), clock)
        made.append(target)
        return target

    yield make
    for target in made:
        target.close()


@pytest.fixture
def target(make_target: Callable[..., GpTarget]) -> GpTarget:
    return make_target()


_prefixes = itertools.count(1)


@pytest.fixture
def ready(
    target: GpTarget, customer: Callable[..., Document], order: Callable[..., Document]
) -> Callable[..., Document]:
    """Builds orders of one's own number, of a customer whom GP holds already."""

    def make(**header: Any) -> Document:
        number = f"PS{next(_numbers):08d}"
        if not target.existing([customer()]):
            target.write(customer(), "create")
        return order(number, PRBTADCD="A5", PRSTADCD="A5", **header)

    return make


_numbers = itertools.count(100)

"""Both stand-ins together, from one world: what `gp-prestashop sandbox` and `demo` start, and what tests use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psycopg
from ruamel.yaml import YAML

from gp_prestashop.sandbox.gp import schema, seed
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import ShopStore
from gp_prestashop.sandbox.soap.faults import Faults as SoapFaults
from gp_prestashop.sandbox.soap.server import SoapServer
from gp_prestashop.sandbox.tds.server import TdsServer
from gp_prestashop.sandbox.world import World, value_maps

__all__ = ["SHOP_KEY", "SQL_USER", "Ports", "Sandbox", "write_maps"]

SHOP_KEY = "SANDBOXKEY0SANDBOXKEY0SANDBOXKEY"
SQL_USER = ("sa", "sandbox")
SOAP_USER = ("SANDBOX\\gp", "sandbox")


@dataclass(frozen=True)
class Ports:
    """Where to listen; 0 takes a free port."""

    shop: int = 0
    tds: int = 0
    soap: int = 0


class Sandbox:
    """A shop over HTTP, and a GP company over TDS and SOAP on the Postgres at ``postgres_url`` (an empty database)."""

    def __init__(self, world: World, postgres_url: str, ports: Ports = Ports(), *, cost: bool = False) -> None:
        self.world = world
        self._postgres_url = postgres_url
        store = ShopStore(world.version)
        store.add_key(SHOP_KEY)
        store.load(world.shop)
        host = EconnectHost()
        self.shop = ShopServer(store, port=ports.shop, cost=cost)
        self.tds = TdsServer(postgres_url, host, users=dict([SQL_USER]), port=ports.tds)
        self.soap = SoapServer(postgres_url, host, users=dict([SOAP_USER]), port=ports.soap)
        self.shop.books |= {"tds": self.tds.faults, "soap": SoapFaults(self.soap)}

    @property
    def sql_url(self) -> str:
        user, password = SQL_USER
        return f"mssql+pymssql://{user}:{password}@127.0.0.1:{self.tds.port}/TWO"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point the product at this sandbox."""
        return {
            "GPPS_SHOP__URL": self.shop.url,
            "GPPS_SHOP__KEY": SHOP_KEY,
            "GPPS_SHOP__TIMEZONE": "Europe/Paris",
            "GPPS_GP__SQL_URL": self.sql_url,
            "GPPS_GP__COMPANY": "TWO",
            "GPPS_GP__SERVICES_URL": self.soap.url,
            "GPPS_GP__SERVICES_USER": SOAP_USER[0],
            "GPPS_GP__SERVICES_PASSWORD": SOAP_USER[1],
            "GPPS_GO_LIVE": self.world.go_live.isoformat(),
            "GPPS_CATALOGUE__SOLD": "class:WEBITEM",
            "GPPS_CATALOGUE__VARIANTS": "pattern",
            "GPPS_CATALOGUE__PATTERN": "{parent}-{colour}-{size}",
            "GPPS_CATALOGUE__OPTIONS": "colour,size",
        }

    def start(self, *, with_tables: bool = False) -> Sandbox:
        """``with_tables``: the database has GP's tables already, all of them empty."""
        if not with_tables:
            schema.create(self._postgres_url)
        with psycopg.connect(self._postgres_url) as connection, connection.cursor() as cursor:
            seed.load(cursor, "TWO", seed.company_setup())
            seed.load(cursor, "TWO", self.world.gp)
        self.shop.start()
        self.tds.start()
        self.soap.start()
        return self

    def stop(self) -> None:
        for server in (self.soap, self.tds, self.shop):
            server.stop()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def write_maps(world: World, home: Path) -> None:
    """The value maps of this world, as a site keeps them in ``$GPPS_HOME/maps``."""
    folder = home / "maps"
    folder.mkdir(parents=True, exist_ok=True)
    maps = {name: rows for name, rows in value_maps(world).items() if name != "order_states"}
    with (folder / "values.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(maps, file)

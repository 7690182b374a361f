"""The stand-ins of ``bench stock``, in a process of their own: ``python -m benchmarks.stock_house FOLDER ROWS``.

Prints the settings as one line of JSON, and ends when its standard input does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.gp import seed
from gp_prestashop.sandbox.sandbox import Sandbox, write_maps
from gp_prestashop.sandbox.world import generate

__all__ = ["fill_gp", "fill_shop"]

FIRST = 1_000_000  # ids of the benchmark's own products and stock rows


def main(folder: Path, rows: int) -> None:
    world = generate(1, orders=12, troubles=False)
    with EmbeddedPostgres(folder / "postgres", durable=True, keep=False) as postgres:
        gp_url = postgres.create_database("gp")
        with Sandbox(world, gp_url, cost=True) as sandbox:
            fill_shop(sandbox.shop.store, rows)
            fill_gp(gp_url, rows)
            write_maps(world, folder)
            environment = {
                **sandbox.environment,
                "GPPS_HOME": str(folder),
                "GPPS_DATABASE_URL": postgres.create_database("gpps"),
                "GPPS_CATALOGUE__SOLD": "class:STOCK",
                "BENCH_GP_URL": gp_url,
                "BENCH_FIRST_STOCK": str(FIRST + 1),
            }
            print(json.dumps(environment), flush=True)
            sys.stdin.read()


def fill_shop(store: Any, rows: int) -> None:
    """Products with only what is looked at, since 100,000 whole ones take a gigabyte here."""
    stock = dict(store.row("stock_availables", next(iter(store.ids("stock_availables")))))

    def products() -> Iterator[dict[str, Any]]:
        for n in range(1, rows + 1):
            yield {"id": str(FIRST + n), "reference": f"ST-{n:06d}", "ean13": "", "associations": {}}

    def stocks() -> Iterator[dict[str, Any]]:
        for n in range(1, rows + 1):
            key = str(FIRST + n)
            yield {**stock, "id": key, "id_product": key, "id_product_attribute": "0", "quantity": "0"}

    store.load({"products": products(), "stock_availables": stocks()})


def fill_gp(url: str, rows: int) -> None:
    """As many items with a quantity each, of the class STOCK."""
    numbers = [f"ST-{n:06d}" for n in range(1, rows + 1)]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        seed.load(
            cursor,
            "TWO",
            {
                "IV40400": [{"ITMCLSCD": "STOCK", "ITMCLSDC": "Benchmark"}],
                "IV00101": [{"ITEMNMBR": n, "ITEMTYPE": 1, "ITMCLSCD": "STOCK", "UOMSCHDL": "EACH"} for n in numbers],
                "IV00102": [
                    {"ITEMNMBR": n, "LOCNCODE": "MAIN", "RCRDTYPE": 2, "QTYONHND": 1 + i % 97, "ATYALLOC": 0}
                    for i, n in enumerate(numbers)
                ],
            },
        )
        connection.commit()
        connection.autocommit = True
        cursor.execute("vacuum analyze")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

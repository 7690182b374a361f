"""The world's GP rows in GP's own tables, next to the set-up that they point at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.gp import schema, seed
from gp_prestashop.sandbox.gp.company_setup import company_setup
from gp_prestashop.sandbox.world import World, value_maps


@pytest.fixture(scope="module")
def company(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Cursor[Any]]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("world") / "postgres", durable=False)
    url = server.start()
    try:
        schema.create(url)
        with psycopg.connect(url, connect_timeout=10) as connection, connection.cursor() as cursor:
            seed.load(cursor, "TWO", company_setup())
            seed.load(cursor, "TWO", world.gp)
            yield cursor
    finally:
        server.destroy()


def values(cursor: psycopg.Cursor[Any], sql: str) -> set[Any]:
    cursor.execute(sql)
    return {row[0].strip() if isinstance(row[0], str) else row[0] for row in cursor.fetchall()}


def test_every_row_is_taken(company: psycopg.Cursor[Any], world: World) -> None:
    for table in ("IV00101", "IV00102", "IV00105", "IV00108", "SOP10100", "RM00101"):
        assert values(company, f"SELECT count(*) FROM two.{table.lower()}") == {len(world.gp[table])}, table


@pytest.mark.parametrize(
    ("of", "known"),
    [
        ("SELECT itmclscd FROM two.iv00101", "SELECT itmclscd FROM two.iv40400"),
        ("SELECT uomschdl FROM two.iv00101", "SELECT uomschdl FROM two.iv40201"),
        ("SELECT prclevel FROM two.iv00108", "SELECT prclevel FROM two.iv40800"),
        ("SELECT locncode FROM two.iv00102 WHERE rcrdtype = 2", "SELECT locncode FROM two.iv40700"),
        ("SELECT currnidx FROM two.iv00105", "SELECT currnidx FROM dynamics.mc40200"),
        ("SELECT custclas FROM two.rm00101", "SELECT classid FROM two.rm00201"),
        ("SELECT custnmbr FROM two.sop10100", "SELECT custnmbr FROM two.rm00101"),
    ],
)
def test_ids_point_at_the_set_up(company: psycopg.Cursor[Any], of: str, known: str) -> None:
    used = values(company, of)
    assert used
    assert used <= values(company, known)


def test_value_maps_name_what_the_company_has(company: psycopg.Cursor[Any], world: World) -> None:
    maps = value_maps(world)
    for name, sql in {
        "tax_details": "SELECT taxdtlid FROM two.tx00201",
        "tax_schedules": "SELECT taxschid FROM two.tx00101",
        "carriers": "SELECT shipmthd FROM two.sy03000",
        "payment_modules": "SELECT chekbkid FROM two.cm00100",
        "customer_classes": "SELECT classid FROM two.rm00201",
    }.items():
        assert {row["value"] for row in maps[name].values()} <= values(company, sql), name
    company.execute(
        "SELECT rtrim(c.chekbkid), rtrim(a.actnumst) FROM two.cm00100 c JOIN two.gl00105 a ON a.actindx = c.actindx"
    )
    accounts = dict(company.fetchall())
    assert all(accounts[row["CHEKBKID"]] == row["ACTNUMST"] for row in maps["payment_modules"].values())


def test_the_closed_month_is_closed(company: psycopg.Cursor[Any], world: World) -> None:
    company.execute("SELECT perioddt FROM two.sy40100 WHERE closed = 1 AND series = 3")
    closed = {row[0].strftime("%Y-%m") for row in company.fetchall()}
    orders = {int(row["id"]): row["date_add"][:7] for row in world.shop["orders"]}
    assert {month for key, month in orders.items() if world.troubles.get(key) == "closed_period"} == closed
    assert not {month for key, month in orders.items() if world.expected[key] == "delivered"} & closed

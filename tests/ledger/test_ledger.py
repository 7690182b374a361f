"""Migration, watermarks, value maps, payload hashes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage, PostgresScheduleStorage
from sqlalchemy import text

from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger, content_hash
from gp_prestashop.ledger.migrate import MIGRATIONS

Make = Callable[..., Any]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_migrations_make_what_the_code_says(ledger: Ledger) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with ledger.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises when a table differs


def test_several_migrate_at_once(postgres: EmbeddedPostgres, rows: Make) -> None:
    url = postgres.create_database("migrated_at_once")
    ledgers = [Ledger(url) for _ in range(4)]
    threads = [threading.Thread(target=ledger.migrate) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledgers[0].engine.connect() as connection:
        assert connection.execute(text("select version_num from gpps.ledger_version")).scalars().all() == ["0002"]
    for ledger in ledgers:
        ledger.close()


def test_dagster_shares_the_database(ledger: Ledger) -> None:
    url = ledger.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for storage in (PostgresRunStorage, PostgresEventLogStorage, PostgresScheduleStorage):
        one = storage.create_clean_storage(url)
        one.optimize_for_webserver(statement_timeout=1000, pool_recycle=60, max_overflow=1)
        one.dispose()
    ledger.migrate()
    assert ledger.watermark("none") is None


def test_tables_stay_in_their_own_schema(ledger: Ledger, rows: Make) -> None:
    assert rows("select count(*) from pg_tables where schemaname = 'public'") == [(0,)]


def test_a_database_of_a_newer_release_is_left_alone(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("update gpps.ledger_version set version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer"):
        ledger.migrate()


def test_a_ledger_over_an_engine(ledger: Ledger) -> None:
    assert Ledger(ledger.engine).watermark("none") is None


def test_a_watermark_moves_forwards(ledger: Ledger) -> None:
    assert ledger.watermark("orders") is None
    ledger.set_watermark("orders", NOON)
    ledger.set_watermark("orders", NOON - timedelta(hours=1))
    assert ledger.watermark("orders") == NOON
    ledger.set_watermark("orders", (NOON + timedelta(hours=1)).astimezone(timezone(timedelta(hours=5))))
    found = ledger.watermark("orders")
    assert found == NOON + timedelta(hours=1)
    assert found is not None
    assert found.utcoffset() == timedelta(0)
    ledger.set_watermark("orders", NOON, back=True)
    assert ledger.watermark("orders") == NOON
    with pytest.raises(ValueError, match="time zone"):
        ledger.set_watermark("orders", NOON.replace(tzinfo=None))


def test_value_maps_have_versions(ledger: Ledger, rows: Make) -> None:
    maps = ledger.value_maps
    assert maps.load("carriers", {"1": {"value": "GROUND"}, "2": {"value": "AIR", "site": "NORTH"}}, "files")
    assert not maps.load("carriers", {"2": {"site": "NORTH", "value": "AIR"}, "1": {"value": "GROUND"}}, "files")
    assert maps.resolve("carriers", ["1", "2", "3"]) == {
        "1": {"value": "GROUND"},
        "2": {"value": "AIR", "site": "NORTH"},
    }
    assert maps.resolve("carriers", ["1", "2"], ["site"]) == {"2": {"site": "NORTH"}}
    assert maps.resolve("carriers", ["1"], ["value", "site"]) == {"1": {"value": "GROUND"}}
    other = Ledger(ledger.engine)  # as another process has it
    assert other.value_maps.load("carriers", {"1": {"value": "SEA", "site": ""}}, "designer")
    assert maps.resolve("carriers", ["1", "2"]) == {"1": {"value": "SEA", "site": ""}}
    assert maps.resolve("carriers", ["1"], ["site"]) == {}
    assert maps.load("carriers", {}, "files")
    assert not maps.load("carriers", {}, "files")
    assert maps.resolve("carriers", ["1"]) == {}
    assert maps.resolve("unknown", ["1"]) == {}
    assert maps.names() == ["carriers"]
    assert rows("select version, source from gpps.value_map_version order by version") == [
        (1, "files"), (2, "designer"), (3, "files")
    ]  # fmt: skip


def test_the_hash_leaves_volatile_fields_out_at_any_depth() -> None:
    one = {"id": "1", "date_upd": "x", "rows": [{"id": "2", "date_upd": "x", "name": "Zoë"}], "none": None}
    two = {"rows": [{"name": "Zoë", "id": "2", "date_upd": "y"}], "none": None, "id": "1"}
    assert content_hash(one, {"date_upd"}) == content_hash(two, {"date_upd"})
    assert content_hash(one, ()) != content_hash(two, ())
    assert content_hash(one, {"date_upd"}) != content_hash({**two, "none": ""}, {"date_upd"})
    assert len(content_hash(one, ())) == 64

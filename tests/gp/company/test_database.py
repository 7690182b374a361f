"""What is asked of the server before anything else."""

from __future__ import annotations

from typing import Any

import pytest

from gp_prestashop.clock import SystemClock
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.settings import GpSettings


@pytest.fixture
def database(server: Any) -> GpDatabase:
    return GpDatabase(GpSettings(sql_url=server.url, company="TWO"), SystemClock())


def test_columns_come_from_the_table_where_the_schema_says_nothing_of_it(
    database: GpDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: database.columns(name) for name in ("SY01500", "SOP10100")}
    other = GpDatabase(database.settings, SystemClock())
    monkeypatch.setattr(other, "_read_columns", lambda _: {})
    assert {name: other.columns(name) for name in known} == known


def test_a_table_that_is_not_there_is_named(database: GpDatabase, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_read_columns", lambda _: {})
    server.sql("alter table two.sop60100 rename to away")
    try:
        with pytest.raises(ConfigError, match="SOP60100 is not in TWO"):
            database.columns("SOP60100")
    finally:
        server.sql("alter table two.away rename to sop60100")

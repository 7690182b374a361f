"""Statements as SQL Server gets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.gp.changes import ChangeReader
from gp_prestashop.gp.database import GpDatabase, connect_arguments
from gp_prestashop.settings import GpSettings


def flat(sql: str) -> str:
    return " ".join(sql.split())


def test_names_and_literals(unconnected: GpDatabase) -> None:
    table = unconnected.tables.SOP10100
    statement = sa.select(table.c.SOPNUMBE).where(
        table.c.SOPNUMBE.in_(["A'b%s", "é"]), table.c.SOPTYPE == 2, date(2026, 1, 2) <= table.c.DOCDATE
    )
    assert flat(unconnected.text(statement)) == (
        "SELECT [SOP10100].[SOPNUMBE] FROM [TWO].dbo.[SOP10100] AS [SOP10100] WHERE [SOP10100].[SOPNUMBE] IN ('A''b%s', 'é')"
        " AND [SOP10100].[SOPTYPE] = 2 AND [SOP10100].[DOCDATE] >= '20260102'"
    )


def test_system_tables_and_one_alias_each(unconnected: GpDatabase) -> None:
    tables = unconnected.tables
    assert tables.SY01500 is tables["SY01500"]
    sql = flat(unconnected.text(sa.select(tables.SY01500.c.INTERID).where(tables.SY01500.c.CMPANYID == 1)))
    assert "FROM [DYNAMICS].dbo.[SY01500] AS [SY01500] WHERE" in sql


def test_change_polling_pages_by_row_id(unconnected: GpDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    pages = [[{"SOPNUMBE": "A", "_row": 7}, {"SOPNUMBE": "B", "_row": 9}], []]

    def read(statement: Any) -> list[dict[str, Any]]:
        asked.append(flat(unconnected.text(statement)))
        return pages[len(asked) - 1]

    monkeypatch.setattr(unconnected, "read", read)
    monkeypatch.setattr(unconnected, "columns", lambda _: frozenset({"SOPNUMBE", "DEX_ROW_TS", "DEX_ROW_ID"}))
    since = datetime(2026, 1, 2, 3, 4, 5, 678999, tzinfo=UTC)
    rows = list(ChangeReader(unconnected, page_size=2).changed("SOP10100", since, ["SOPNUMBE"]))
    assert rows == [[{"SOPNUMBE": "A"}, {"SOPNUMBE": "B"}]]
    assert "TOP 2" in asked[0]
    assert "> 0 AND [SOP10100].[DEX_ROW_TS] >= '2026-01-02T03:04:05.678' ORDER BY [SOP10100].[DEX_ROW_ID]" in asked[0]
    assert "> 9 AND" in asked[1]


def test_a_table_without_timestamps_says_so(unconnected: GpDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unconnected, "columns", lambda _: frozenset({"DOCNUMBR"}))
    with pytest.raises(ConfigError, match="SOP10103"):
        list(ChangeReader(unconnected).changed("SOP10103", datetime(2026, 1, 1, tzinfo=UTC), ["DOCNUMBR"]))


def test_fingerprints_are_compared() -> None:
    changed, gone = ChangeReader.compare(
        {("A",): "1", ("B",): "2", ("C",): "3"}, {("A",): "1", ("B",): "9", ("D",): "4"}
    )
    assert (changed, gone) == ({("B",), ("D",)}, {("C",)})


@pytest.mark.parametrize(("setting", "expected"), [("default", None), ("require", "require"), ("off", "off")])
def test_time_outs_are_always_set_and_encryption_is_a_setting(setting: Any, expected: str | None) -> None:
    arguments = connect_arguments(GpSettings(encryption=setting, timeout=30), {})
    assert arguments["timeout"] == 30
    assert arguments["login_timeout"] > 0
    assert arguments.get("encryption") == expected
    assert "charset" not in connect_arguments(GpSettings(), {"charset": "CP1252"})


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (GpSettings(company="TWO"), "gp_url_missing"),
        (GpSettings(sql_url="mssql+pymssql://h"), "gp_company_missing"),
        (GpSettings(sql_url="postgresql://h/db", company="TWO"), "gp_url_wrong"),
        (GpSettings(sql_url="nonsense", company="TWO"), "gp_url_wrong"),
    ],
)
def test_wrong_settings_say_what_to_set(settings: GpSettings, code: str, clock: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        GpDatabase(settings, clock).read(sa.select(sa.literal(1)))
    assert caught.value.code == code


def test_an_unreachable_server_is_tried_a_few_times(clock: Any, unused_port: Callable[[], int]) -> None:
    url = f"mssql+pymssql://sa:pw@127.0.0.1:{unused_port()}"
    with pytest.raises(Transient) as caught:
        GpDatabase(GpSettings(sql_url=url, company="TWO"), clock).read(sa.select(sa.literal(1)))
    assert caught.value.code == "gp_unreachable"
    assert clock.slept == [1, 2]

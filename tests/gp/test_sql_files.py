"""What the files for GP's administrator grant and index is what the code reads and calls."""

from __future__ import annotations

import re
from pathlib import Path

from gp_prestashop.gp.reference import procedures, tables

ROOT = Path(__file__).parents[2]
GRANTS = (ROOT / "sql" / "grants.sql").read_text(encoding="utf-8")
INDEXES = (ROOT / "sql" / "indexes.sql").read_text(encoding="utf-8")


def read_by_the_code() -> set[str]:
    """GP's tables by their names in the code; those that a site's flow declares are the site's to grant."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "gp_prestashop" / "gp").rglob("*.py")]
    named = {word for text in texts for word in re.findall(r"\b\w+\b", text)}
    return {name for name in tables() if name in named}


def test_every_table_that_is_read_may_be_read() -> None:
    granted = set(re.findall(r"GRANT SELECT ON .*?\[(\w+)\] TO", GRANTS))
    assert read_by_the_code() - granted == set()
    assert granted - tables().keys() == set()


def test_every_procedure_that_is_called_may_be_executed_and_no_other() -> None:
    granted = set(re.findall(r"GRANT EXECUTE ON .*?\[(\w+)\] TO", GRANTS))
    assert granted == set(procedures())


def test_indexes_are_on_columns_that_there_are() -> None:
    found = re.findall(r"CREATE NONCLUSTERED INDEX \[(\w+)\] ON \[dbo\]\.\[(\w+)\] \((.*?)\)", INDEXES)
    assert len(found) > 5
    for index, table, columns in found:
        assert set(re.findall(r"\[(\w+)\]", columns)) <= {*tables()[table].columns, "DEX_ROW_ID", "DEX_ROW_TS"}, index
        assert f"DROP INDEX [{index}]" in INDEXES

"""The columns, keys and SQL types of GP's tables, as a GP 14.0-generation company and system database have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

__all__ = ["Database", "TableInfo", "catalogue"]

Database = Literal["company", "system", "tempdb"]


@dataclass(frozen=True)
class TableInfo:
    """One GP table. `columns` maps a column to its SQL Server type, in GP's order; `key` is the primary key's columns."""

    name: str
    database: Database
    columns: Mapping[str, str]
    key: tuple[str, ...]
    has_dex_row_ts: bool


@cache
def catalogue() -> Mapping[str, TableInfo]:
    """Tables by GP's name. `database` tells where a table lives: the company's, the system's (DYNAMICS) or tempdb."""
    raw = json.loads(files(__package__).joinpath("data/tables.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: TableInfo(
                name=name,
                database=entry["database"],
                columns=MappingProxyType(dict(entry["columns"])),
                key=tuple(entry["key"]),
                has_dex_row_ts=entry["dex_row_ts"],
            )
            for name, entry in raw.items()
        }
    )

"""The locked DuckDB that maps run in: no file, no network, no extension, no change of configuration, limited memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.sqltypes import BIGINT, VARCHAR

from gp_prestashop.mapping import text

__all__ = ["Limits", "locked_database", "open_locked", "watched"]


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds``: how long one batch may compute before the watchdog interrupts it."""

    memory: str = "1GB"
    threads: int = 1
    seconds: int = 120
    batch: int = 10_000


def open_locked(limits: Limits, code_page: str) -> Any:
    """A connection to a database of its own, with the text functions in it; the caller closes it."""
    config = {
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
        "memory_limit": limits.memory,
        "threads": str(limits.threads),
        "temp_directory": "",
    }
    connection = duckdb.connect(":memory:", config=config)
    for name, function, types in _functions(code_page):
        connection.create_function(name, function, types, VARCHAR, type="arrow", null_handling="special")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def locked_database(limits: Limits, code_page: str) -> Iterator[Any]:
    """The same, closed at the end."""
    connection = open_locked(limits, code_page)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def watched(connection: Any, seconds: float) -> Iterator[None]:
    """Interrupts what the connection runs when it takes longer; that raises duckdb.InterruptException in the caller."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _functions(code_page: str) -> list[tuple[str, Callable[..., Any], list[Any]]]:
    def latin(column: Any) -> Any:
        return _each(lambda value: text.latin(value, code_page), column)

    def fit(column: Any, size: Any) -> Any:
        return _each(text.fit, column, size)

    def wrap(first: Any, second: Any, size: Any, line: Any) -> Any:
        def one(a: str, b: str, width: int, number: int) -> str | None:
            lines = text.wrap(a, b, width)
            return lines[number - 1] if lines else None

        return _each(one, first, second, size, line)

    return [
        ("gpps_latin", latin, [VARCHAR]),
        ("gpps_fit", fit, [VARCHAR, BIGINT]),
        ("gpps_wrap", wrap, [VARCHAR, VARCHAR, BIGINT, BIGINT]),
    ]


def _each(function: Callable[..., str | None], *columns: Any) -> Any:
    """The function over rows; NULL where an argument is; each distinct row computed once."""
    known: dict[tuple[Any, ...], str | None] = {}
    results: list[str | None] = []
    for row in zip(*(column.to_pylist() for column in columns), strict=True):
        if row not in known:
            known[row] = None if None in row else function(*row)
        results.append(known[row])
    return pa.array(results, pa.string())

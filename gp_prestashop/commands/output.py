"""How commands print: tables for people, one JSON document with ``--json``; errors say what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gp_prestashop.errors import ConfigError, GpPrestashopError

__all__ = ["Json", "console", "errors", "explained_errors", "print_json", "print_table"]

console = Console(stderr=False, highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


def print_json(data: Any) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


@contextmanager
def explained_errors() -> Iterator[None]:
    """Our own errors end the command with their sentence and remedy: exit code 2 for settings, 1 for all others."""
    try:
        yield
    except GpPrestashopError as error:
        errors.print(f"[bold red]{error.code}[/]: {error.sentence}", soft_wrap=True)
        if error.remedy:
            errors.print(f"  → {error.remedy}", soft_wrap=True)
        for name, value in error.details.items():
            errors.print(f"    {name}: {value}", soft_wrap=True, markup=False)
        raise typer.Exit(2 if isinstance(error, ConfigError) else 1) from error

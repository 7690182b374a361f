"""How commands print: tables for people, one JSON document with ``--json``; errors say what to do."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gp_prestashop.errors import ConfigError, GpPrestashopError

__all__ = ["Json", "console", "errors", "explained_errors", "print_json", "print_table"]

PIPED_WIDTH = 160  # columns, where no terminal says how wide it is
SHORT = 12  # a word up to this long is never broken in a table


def _console(*, stderr: bool) -> Console:
    made = Console(stderr=stderr, highlight=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = PIPED_WIDTH
    return made


console = _console(stderr=False)
errors = _console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


def print_json(data: Any) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    words = [[word for text in column for word in text.split()] for column in zip(columns, *cells, strict=True)]
    whole = [min(SHORT, max(map(len, some), default=1)) for some in words]
    fits = sum(whole) + 3 * len(whole) <= console.width
    for column, width in zip(columns, whole, strict=True):
        table.add_column(column, overflow="fold", min_width=width if fits else None)
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table)


@contextmanager
def explained_errors() -> Iterator[None]:
    """Our own errors end the command with their sentence and remedy: exit code 2 for settings, 1 for all others."""
    try:
        yield
    except GpPrestashopError as error:
        errors.print(f"[bold red]{error.code}[/]: {escape(error.sentence)}", soft_wrap=True)
        if error.remedy:
            errors.print(f"  → {error.remedy}", soft_wrap=True, markup=False)
        for name, value in error.details.items():
            errors.print(f"    {name}: {value}", soft_wrap=True, markup=False)
        raise typer.Exit(2 if isinstance(error, ConfigError) else 1) from error

"""``anomalies score DIR``: a score and a sentence for every order of a folder of CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gp_prestashop.commands.output import Json, errors, explained_errors, print_json, print_table

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Orders that look wrong, and why.")


@app.callback()
def _group() -> None:
    """A group even while it has one command."""


@app.command()
def score(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Holds orders.csv, order_lines.csv, payments.csv, gl.csv.")
    ],
    top: Annotated[int, typer.Option(help="How many orders the table shows; --json prints all.")] = 30,
    *,
    as_json: Json = False,
) -> None:
    """Score every order from 0 to 1, with the kind and a sentence why; what is missing in the files is said on stderr."""
    from gp_prestashop.assist.anomalies import read_books, score_books

    with explained_errors():
        books = read_books(folder)
        scored = score_books(books)
    for note in books.notes:
        errors.print(f"note: {note}", soft_wrap=True, markup=False)
    if as_json:
        print_json([row.as_json() for row in scored])
        return
    worst = sorted(scored, key=lambda row: -row.score)[:top]
    print_table(
        f"{len(scored)} orders, {sum(row.score >= 0.5 for row in scored)} look wrong",
        ["order", "score", "kind", "why"],
        [(row.order_id, f"{row.score:.3f}", row.kind, row.reason) for row in worst],
    )

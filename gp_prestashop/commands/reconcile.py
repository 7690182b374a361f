"""``reconcile``: conservation and money, for each day and currency; non-zero exit on a break."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from gp_prestashop.commands.days import parse_days
from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.engine.reconcile import STATES, Reconciliation, reconcile
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import open_engine

__all__ = ["reconcile_command"]


def reconcile_command(
    flow: Annotated[str, typer.Option(help="The flow to reconcile.")] = "sales_orders",
    day: Annotated[str | None, typer.Option(help="One day (2026-11-21) or a range (2026-11-01...2026-11-21).")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Shop = delivered + held + dead + in doubt + ignored + pending, to the cent; delivered = what GP holds."""
    with explained_errors():
        settings = load_settings()
        first, last = settings.require_go_live(), datetime.now(settings.shop.zone).date()
        if day is not None:
            first, last = parse_days("--day", day)
        with open_engine(settings) as engine:
            result = reconcile(engine.parts, flow, first, last)
        if as_json:
            print_json(result.as_json())
        else:
            print_reconciliation(result)
        if not result.ok:
            raise typer.Exit(1)


def print_reconciliation(result: Reconciliation) -> None:
    def pair(value: tuple[int, object]) -> str:
        return f"{value[0]} / {value[1]:.2f}" if value[0] else ""

    used = [state for state in STATES if any(day.states.get(state, (0, 0))[0] for day in result.days)]
    rows = [
        (
            day.day,
            day.currency,
            pair(day.shop),
            *(pair(day.states.get(state, (0, 0))) for state in used),
            pair(day.gp),
            f"{day.gp_functional:.2f}",
            "yes" if day.balanced else "NO",
        )
        for day in result.days
    ]
    columns = ["day", "cur.", "shop", *used, "in GP", "functional", "adds up"]
    print_table(f"{result.flow}: records / amount", columns, rows)
    for sentence in result.breaks:
        console.print(f"[red]break[/] {escape(sentence)}", soft_wrap=True)
    if result.ok:
        console.print("[green]Everything adds up.[/]")

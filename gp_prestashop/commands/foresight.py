"""``foresight``: stock-out dates, oversell risk, expected orders and whether silence means a fault, from the ledger."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import open_engine

__all__ = ["foresight"]


def foresight(
    history: Annotated[int, typer.Option(min=14, help="Days of orders to learn from.")] = 365,
    lag: Annotated[float, typer.Option(min=0, help="Minutes until the shop hears of a change of stock.")] = 5.0,
    top: Annotated[int, typer.Option(help="How many items the table shows; --json prints all.")] = 25,
    *,
    as_json: Json = False,
) -> None:
    """What runs out when, what may be oversold, how many orders are due; exit code 1 when the silence is alarming."""
    from gp_prestashop.assist.foresight import backtest_demand, backtest_silence, daily, fit_volume, outlook
    from gp_prestashop.assist.foresight.recorded import recorded_sales, recorded_stock
    from gp_prestashop.assist.foresight.volume import silence_since_last

    with explained_errors():
        settings = load_settings()
        now = datetime.now(settings.shop.zone).replace(tzinfo=None)  # orders carry the shop's own time
        with open_engine(settings) as engine:
            ledger = engine.parts.ledger
            sales, moments = recorded_sales(ledger, now.date() - timedelta(days=history), now.date())
            stock = recorded_stock(ledger) if "stock" in engine.parts.flows else {}
    yesterday = now.date() - timedelta(days=1)
    items = outlook(sales, stock, yesterday, lag)
    start = max(moments[0], now - timedelta(days=history)) if moments else now
    volume = fit_volume(moments, start, now)
    silence = silence_since_last(moments, now, history)
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    due = volume.expected(tomorrow, tomorrow + timedelta(days=1))
    if as_json:
        print_json({
            "items": [item.as_json() for item in items], "orders_tomorrow": round(due, 2),
            "silence": asdict(silence) | {"sentence": silence.sentence} if silence else None,
            "backtest": {"silence": asdict(backtest_silence(moments)), "demand": asdict(backtest_demand(daily(sales, yesterday), yesterday))},
        })  # fmt: skip
    else:
        rows = [(o.item, f"{o.stock:g}", f"{o.a_day:.2f}", o.early, o.likely, f"{o.oversell:.2%}") for o in items[:top]]
        print_table(
            "Items, the most urgent first", ["item", "stock", "a day", "gone (10 %)", "gone (50 %)", "oversold"], rows
        )
        console.print(
            f"Tomorrow about {due:.1f} orders are due. {silence.sentence if silence else 'There are no orders yet.'}"
        )
    if silence and silence.alarm:
        raise typer.Exit(1)

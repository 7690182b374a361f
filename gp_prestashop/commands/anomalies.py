"""``anomalies score|check|fine|release``: orders that look wrong, in files or in the ledger, and what a person says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gp_prestashop.commands.output import Json, console, errors, explained_errors, print_json, print_table
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.settings import Settings, load_settings

if TYPE_CHECKING:
    from gp_prestashop.assist.anomalies.score import Scored

__all__ = ["app"]

_Flow = Annotated[str, typer.Option(help="The flow whose recorded orders are meant.")]
_Who = Annotated[str, typer.Option(help="Who says so.")]

app = typer.Typer(no_args_is_help=True, help="Orders that look wrong, and why.")


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


@app.command()
def check(
    day: Annotated[
        str | None, typer.Option(help="One day (2026-11-21) or a range with ...; default: the last 7.")
    ] = None,
    history: Annotated[int, typer.Option(min=1, help="Days before them that show what is usual.")] = 365,
    flow: _Flow = "sales_orders",
    *,
    stock: Annotated[bool, typer.Option("--stock", help="Items' stock as it was read last, too.")] = False,
    postings: Annotated[bool, typer.Option("--postings", help="GP's postings of invoices of these days, too.")] = False,
    as_json: Json = False,
) -> None:
    """Alerts on recorded orders; exit code 1 when the policy would hold one."""
    from gp_prestashop.assist.anomalies import Feedback, Policy, check_day
    from gp_prestashop.assist.anomalies.nightly import posting_alerts, stock_alerts
    from gp_prestashop.gp.database import GpDatabase
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        today = datetime.now(settings.shop.zone).date()
        first, last = _days(day) if day else (today - timedelta(days=6), today)
        with open_engine(settings) as engine:
            policy = Policy.of(settings.assist.anomalies)
            ledger, feedback = engine.parts.ledger, Feedback(settings.home)
            alerts = check_day(ledger, settings.home, first, last, policy, flow=flow, history=history)
            if stock:
                alerts += stock_alerts(ledger, engine.parts.clock, policy, feedback)
            if postings:
                database = GpDatabase(settings.gp, engine.parts.clock)
                alerts += posting_alerts(database, first, last, history, policy, feedback)
    if as_json:
        print_json([alert.as_json() for alert in alerts])
    else:
        rows = [(a.action, f"{a.score:.3f}", a.kind, ", ".join(a.order_ids[:8]), a.reason) for a in alerts]
        print_table(f"{first} to {last}: {len(alerts)} alerts", ["", "score", "kind", "orders", "why"], rows)
    if any(alert.action == "hold" for alert in alerts):
        raise typer.Exit(1)


@app.command()
def fine(
    key: Annotated[str, typer.Argument(help="What was alerted of: the shop's id of an order, an item, an invoice.")],
    by: _Who = "operator",
    why: Annotated[str, typer.Option(help="Why it is fine.")] = "",
    of: Annotated[Literal["order", "stock", "posting"], typer.Option(help="What the key is of.")] = "order",
    flow: _Flow = "sales_orders",
) -> None:
    """Mark an alert as fine: this order is left alone, and its like counts less from now on."""
    from gp_prestashop.assist.anomalies.feedback import Feedback
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        with open_engine(settings) as engine:
            scored = _scored(engine, settings, key, of, flow)
            if scored is None:
                raise DataError(f"unknown_{of}", f"There is no {of} {key} that could be looked at.")
            if not scored.kind:
                raise DataError("no_alert", f"Nothing stands out about {of} {key}: there is nothing to mark.")
            mark = Feedback(settings.home).fine(scored, at=datetime.now(UTC), by=by, why=why)
            console.print(f"Kept: {of} {mark.order_id} is fine ({mark.kind}, {mark.cause}).", markup=False)
            if of == "order":
                _go_on(engine, flow, [key], by)


def _scored(engine: Engine, settings: Settings, key: str, of: str, flow: str) -> Scored | None:
    from gp_prestashop.assist.anomalies.in_flow import scored_order
    from gp_prestashop.assist.anomalies.nightly import scored_postings, scored_stock
    from gp_prestashop.gp.database import GpDatabase

    ledger, clock = engine.parts.ledger, engine.parts.clock
    if of == "order":
        return scored_order(ledger, key, flow=flow)
    if of == "stock":
        return next((row for row in scored_stock(ledger, clock) if row.order_id == key), None)
    today = clock.now().astimezone(settings.shop.zone).date()
    rows = scored_postings(GpDatabase(settings.gp, clock), today - timedelta(days=365), today, 0)
    return next((row for row in rows if row.order_id == key), None)


@app.command()
def release(
    orders: Annotated[
        list[str], typer.Argument(help="The shop's ids of orders that are held for what they look like.")
    ],
    by: _Who = "operator",
    why: Annotated[str, typer.Option(help="Why they may go on.")] = "",
    flow: _Flow = "sales_orders",
) -> None:
    """Let held orders go on, and send them; nothing is learnt from it (``fine`` teaches)."""
    from gp_prestashop.assist.anomalies.feedback import Feedback
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        with open_engine(settings) as engine:
            known = engine.parts.ledger.states_of(flow, orders)
            if unknown := [order for order in orders if order not in known]:
                raise DataError("unknown_order", f"The ledger has no order {', '.join(unknown)} in {flow}.")
            feedback = Feedback(settings.home)
            for order in orders:
                feedback.release(order, at=datetime.now(UTC), by=by, why=why)
            _go_on(engine, flow, orders, by)


def _go_on(engine: Engine, flow: str, orders: Sequence[str], by: str) -> None:
    """Orders that were held for what they look like are tried again at once; the audit trail has who let them."""
    from gp_prestashop.assist.anomalies.history import SUSPECT

    ledger = engine.parts.ledger
    held = [key for key, at in ledger.states_of(flow, orders).items() if (at.state, at.code) == ("held", SUSPECT)]
    if not held:
        return
    ledger.revive(flow, held, actor=by)
    engine.run(flow, Selection(keys=tuple(held)), reason="released")
    for key, at in ledger.states_of(flow, held).items():
        console.print(
            f"Order {key}: {at.state}{f' as {at.target_key}' if at.target_key else ''}. {at.sentence}".strip(),
            markup=False,
        )


def _days(text: str) -> tuple[date, date]:
    start, _, end = text.partition("...")
    try:
        return date.fromisoformat(start), date.fromisoformat(end or start)
    except ValueError as error:
        raise ConfigError("bad_option", f"--day is no date: {error}.") from error

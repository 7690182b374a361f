"""``anomalies score|check|fine|release``: orders that look wrong, in files or in the ledger, and what a person says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from gp_prestashop.commands.output import Json, console, errors, explained_errors, print_json, print_table
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.settings import load_settings

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
    as_json: Json = False,
) -> None:
    """Alerts on recorded orders; exit code 1 when the policy would hold one."""
    from gp_prestashop.assist.anomalies import Policy, check_day
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        today = datetime.now(settings.shop.zone).date()
        first, last = _days(day) if day else (today - timedelta(days=6), today)
        with open_engine(settings) as engine:
            policy = Policy.of(settings.assist.anomalies)
            alerts = check_day(engine.parts.ledger, settings.home, first, last, policy, flow=flow, history=history)
    if as_json:
        print_json([alert.as_json() for alert in alerts])
    else:
        rows = [(a.action, f"{a.score:.3f}", a.kind, ", ".join(a.order_ids[:8]), a.reason) for a in alerts]
        print_table(f"{first} to {last}: {len(alerts)} alerts", ["", "score", "kind", "orders", "why"], rows)
    if any(alert.action == "hold" for alert in alerts):
        raise typer.Exit(1)


@app.command()
def fine(
    order: Annotated[str, typer.Argument(help="The shop's id of an order that was alerted of.")],
    by: _Who = "operator",
    why: Annotated[str, typer.Option(help="Why it is fine.")] = "",
    flow: _Flow = "sales_orders",
) -> None:
    """Mark an alert as fine: this order is left alone, and its like counts less from now on."""
    from gp_prestashop.assist.anomalies.feedback import Feedback
    from gp_prestashop.assist.anomalies.in_flow import scored_order
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        with open_engine(settings) as engine:
            scored = scored_order(engine.parts.ledger, order, flow=flow)
            if scored is None:
                raise DataError("unknown_order", f"The ledger has no order {order} in {flow}.")
            if not scored.kind:
                raise DataError("no_alert", f"Nothing stands out about order {order}: there is nothing to mark.")
            mark = Feedback(settings.home).fine(scored, at=datetime.now(UTC), by=by, why=why)
            console.print(f"Kept: order {mark.order_id} is fine ({mark.kind}, {mark.cause}).", markup=False)
            _go_on(engine, flow, [order], by)


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

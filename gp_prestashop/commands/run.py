"""``run FLOW``: one flow, once, without Dagster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from gp_prestashop.commands.output import Json, console, errors, explained_errors, print_json, print_table
from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.engine import Engine, Progress
from gp_prestashop.engine.plan import Recognised
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.report import RunReport
from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import open_engine
from gp_prestashop.words import called

__all__ = ["run"]


def run(
    flow: Annotated[str, typer.Argument(help="A flow's name, for example sales_orders.")],
    partition: Annotated[
        str | None, typer.Option(help="A day (2026-11-21) or a range of days (2026-11-01...2026-11-21).")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="What changed since this moment (ISO 8601; without a zone: the shop's).")
    ] = None,
    keys: Annotated[str | None, typer.Option(help="These records only, by id, joined by commas.")] = None,
    *,
    sweep: Annotated[
        bool,
        typer.Option(help="Map delivered records again too, and do with differences what a nightly sweep does."),
    ] = False,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Print the documents that would be written; write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run one flow, once: read, check, map, check, plan, write, record.

    Without a selection: all since go-live, or all there is where records have no date of creation.
    """
    with explained_errors():
        if sweep and dry:
            raise ConfigError("bad_option", "Give --sweep or --dry-run, not both: a dry run maps everything anyway.")
        settings = load_settings()
        go_live = settings.require_go_live()
        chosen = parse_selection(partition, since, keys, settings.shop.zone)
        with open_engine(settings) as engine:
            dated = engine.parts.flow(flow).resource.created is not None
            since_then = Selection(created=(go_live, datetime.now(settings.shop.zone).date()))
            selection = chosen or (since_then if dated else Selection())
            if dry:
                _print_dry(engine, flow, selection, as_json=as_json)
                return
            with progress_line(flow) as progress:
                report = engine.run(flow, selection, reason="command line", progress=progress, sweep=sweep)
            source = called(engine.parts.flow(flow).resource.system)
            absent = _absent(engine, flow, selection.keys or ())
        if as_json:
            print_json({**report.as_json(), "absent": absent})
        else:
            print_report(report)
            for key in absent:
                console.print(f"{key} is not in {source}.", soft_wrap=True, markup=False)
        if report.states["in_doubt"] or absent:
            raise typer.Exit(1)


def _absent(engine: Engine, flow: str, keys: Sequence[str]) -> list[str]:
    """Those that were asked for and that nobody has ever seen."""
    known = {key.upper() for key in engine.parts.ledger.states_of(flow, [*keys, *map(str.upper, keys)])}
    return [key for key in keys if key.upper() not in known]


def parse_selection(partition: str | None, since: str | None, keys: str | None, zone: Any) -> Selection | None:
    """The selection that the options name; at most one of them. Raises ConfigError."""
    given = [name for name, value in (("--partition", partition), ("--since", since), ("--keys", keys)) if value]
    if len(given) > 1:
        raise ConfigError("bad_option", f"Give one of {' and '.join(given)}, not both.")
    try:
        if partition:
            first, _, last = partition.partition("...")
            return Selection(created=(date.fromisoformat(first), date.fromisoformat(last or first)))
        if since:
            moment = datetime.fromisoformat(since)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            return Selection(changed_since=moment.astimezone(UTC))
    except ValueError as error:
        raise ConfigError("bad_option", f"{given[0]} is no date: {error}.") from error
    if keys:
        return Selection(keys=tuple(key.strip() for key in keys.split(",") if key.strip()))
    return None


def print_report(report: RunReport) -> None:
    console.print(f"[bold]{report.flow}[/]: {report.seen} records seen, {report.written} documents written.")
    if report.states:
        money = {
            state: ", ".join(f"{amount:.2f} {cur}" for (s, cur), amount in sorted(report.money.items()) if s == state)
            for state in report.states
        }
        print_table("", ["state", "records", "amount"], [(s, n, money[s]) for s, n in sorted(report.states.items())])
    if report.reasons:
        rows = [(state, code, n, sentence) for (state, code, sentence), n in report.reasons.most_common(20)]
        print_table("not delivered", ["state", "code", "records", "why"], rows)
    print_recognised(report.recognised)
    for warning in report.warnings[:20]:
        console.print(f"[yellow]warning[/] {warning.source_key}: {warning.sentence}", soft_wrap=True)


def print_recognised(found: Sequence[Recognised]) -> None:
    """What the target had before the first run: how many were found by what, and those that are worth a look."""
    for by, count in sorted(Counter(one.by for one in found).items()):
        console.print(f"{count} that were there before were found by {by}.")
    for one in [one for one in found if one.by != "reference"][:50]:
        console.print(f"  {one.sentence}", soft_wrap=True, markup=False)


def _print_dry(engine: Engine, flow: str, selection: Selection, *, as_json: bool) -> None:
    result = dry_run(engine.parts, flow, selection)
    if as_json:
        print_json(result.as_json())
        return
    for document in result.documents:
        console.print(f"[bold]{document.type} {document.key}[/] (from {document.source_key})")
        for frame, rows in document.frames.items():
            for row in rows:
                shown = ", ".join(f"{name}={value}" for name, value in row.items() if value not in (None, ""))
                console.print(f"  {frame}: {shown}", soft_wrap=True, markup=False)
    print_recognised(result.recognised)
    for key, document_key in result.linked.items():
        console.print(f"{key} is {document_key} already: linked, not written")
    for key, (rule, because) in result.ignored.items():
        console.print(f"[dim]{key} ignored by rule {rule}: {because}[/]")
    for problem in result.problems:
        console.print(
            f"[yellow]{problem.source_key} {problem.severity}[/] {problem.code}: {problem.sentence}", soft_wrap=True
        )
    console.print(f"{len(result.documents)} documents would be written. Nothing was.")


@contextmanager
def progress_line(flow: str) -> Iterator[Progress]:
    """A line on the terminal (standard error, so that output can be piped) that counts while a run goes on."""

    def show(report: RunReport) -> None:
        waiting = sum(n for state, n in report.states.items() if state not in ("delivered", "ignored"))
        status.update(f"{flow}: {report.seen} read, {report.written} written, {waiting} not delivered …")

    with errors.status(f"{flow}: reading …") as status:  # draws nothing where there is no terminal
        yield show

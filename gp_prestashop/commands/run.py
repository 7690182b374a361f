"""``run FLOW``: one flow, once, without Dagster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from gp_prestashop.commands.days import parse_days
from gp_prestashop.commands.output import Json, console, errors, explained_errors, print_json, print_table
from gp_prestashop.engine.dry_run import DryRun, dry_run
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
                result = dry_run(engine.parts, flow, selection)
                absent = _missing(selection.keys or (), result.read)
                if as_json:
                    print_json({**result.as_json(), "absent": absent})
                else:
                    _print_dry(result)
                    _print_absent(absent, engine, flow)
                if absent:
                    raise typer.Exit(1)
                return
            with progress_line(flow) as progress:
                report = engine.run(flow, selection, reason="command line", progress=progress, sweep=sweep)
            asked = selection.keys or ()  # those that nobody has ever seen are absent
            absent = _missing(asked, engine.parts.ledger.states_of(flow, [*asked, *map(str.upper, asked)]))
        if as_json:
            print_json({**report.as_json(), "absent": absent})
        else:
            print_report(report)
            _print_absent(absent, engine, flow)
        if report.states["in_doubt"] or absent:
            raise typer.Exit(1)


def _missing(keys: Sequence[str], found: Iterable[str]) -> list[str]:
    known = {key.upper() for key in found}
    return [key for key in keys if key.upper() not in known]


def _print_absent(keys: Sequence[str], engine: Engine, flow: str) -> None:
    source = called(engine.parts.flow(flow).resource.system)
    for key in keys:
        console.print(f"{key} is not in {source}.", soft_wrap=True, markup=False)


def parse_selection(partition: str | None, since: str | None, keys: str | None, zone: Any) -> Selection | None:
    """The selection that the options name; at most one of them. Raises ConfigError."""
    given = [
        name for name, value in (("--partition", partition), ("--since", since), ("--keys", keys)) if value is not None
    ]
    if len(given) > 1:
        raise ConfigError("bad_option", f"Give one of {' and '.join(given)}, not both.")
    if partition is not None:
        return Selection(created=parse_days("--partition", partition))
    if since is not None:
        return Selection(changed_since=_moment(since, zone))
    if keys is None:
        return None
    # An empty variable of a script must not stand for everything.
    if not (chosen := tuple(key.strip() for key in keys.split(",") if key.strip())):
        raise ConfigError("bad_option", "--keys names no record.", remedy="Write ids, joined by commas: --keys 12,15.")
    return Selection(keys=chosen)


def _moment(since: str, zone: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        remedy = "Write a day (2026-11-21) or a moment (2026-11-21T08:00)."
        raise ConfigError("bad_option", f"--since is no date: {error}.", remedy=remedy) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


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
        console.print(f"[yellow]warning[/] {escape(f'{warning.source_key}: {warning.sentence}')}", soft_wrap=True)


def print_recognised(found: Sequence[Recognised]) -> None:
    """What the target had before the first run: how many were found by what, and those that are worth a look."""
    for by, count in sorted(Counter(one.by for one in found).items()):
        console.print(f"{count} that were there before were found by {by}.")
    for one in [one for one in found if one.by != "reference"][:50]:
        console.print(f"  {one.sentence}", soft_wrap=True, markup=False)


def _print_dry(result: DryRun) -> None:
    for document in result.documents:
        console.print(f"[bold]{document.type} {escape(document.key)}[/] (from {escape(document.source_key)})")
        for frame, rows in document.frames.items():
            for row in rows:
                shown = ", ".join(f"{name}={value}" for name, value in row.items() if value not in (None, ""))
                console.print(f"  {frame}: {shown}", soft_wrap=True, markup=False)
    print_recognised(result.recognised)
    for key, document_key in result.linked.items():
        console.print(f"{key} is {document_key} already: linked, not written", markup=False)
    for key, (rule, because) in result.ignored.items():
        console.print(f"[dim]{escape(f'{key} ignored by rule {rule}: {because}')}[/]")
    for problem in result.problems:
        console.print(
            f"[yellow]{escape(problem.source_key)} {problem.severity}[/] {problem.code}: {escape(problem.sentence)}",
            soft_wrap=True,
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

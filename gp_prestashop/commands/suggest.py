"""``suggest``: which field of one system becomes which field of the other, and what people decided on it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gp_prestashop.commands.output import Json, console, errors, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import Settings, load_settings

if TYPE_CHECKING:
    from gp_prestashop.assist.suggest.matcher import Suggestion
    from gp_prestashop.gp.target import GpTarget
    from gp_prestashop.ledger.ledger import Ledger
    from gp_prestashop.wiring import Wired

__all__ = ["app"]

app = typer.Typer(help="Suggested maps: fields, codes, and likely mistakes in a flow.", invoke_without_command=True)

_Field = Annotated[str, typer.Argument(metavar="RESOURCE.FIELD", help="A field of the shop.")]
_Column = Annotated[str, typer.Argument(metavar="TABLE.COLUMN", help="A column of GP.")]


@app.callback()
def suggest(
    context: typer.Context,
    pairs: Annotated[Path | None, typer.Option("--pairs", help="A JSON file of pairs of field lists.")] = None,
    source: Annotated[str | None, typer.Option(metavar="RESOURCE", help="A PrestaShop resource, read live.")] = None,
    target: Annotated[str | None, typer.Option(metavar="TABLE", help="A GP table or document, read live.")] = None,
    review: Annotated[str | None, typer.Option(help="always, low-confidence or never; default: assist.review.")] = None,
    *,
    phrased: Annotated[bool, typer.Option("--phrased", help="Evidence in the language model's words.")] = False,
    write_overlay: Annotated[
        bool, typer.Option("--write-overlay", help="Write what is accepted into $GPPS_HOME/flows.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ranked targets for each source field, with confidence and evidence; nothing where nothing fits."""
    if context.invoked_subcommand is not None:
        return
    with explained_errors():
        if pairs is not None:
            from gp_prestashop.assist.suggest.fields import read_pairs
            from gp_prestashop.assist.suggest.matcher import Matcher

            _print(list(Matcher().suggest_all(read_pairs(pairs))), as_json=as_json)
        elif source and target:
            _live(source, target, review, phrased=phrased, write_overlay=write_overlay, as_json=as_json)
        elif write_overlay:
            settings = load_settings()
            _write(settings, _wired(settings), as_json=as_json)
        else:
            raise ConfigError(
                "nothing_to_suggest", "Say what to suggest for.", remedy="Give --pairs FILE, or --source and --target."
            )


@app.command()
def accept(
    source: _Field,
    target: _Column,
    expression: Annotated[str | None, typer.Option(help="The expression to use; default: one is drafted.")] = None,
) -> None:
    """Accept a suggestion: it is kept, and changes later ones."""
    with explained_errors():
        _decide("accepted", source, target, expression)


@app.command()
def reject(source: _Field, target: _Column) -> None:
    """Reject a suggestion: it is not made again."""
    with explained_errors():
        _decide("rejected", source, target, None)


@app.command()
def decisions(*, as_json: Json = False) -> None:
    """What was accepted and rejected here."""
    from gp_prestashop.assist.suggest.site.decisions import Decisions

    with explained_errors():
        found = list(Decisions(load_settings().home))
    if as_json:
        print_json([vars(one) for one in found])
    else:
        print_table(
            "decisions",
            ["", "source", "target", "expression", "by", "at"],
            [(d.verdict, d.source, d.target, d.expression, d.by, d.at) for d in found],
        )


@app.command()
def draft(
    source: _Field,
    target: _Column,
    request: Annotated[str, typer.Argument(help="What the expression should do, in a sentence.")],
    *,
    sample: Annotated[int, typer.Option(min=0, help="Records to try it on.")] = 10,
) -> None:
    """An expression that the language model drafts; it is compiled and tried before it is shown, and kept only by `accept`."""
    from gp_prestashop.assist.suggest.site.session import Session
    from gp_prestashop.wiring import open_engine

    with explained_errors():
        settings = load_settings()
        wired = _wired(settings)
        session = Session(settings, wired, _gp(wired).database)
        session.model()  # says that it is off before anything is read
        with open_engine(settings, wired) as engine:
            made = session.draft(source, target, request, engine.parts, sample)
        console.print(made.expression, markup=False, soft_wrap=True)
        for key, value in made.examples:
            errors.print(f"{key}: {value}", markup=False, soft_wrap=True)


@app.command()
def values(
    name: Annotated[
        str,
        typer.Argument(
            metavar="MAP", help="order_states, carriers, payment_modules, tax_details, countries, currencies or units."
        ),
    ],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write the chosen ones to $GPPS_HOME/maps; what is there stays.")
    ] = False,
    as_json: Json = False,
) -> None:
    """GP's codes for the shop's, from names, rates and how often they are used."""
    from gp_prestashop.assist.suggest.site.codes import suggest_values
    from gp_prestashop.assist.suggest.site.map_files import write_value_map

    with explained_errors():
        settings = load_settings()
        wired = _wired(settings)
        found = suggest_values(name, wired.source, _gp(wired).database, datetime.now(settings.shop.zone))
        written = write_value_map(settings.home / "maps", name, found) if write else None
    if as_json:
        print_json([one.as_json() for one in found])
    else:
        chosen = [one for one in found if one.chosen]
        print_table(
            name,
            ["code", "name", "value", "confidence", "why"],
            [(v.code, v.name, v.value, f"{v.confidence:.2f}", v.evidence) for v in chosen],
        )
        alone = sorted({v.code for v in found} - {v.code for v in chosen})
        if alone:
            console.print(f"No code found for: {', '.join(alone)}", soft_wrap=True, markup=False)
    if written is not None:
        errors.print(f"Written: {written}", soft_wrap=True, markup=False)


@app.command()
def check(
    flow: Annotated[str, typer.Argument(help="A flow's name.")],
    *,
    sample: Annotated[int, typer.Option(min=0, help="Records to try it on; 0 looks at the map alone.")] = 50,
    as_json: Json = False,
) -> None:
    """Likely mistakes in a flow; exit code 1 when one is serious."""
    from gp_prestashop.assist.suggest.site.sampled import checked_flow

    with explained_errors():
        found = checked_flow(load_settings(), flow, sample)
    if as_json:
        print_json([one.as_json() for one in found])
    else:
        print_table(
            f"{flow}: {len(found)} findings",
            ["", "column", "code", "what", "expression"],
            [(f.severity, f.column, f.code, f.sentence, f.expression) for f in found],
        )
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)


def _live(source: str, target: str, review: str | None, *, phrased: bool, write_overlay: bool, as_json: bool) -> None:
    from gp_prestashop.assist.suggest.site.session import Session

    settings = load_settings()
    wired = _wired(settings)
    session = Session(settings, wired, _gp(wired).database)
    found = session.suggestions(source, target)
    _print(session.explained(found) if phrased else found, as_json=as_json)
    taken, waiting = session.review(found, review)
    for suggestion, why in waiting if not as_json else []:
        errors.print(
            f"waits for a person: {suggestion.source} → {suggestion.target}: {why}", soft_wrap=True, markup=False
        )
    if write_overlay:
        with _ledger(settings) as ledger:
            session.take(taken, ledger)
        _write(settings, wired, as_json=as_json)


def _write(settings: Settings, wired: Wired, *, as_json: bool) -> None:
    from gp_prestashop.assist.suggest.site.session import Session
    from gp_prestashop.wiring import open_engine

    with open_engine(settings, wired) as engine:
        for one in Session(settings, wired, _gp(wired).database).write(engine.parts):
            line = f"{one.decision.source} → {one.flow}.{one.frame}.{one.column}: {one.why_not or one.expression}"
            (errors if as_json or one.why_not else console).print(line, soft_wrap=True, markup=False)


def _decide(verdict: Any, source: str, target: str, expression: str | None) -> None:
    from gp_prestashop.assist.suggest.site.audit import record
    from gp_prestashop.assist.suggest.site.decisions import Decisions, decision
    from gp_prestashop.clock import SystemClock

    settings = load_settings()
    made = decision(verdict, source, target, by=getpass.getuser(), at=datetime.now(UTC), expression=expression)
    before = Decisions(settings.home).record(made)
    with _ledger(settings) as ledger:
        record(
            ledger,
            SystemClock(),
            actor=made.by,
            action=f"suggestion_{verdict}",
            flow="",
            key=f"{source} → {target}",
            before=vars(before) if before else None,
            after=vars(made),
        )
    console.print(f"{verdict}: {source} → {target}", soft_wrap=True, markup=False)


@contextmanager
def _ledger(settings: Settings) -> Iterator[Ledger]:
    from gp_prestashop.clock import SystemClock
    from gp_prestashop.ledger.ledger import Ledger
    from gp_prestashop.wiring import database

    with database(settings) as url:
        ledger = Ledger(url, SystemClock())
        ledger.migrate()
        try:
            yield ledger
        finally:
            ledger.close()


def _wired(settings: Settings) -> Wired:
    from gp_prestashop.wiring import connect

    return connect(settings)


def _gp(wired: Wired) -> GpTarget:
    from gp_prestashop.gp.target import GpTarget

    if not isinstance(wired.target, GpTarget):
        raise ConfigError("no_gp", "Only Dynamics GP is read for suggestions.")
    return wired.target


def _print(found: list[Suggestion], *, as_json: bool) -> None:
    if as_json:
        print_json([suggestion.as_json() for suggestion in found])
        return
    for pair in dict.fromkeys(suggestion.pair for suggestion in found):
        mine = [s for s in found if s.pair == pair]
        chosen = [s for s in mine if s.chosen]
        print_table(
            pair,
            ["source", "target", "confidence", "expression", "why"],
            [(s.source, s.target, f"{s.confidence:.2f}", s.expression, s.evidence) for s in chosen],
        )
        alone = sorted({s.source for s in mine} - {s.source for s in chosen})
        if alone:
            console.print(f"No place in the target: {', '.join(alone)}", soft_wrap=True, markup=False)

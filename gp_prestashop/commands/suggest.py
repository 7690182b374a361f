"""``suggest``: which field of one system becomes which field of the other, from files of pairs or from the live systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError

if TYPE_CHECKING:
    from gp_prestashop.assist.suggest.matcher import Suggestion

__all__ = ["app"]

app = typer.Typer(help="Suggested maps: fields, codes, and likely mistakes in a flow.", invoke_without_command=True)

_SOURCE = typer.Option("--source", help="A PrestaShop resource, read live.", metavar="RESOURCE")
_TARGET = typer.Option("--target", help="A GP table or document, read live.", metavar="TABLE")


@app.callback()
def suggest(
    context: typer.Context,
    pairs: Annotated[Path | None, typer.Option("--pairs", help="A JSON file of pairs of field lists.")] = None,
    source: Annotated[str | None, _SOURCE] = None,
    target: Annotated[str | None, _TARGET] = None,
    *,
    as_json: Json = False,
) -> None:
    """Ranked targets for each source field, with confidence and evidence; nothing where nothing fits."""
    if context.invoked_subcommand is not None:
        return
    from gp_prestashop.assist.suggest.fields import read_pairs
    from gp_prestashop.assist.suggest.matcher import Matcher

    with explained_errors():
        if pairs is None:
            raise ConfigError(
                "nothing_to_suggest", "Say what to suggest for.", remedy="Give --pairs FILE, or --source and --target."
            )
        found = list(Matcher().suggest_all(read_pairs(pairs)))
    _print(found, as_json=as_json)


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

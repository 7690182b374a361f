"""``conformance prestashop|gp``: the conformance kit against the configured systems; read-only unless ``--write``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.markup import escape

from gp_prestashop.commands.output import Json, console, explained_errors, print_json
from gp_prestashop.gp.conformance import run_conformance as check_gp
from gp_prestashop.prestashop.conformance import run_conformance as check_prestashop
from gp_prestashop.settings import load_settings

__all__ = ["conformance"]


def conformance(
    system: Annotated[Literal["prestashop", "gp"], typer.Argument(help="Which side to check.")],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Also create and change marked test records: on a test system only.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the conformance kit; exit code 1 when a check fails."""
    with explained_errors():
        settings = load_settings()
        checks = (
            check_prestashop(settings.shop, write=write)
            if system == "prestashop"
            else check_gp(settings.gp, write=write)
        )
        results = []
        for result in checks:
            results.append(result)
            if not as_json:
                mark = "[green]ok  [/]" if result.ok else "[red]FAIL[/]"
                console.print(f"{mark} {escape(result.name)}: {escape(result.sentence)}", soft_wrap=True)
        failed = sum(not result.ok for result in results)
        if as_json:
            print_json([{"name": r.name, "ok": r.ok, "sentence": r.sentence, "seconds": r.seconds} for r in results])
        else:
            console.print(f"{len(results) - failed} passed, {failed} failed")
        if failed or not results:
            raise typer.Exit(1)

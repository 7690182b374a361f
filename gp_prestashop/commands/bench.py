"""``bench NAME``: the figures of the checkout's ``benchmarks/``, each against its baseline in the same run."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError

__all__ = ["bench"]

CHECKOUT = Path(__file__).parents[2]


def bench(
    name: Annotated[str, typer.Argument(help="Which benchmark, or all.")],
    *,
    as_json: Json = False,
) -> None:
    """Measure; a ratio above 1 means that ours is better. Needs a checkout, and nothing else running."""
    with explained_errors():
        known = _known()
        if name != "all" and name not in known:
            raise ConfigError(
                "no_benchmark", f"There is no benchmark {name!r}.", remedy=f"Choose from: {', '.join(known)}, all."
            )
        sys.path.insert(0, str(CHECKOUT))
        figures = []
        for one in known if name == "all" else [name]:
            module = importlib.import_module(f"benchmarks.{one}")
            figures += module.figures(lambda what: None if as_json else console.print(f"[dim]{what} …[/]"))
        if as_json:
            print_json(figures)
            return
        print_table(
            "benchmarks",
            ["bench", "metric", "ours", "baseline", "ratio", "unit", "baseline is"],
            [
                (f["bench"], f["metric"], f["ours"], f["baseline"], f["ratio"], f["unit"], f["baseline_name"])
                for f in figures
            ],
        )


def _known() -> list[str]:
    """Benchmarks are modules with a ``figures`` function."""
    folder = CHECKOUT / "benchmarks"
    if not folder.is_dir():
        raise ConfigError(
            "no_checkout", "Benchmarks run in a checkout of the project.", remedy="Clone it and call make bench."
        )
    return sorted(path.stem for path in folder.glob("*.py") if "def figures(" in path.read_text(encoding="utf-8"))

"""The command line: ``gp-prestashop COMMAND``. Each command is a module of ``commands/``."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

__all__ = ["app", "main"]

# Commands are imported when they are called, and not even for the list of them: `run` must not wait for what `demo` needs.
COMMANDS = {
    "demo": ("demo", "demo", "Start it all, place orders, and show how many have arrived in GP, until Ctrl-C."),
    "sandbox": ("sandbox", "app", "A stand-in shop and a stand-in GP on their real wires."),
    "doctor": (
        "doctor",
        "doctor",
        "Check settings, shop, GP, ledger, flows and value maps; exit code 1 when anything fails.",
    ),
    "flows": ("flows", "app", "Flows: what moves, from where to where, by which map."),
    "run": ("run", "run", "Run one flow, once: read, check, map, check, plan, write, record."),
    "replay": (
        "replay",
        "replay_command",
        "Compare the map as it is with the map as it would be, over records that the ledger holds.",
    ),
    "explain": (
        "explain",
        "explain",
        "The shop's amounts beside the columns of GP's document that hold them; they add up to what the customer paid.",
    ),
    "reconcile": (
        "reconcile",
        "reconcile_command",
        "Shop = delivered + held + dead + in doubt + ignored + pending, to the cent; delivered = what GP holds.",
    ),
    "conformance": ("conformance", "conformance", "Run the conformance kit; exit code 1 when a check fails."),
    "anomalies": ("anomalies", "app", "Orders that look wrong, and why."),
    "triage": (
        "triage",
        "triage",
        "Class, group and mend what is held, dead, in doubt or was put back after an error.",
    ),
    "foresight": (
        "foresight",
        "foresight",
        "What runs out when, what may be oversold, how many orders are due; exit code 1 when the silence is alarming.",
    ),
    "suggest": ("suggest", "app", "Suggested maps: fields, codes, and likely mistakes in a flow."),
    "bench": (
        "bench",
        "bench",
        "Measure; a ratio above 1 means that ours is better. Needs a checkout, and nothing else running.",
    ),
}


class _LazyGroup(TyperGroup):
    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute, what = COMMANDS[cmd_name]
        if self._listing:
            return TyperCommand(cmd_name, help=what)
        found: Any = getattr(importlib.import_module(f"gp_prestashop.commands.{module}"), attribute)
        if isinstance(found, typer.Typer):
            command = typer.main.get_command(found)
        else:
            single = typer.Typer(add_completion=False)
            single.command(cmd_name)(found)
            command = typer.main.get_command(single)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def _root() -> None:
    """Joins one PrestaShop shop and one Microsoft Dynamics GP company."""


def main() -> None:
    app()

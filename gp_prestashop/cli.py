"""The command line: ``gp-prestashop COMMAND``. Each command is a module of ``commands/``."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

__all__ = ["app", "main"]

# Commands are imported when they are called: `run` must not wait for what `demo` needs.
COMMANDS = {
    "demo": ("demo", "demo"),
    "sandbox": ("sandbox", "app"),
    "doctor": ("doctor", "doctor"),
    "flows": ("flows", "app"),
    "run": ("run", "run"),
    "replay": ("replay", "replay_command"),
    "explain": ("explain", "explain"),
    "reconcile": ("reconcile", "reconcile_command"),
    "conformance": ("conformance", "conformance"),
    "anomalies": ("anomalies", "app"),
    "triage": ("triage", "triage"),
    "foresight": ("foresight", "foresight"),
    "suggest": ("suggest", "app"),
    "bench": ("bench", "bench"),
}


class _LazyGroup(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
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

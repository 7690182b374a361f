"""How systems and their lists are called in sentences."""

from __future__ import annotations

__all__ = ["called", "list_called"]

NAMES = {"gp": "GP", "prestashop": "the shop"}


def called(system: str) -> str:
    return NAMES.get(system, system)


def list_called(name: str) -> str:
    """``gp.items`` is GP's items; other lists keep their names."""
    system, _, rest = name.partition(".")
    return f"{NAMES[system]}'s {rest.replace('_', ' ')}" if system in NAMES and rest else f"the list {name}"

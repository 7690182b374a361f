"""How systems are called in sentences."""

from __future__ import annotations

__all__ = ["called"]

NAMES = {"gp": "GP", "prestashop": "the shop"}


def called(system: str) -> str:
    return NAMES.get(system, system)

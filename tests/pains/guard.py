"""What a guard is: the line of the product that keeps a pain away, and the test that must fail without it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Guard", "code", "line", "rule"]

ROOT = Path(__file__).parents[2]
DEFS = "gp_prestashop/defs"


@dataclass(frozen=True)
class Guard:
    """``edits``: (file, text that stands there once, what stands there without the guard). ``test``: under tests/."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    test: str


def code(name: str, file: str, text: str, without: str, test: str) -> Guard:
    """A line of Python, in a file of the package."""
    return Guard(name, ((f"gp_prestashop/{file}.py", text, without),), test)


def line(name: str, flow: str, text: str, without: str, test: str) -> Guard:
    """A line of a flow."""
    return Guard(name, ((f"{DEFS}/{flow}/defs.yaml", text, without),), test)


def rule(name: str, flow: str, hold: str, when: str, test: str) -> Guard:
    """A hold rule, by its code and the beginning of its condition, that never holds."""
    text = f'- code: {hold}\n      when: "{when}'
    return line(name, flow, text, text.replace(when, f"false and {when}"), test)

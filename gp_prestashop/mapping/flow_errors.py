"""What is wrong with a flow file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

__all__ = ["DependsOnBrokenError", "ExpressionError", "FlowError", "did_you_mean"]


@dataclass(frozen=True, slots=True)
class FlowError:
    """One mistake in a flow file. ``line`` and ``column`` count from 1."""

    file: Path
    line: int
    column: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return f"{text} {self.suggestion}" if self.suggestion else text


class ExpressionError(Exception):
    """One mistake in an expression. ``offset`` counts characters from its start; None when it is not known."""

    def __init__(self, message: str, suggestion: str = "", offset: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.offset = offset


class DependsOnBrokenError(ExpressionError):
    """The expression uses a name whose own definition is wrong; that one is reported, this one not."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean CUSTNMBR?``, or nothing when no known name is like it."""
    names = list(dict.fromkeys(known))
    folded = {candidate.lower(): candidate for candidate in reversed(names)}
    close = get_close_matches(name.lower(), list(folded), n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]}?" if close else ""

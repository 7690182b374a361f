"""What is wrong with a flow file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["ExpressionError", "FlowError", "did_you_mean"]


@dataclass(frozen=True, slots=True)
class FlowError:
    """One error. Lines and columns count from 1; 0 means that the file as a whole is concerned."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}{' ' + self.suggestion if self.suggestion else ''}"


class ExpressionError(Exception):
    """An expression that cannot be accepted; ``offset`` is in characters from its start."""

    def __init__(self, message: str, suggestion: str = "", offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.offset = offset


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``Did you mean CUSTNMBR?``, or nothing."""
    names = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), list(names), n=1, cutoff=0.6)
    return f"Did you mean {names[close[0]]}?" if close else ""

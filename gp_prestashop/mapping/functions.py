"""The function library's frame: what a function is, what it may ask of its surroundings, and the registry.

Each function has a name, a number of arguments, one line of documentation and examples that a test executes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.values import Value

__all__ = [
    "LIBRARY",
    "Context",
    "Example",
    "Function",
    "combine",
    "first_error",
    "function",
    "literal_int",
    "literal_text",
]


class Context(Protocol):
    """What a function may use while it is compiled into a row's SQL."""

    def hoist(self, value: Value) -> Value:
        """The value as a column of its own, so that it may be named more than once."""
        ...

    def window(self, value: Value) -> Value:
        """A value over the rows of this frame and record, as a column of its own."""
        ...

    def site(self, code: str, sentence: str, remedy: str = "", severity: str = "hold") -> int:
        """Register a place where a record can fail; goes into :func:`values.error_text`."""
        ...

    def type_of(self, sql: str, uses: Iterable[str]) -> str: ...

    def macro(self, kind: str, name: str, keys: Sequence[Value], column: str | None, *, strict: bool) -> Value: ...

    def setting(self, name: str) -> Value: ...

    def aggregate(self, kind: Literal["sum", "count", "first", "min", "max"], path: str) -> Value: ...


@dataclass(frozen=True, slots=True)
class Example:
    """``expression`` yields ``result``, written as text."""

    expression: str
    result: str


Builder = Callable[[Context, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """One function. ``most`` is None where any number of arguments is taken. ``lazy``: its errors are its own affair."""

    name: str
    signature: str
    doc: str
    examples: tuple[Example, ...]
    least: int
    most: int | None
    build: Builder


LIBRARY: dict[str, Function] = {}


def function(
    signature: str, doc: str, *examples: tuple[str, str], least: int, most: int | None = -1
) -> Callable[[Builder], Builder]:
    """Register a function; without ``most`` it takes exactly ``least`` arguments."""

    def register(build: Builder) -> Builder:
        name = signature.partition("(")[0]
        written = tuple(Example(expression, result) for expression, result in examples)
        LIBRARY[name] = Function(name, signature, doc, written, least, least if most == -1 else most, build)
        return build

    return register


def first_error(errors: Iterable[str | None]) -> str | None:
    """SQL for the first of these errors that is not NULL."""
    found = [error for error in errors if error is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def combine(sql: str, type_: str, parts: Sequence[Value], *, error: str | None = None, calls: bool = True) -> Value:
    """A value made of these parts, all of which are evaluated; ``error`` is its own, after theirs."""
    return Value(
        sql=sql,
        type=type_,
        error=first_error([*(part.error for part in parts), error]),
        uses=frozenset().union(*(part.uses for part in parts)),
        inputs=frozenset().union(*(part.inputs for part in parts)),
        sources=frozenset().union(*(part.sources for part in parts)),
        nullable=any(part.nullable for part in parts),
        calls=calls or any(part.calls for part in parts),
        grows=any(part.grows for part in parts),
        warns=frozenset().union(*(part.warns for part in parts)),
    )


def literal_text(value: Value, what: str) -> str:
    if not isinstance(value.literal, str):
        raise ExpressionError(f"{what} must be written as text in quotes.")
    return value.literal


def literal_int(value: Value, what: str, least: int, most: int) -> int:
    if not isinstance(value.literal, int) or not least <= value.literal <= most:
        raise ExpressionError(f"{what} must be a whole number from {least} to {most}.")
    return value.literal

"""A compiled flow's program: the steps that the runner takes, in order. Plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from gp_prestashop.mapping.values import Site

__all__ = ["MOST_TEXT", "Cell", "Collect", "Compute", "Emit", "Macro", "Op", "Program", "Resolve", "SourceTable"]


MOST_TEXT = 32_768


@dataclass(frozen=True, slots=True)
class Cell:
    """One internal column of a relation. ``owner`` is the name in the flow that it serves (``lines.UNITPRCE``).

    ``grows``: text that may be longer than what it is made of, up to MOST_TEXT characters.
    """

    name: str
    sql: str
    uses: frozenset[str]
    owner: str
    window: bool = False
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Macro:
    """A question for all rows of a relation: key columns, and its answers: answer column → (internal column, type)."""

    table: str
    kind: str
    name: str
    keys: tuple[str, ...]
    found: str
    columns: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One source frame as a table: ``i`` row, ``p`` parent row, ``r`` record, then its columns, cast to their types.

    ``columns``: (column of the resource, internal column, type, the site of a value that cannot be read).
    """

    table: str
    path: tuple[str, ...]  # from the parent frame's rows to these
    parent: str | None
    many: bool
    columns: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Compute:
    """Make ``table`` of ``base``, then ``steps`` each over the one before; ``columns`` of it are needed later.

    ``types``: a type for each of the columns; ``fan``: how many rows one of the tables before may become.
    """

    table: str
    base: str
    steps: tuple[tuple[Cell, ...] | str, ...]  # a layer of cells, or a condition that keeps rows
    columns: tuple[str, ...]
    types: tuple[str, ...]
    fan: int = 1

    @property
    def growing(self) -> int:
        """How many of its cells grow, for each row before."""
        return self.fan * sum(cell.grows for step in self.steps if not isinstance(step, str) for cell in step)


@dataclass(frozen=True, slots=True)
class Resolve:
    """Ask ``macros`` for the distinct keys in ``table``; ``answered`` is the table with their answers as columns."""

    table: str
    answered: str
    macros: tuple[Macro, ...]


@dataclass(frozen=True, slots=True)
class Collect:
    """Gather errors from ``table``: (internal error column, column of the flow)."""

    table: str
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Emit:
    """Rows of a document's frame: (internal column, column of the document)."""

    table: str
    frame: str
    columns: tuple[tuple[str, str], ...]


Op: TypeAlias = Compute | Resolve | Collect | Emit


@dataclass(slots=True)
class Program:
    """All steps, with what they refer to. ``settings``: name → internal column of the settings row."""

    sources: list[SourceTable] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    asked: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (kind, name) → columns, over all macros

"""A compiled flow's program: the steps that the runner takes, in order. Plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from gp_prestashop.mapping.values import Site

__all__ = ["Cell", "Collect", "Compute", "Emit", "Macro", "Op", "Program", "Resolve", "SourceTable"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One internal column of a relation. ``owner`` is the name in the flow that it serves (``lines.UNITPRCE``)."""

    name: str
    sql: str
    uses: frozenset[str]
    owner: str
    window: bool = False


@dataclass(frozen=True, slots=True)
class Macro:
    """A question for all rows of a relation: key columns, and what to join: answer column → (internal column, type)."""

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
    """CREATE ``table`` AS ``base``, then ``layers`` of cells each over the one before, where ``keep`` holds."""

    table: str
    base: str
    steps: tuple[tuple[Cell, ...] | str, ...]  # a layer of cells, or a condition that keeps rows


@dataclass(frozen=True, slots=True)
class Resolve:
    """Ask ``macros`` for the distinct keys in ``table``; their answers become tables to join."""

    table: str
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

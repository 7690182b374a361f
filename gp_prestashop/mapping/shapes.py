"""Shapes of the data that flows between connectors, maps and contracts: columns, frames, resources, documents.

A *resource* is what a source yields (PrestaShop ``orders``); a *document* is what a target takes (GP ``sales_order``).
Both are trees of *frames*: a main frame with one row for each record and child frames with many.
Types are DuckDB SQL types, since maps run there: BIGINT, INTEGER, VARCHAR, BOOLEAN, DATE, TIMESTAMP, DECIMAL(p,s).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Column", "Document", "DocumentShape", "Frame", "LookupList", "Problem", "ResourceShape", "SourceRecord"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``max_length`` is in characters (VARCHAR only); ``choices`` are the only values allowed."""

    name: str
    type: str = "VARCHAR"
    required: bool = False
    max_length: int | None = None
    choices: tuple[str | int, ...] = ()
    title: str = ""
    volatile: bool = False  # left out of hashes and fingerprints (date_upd, counters)
    personal: bool = False  # personal data, erasable


@dataclass(frozen=True, slots=True)
class Frame:
    """One table of a resource or document.

    ``path`` says where its rows are in a raw record: ``()`` the record itself, ``("order_details",)`` a list of
    objects (or one object when ``many`` is false), ``("order_details", "taxes")`` a list inside each of those.
    The frame's name is its path joined by dots, or the resource's name for the main frame.
    """

    name: str
    columns: tuple[Column, ...]
    path: tuple[str, ...] = ()
    many: bool = True

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)


@dataclass(frozen=True, slots=True)
class ResourceShape:
    """What a source yields. ``frames[0]`` is the main frame.

    ``created`` and ``changed`` name the main frame's timestamp columns, where the system has them. ``amount`` and
    ``currency_id`` name what conservation sums: the amount's column, and the column that holds the currency's id.
    """

    system: str
    name: str
    key: str
    frames: tuple[Frame, ...]
    created: str | None = None
    changed: str | None = None
    amount: str | None = None
    currency_id: str | None = None

    @property
    def main(self) -> Frame:
        return self.frames[0]

    def frame(self, name: str) -> Frame | None:
        return next((f for f in self.frames if f.name == name), None)


@dataclass(frozen=True, slots=True)
class DocumentShape:
    """What a target takes. ``frames[0]`` is the header, one row; the others have any number of rows.

    ``key`` lists the header columns that identify the document in the target (``("SOPNUMBE",)``).
    """

    system: str
    name: str
    key: tuple[str, ...]
    frames: tuple[Frame, ...]

    def frame(self, name: str) -> Frame | None:
        return next((f for f in self.frames if f.name == name), None)


@dataclass(frozen=True, slots=True)
class LookupList:
    """A list that ``lookup('name', key…, 'column')`` can ask. ``keys`` are its key columns, in order."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One record as received: JSON-able values (str, int, bool, None, lists, objects), untouched but for secrets."""

    key: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One mapped document: for each frame its rows; values are str, int, bool, Decimal, date, datetime or None.

    ``owns`` are the header columns that a change may touch; none of them: all that are mapped.
    """

    source_key: str
    type: str
    key: str
    frames: Mapping[str, list[dict[str, Any]]]
    owns: tuple[str, ...] = ()

    @property
    def header(self) -> dict[str, Any]:
        return self.frames["header"][0]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one record. ``severity`` is ``hold`` or ``warn``."""

    source_key: str
    code: str
    sentence: str
    severity: str = "hold"
    column: str = ""
    remedy: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

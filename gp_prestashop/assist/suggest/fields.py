"""The question that the matcher answers: two lists of fields with sample values, in the form of ``--pairs`` files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gp_prestashop.errors import ConfigError

__all__ = ["LONGEST", "MOST_VALUES", "Field", "Pair", "pair_from", "read_pairs", "telling"]

MOST_VALUES = 200  # of each field; more would not tell more
LONGEST = 500  # characters of a value; of a page of text the beginning tells enough


@dataclass(frozen=True)
class Field:
    """One field: its full id (``orders.reference``), owner (entity or table), name, declared type and sample values.

    Row i of all fields of one owner is the same record. Values are texts as the system gives them.
    """

    id: str
    owner: str
    name: str
    type: str
    size: int | None
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A source and a target, each a list of fields."""

    id: str
    sources: tuple[Field, ...]
    targets: tuple[Field, ...]


def telling(pair: Pair) -> Pair:
    """The pair without samples that say nothing: those of a side that has one record only, or nothing but blanks.

    A column that never varies looks like one that nobody uses. Where all are so, it is the sample that is at fault.
    """
    return replace(pair, sources=_telling(pair.sources), targets=_telling(pair.targets))


def _telling(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    rows = max((len(field.values) for field in fields), default=0)
    if rows > 1 and any(value.strip() for field in fields for value in field.values):
        return fields
    return tuple(replace(field, values=()) for field in fields)


def pair_from(data: Mapping[str, Any]) -> Pair:
    """A pair from its JSON object: ``id``, ``source_fields``, ``target_fields`` (``gold`` and the rest are not read)."""
    return Pair(
        str(data["id"]),
        tuple(_field(field) for field in data["source_fields"]),
        tuple(_field(field) for field in data["target_fields"]),
    )


def read_pairs(path: Path) -> list[Pair]:
    """All pairs of a file: ``{"pairs": […]}`` or a bare list. Raises ConfigError for anything else."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
        pairs: Sequence[Any] = data["pairs"] if isinstance(data, dict) and "pairs" in data else data
        if isinstance(pairs, Mapping):
            pairs = [pairs]
        return [pair_from(pair) for pair in pairs]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            "pairs_unreadable",
            f"{path} is not a file of pairs: {type(error).__name__}: {error}.",
            remedy="Give a JSON file with pairs, each with id, source_fields and target_fields.",
        ) from error


def _field(data: Mapping[str, Any]) -> Field:
    size = str(data.get("max_size") or "")
    owner = str(data.get("entity") or data.get("table") or str(data["id"]).rpartition(".")[0])
    return Field(
        id=str(data["id"]),
        owner=owner,
        name=str(data.get("name") or str(data["id"]).rpartition(".")[2]),
        type=str(data.get("type") or ""),
        size=int(size) if size.isdecimal() else None,
        description=str(data.get("description") or ""),
        values=tuple(_text(value) for value in (data.get("values") or ())[:MOST_VALUES]),
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)[:LONGEST]

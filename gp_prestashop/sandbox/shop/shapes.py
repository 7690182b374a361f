"""What each resource is made of, per release: fields, formats, rights, links, associations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any

__all__ = ["SHAPES", "Association", "Field", "Inner", "Shape"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field as ``schema=synopsis`` describes it.

    ``kind``: int, decimal:SCALE, date, datetime or text; ``null``: what the table keeps when nothing was sent;
    ``getter``: computed, cannot be filtered; ``fixed``: refused when sent; ``link``: the resource that its id names.
    """

    name: str
    kind: str
    null: Any
    format: str = ""
    size: int = 0
    required: bool = False
    getter: bool = False
    readonly: bool = False
    fixed: bool = False
    i18n: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Inner:
    """A field of an association's rows."""

    link: str = ""
    required: bool = False
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """Rows inside an entity; ``api`` is the resource that their ids name, blank for rows that exist only here."""

    name: str
    entity: str
    fields: Mapping[str, Inner]
    api: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """``entity`` and ``list`` are element names, ``cls`` is the class named in error messages."""

    name: str
    description: str
    schemas: bool = False
    entity: str = ""
    list: str = ""
    cls: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    associations: Mapping[str, Association] = field(default_factory=dict)

    @property
    def languages(self) -> bool:
        """Whether some field has a text for each language."""
        return any(one.i18n for one in self.fields.values())


def blank(kind: str) -> str:
    """What a column of this type keeps for nothing."""
    if kind.startswith("decimal"):
        return f"{0:.{int(kind[8:])}f}"
    return {"int": "0", "date": "0000-00-00", "datetime": "0000-00-00 00:00:00"}.get(kind, "")


def _shape(name: str, data: Mapping[str, Any]) -> Shape:
    fields = {}
    if "fields" in data:
        fields["id"] = Field("id", "int", "")
    for one, facts in data.get("fields", {}).items():
        fields[one] = Field(one, **({"null": blank(facts["kind"])} | facts))
    associations = {
        one: Association(
            one, facts["entity"], {f: Inner(**i) for f, i in facts["fields"].items()}, facts.get("api", "")
        )
        for one, facts in data.get("associations", {}).items()
    }
    return Shape(
        name,
        data["description"],
        bool(data["schemas"]),
        data.get("entity", ""),
        data.get("list", ""),
        data.get("class", ""),
        MappingProxyType(fields),
        MappingProxyType(associations),
    )


def _read() -> dict[str, dict[str, Shape]]:
    text = files("gp_prestashop.sandbox.shop").joinpath("data/shapes.json").read_text(encoding="utf-8")
    data: dict[str, dict[str, Any]] = json.loads(text)
    return {version: {name: _shape(name, one) for name, one in found.items()} for version, found in data.items()}


SHAPES: Mapping[str, Mapping[str, Shape]] = _read()

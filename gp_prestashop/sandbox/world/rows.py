"""Rows of PrestaShop's resources, complete and in the shop's own field order, for one release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from gp_prestashop.sandbox.world.rounding import STORED, half_up

__all__ = ["LANGUAGES", "VERSIONS", "Row", "RowMaker", "both", "dec6", "install_rows", "stamp"]

Row = dict[str, Any]
"""One row: scalar fields as text, per-language fields as {language id: text}, and ``associations``."""

VERSIONS = ("1.7.8.11", "8.2.1")
LANGUAGES = ("1", "2")  # English, French

_DATA = files("gp_prestashop.sandbox.world") / "data"


@cache
def _fields() -> Any:
    """``fields.json``: by release and resource, each field's default (null: per language), in the shop's order."""
    return json.loads((_DATA / "fields.json").read_text(encoding="utf-8"))


def install_rows(resource: str) -> list[Row]:
    """What PrestaShop's installer leaves: countries, states, taxes, order states, languages, currencies, groups."""
    rows: list[Row] = json.loads((_DATA / "install.json").read_text(encoding="utf-8"))[resource]
    return rows


def both(english: str, french: str | None = None) -> dict[str, str]:
    """A per-language field in the shop's two languages."""
    return {"1": english, "2": english if french is None else french}


def dec6(value: Decimal | int) -> str:
    """decimal(20,6) as the webservice writes it."""
    return str(half_up(Decimal(value), STORED))


def stamp(moment: datetime) -> str:
    """A datetime column, shop-local time without a zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class RowMaker:
    """Makes rows of one release: fields not given get PrestaShop's default; fields that do not exist are an error.

    A field that only the other release has is left out, so that callers need not know the difference.
    """

    def __init__(self, version: str) -> None:
        if version not in VERSIONS:
            raise ValueError(f"No field lists for PrestaShop {version}; there are {', '.join(VERSIONS)}")
        self._fields: Mapping[str, Mapping[str, str | None]] = _fields()["fields"][version]
        self._associations: Mapping[str, list[str]] = _fields()["associations"]
        self._known = {
            resource: {name for release in VERSIONS for name in _fields()["fields"][release][resource]}
            for resource in self._fields
        }

    def row(
        self,
        resource: str,
        key: int,
        /,
        associations: Mapping[str, list[dict[str, str]]] | None = None,
        **values: Any,
    ) -> Row:
        unknown = values.keys() - self._known[resource]
        if unknown:
            raise KeyError(f"{resource} has no field {', '.join(sorted(unknown))}")
        made: Row = {}
        for name, default in self._fields[resource].items():
            value = values.get(name, both("") if default is None else default)
            made[name] = value if isinstance(value, dict) else str(value)
        made["id"] = str(key)
        names = self._associations.get(resource, [])
        given = associations or {}
        if given.keys() - set(names):
            raise KeyError(f"{resource} has no association {', '.join(sorted(given.keys() - set(names)))}")
        if names:
            made["associations"] = {name: given.get(name, []) for name in names}
        return made

    def fit(self, resource: str, row: Row) -> Row:
        """A row of install data with this release's fields."""
        return self.row(resource, int(row["id"]), **{k: v for k, v in row.items() if k != "id"})

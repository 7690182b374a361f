"""Which items are sold on the web, and which of them are variants of one product: rules from the settings."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gp_prestashop.errors import ConfigError
from gp_prestashop.keys import key_text
from gp_prestashop.settings import CatalogueSettings

__all__ = ["CatalogueRules", "Variant"]

MOST_OPTIONS = 3
UNSET = "It is not set which GP items are sold on the web."
HOW_TO_SET = "Set GPPS_CATALOGUE__SOLD to class:WEBITEM, category_1:WEB, several values with commas, or all."


@dataclass(frozen=True, slots=True)
class Variant:
    """``options`` are codes, one for each group of catalogue.options, in order."""

    parent: str
    options: tuple[str, ...]


class CatalogueRules:
    """Reads ``[catalogue]``. Rows are of IV00101, by GP's column names."""

    def __init__(self, settings: CatalogueSettings, home: Path) -> None:
        self._settings = settings
        self._home = home

    def on_web(self, row: Mapping[str, Any]) -> bool:
        """Raises ConfigError when no rule is set: nothing must reach the shop by accident."""
        column, values = self._sold
        return column == "" or key_text(row[column]) in values

    @property
    def not_set_up(self) -> str | None:
        """What to say while no rule is set."""
        return None if self._settings.sold.strip() else f"{UNSET} {HOW_TO_SET}"

    @cached_property
    def _sold(self) -> tuple[str, frozenset[str]]:
        text = self._settings.sold.strip()
        if text == "all":
            return "", frozenset()
        kind, _, listed = text.partition(":")
        values = frozenset(key_text(value) for value in listed.split(",") if value.strip())
        column = {"class": "ITMCLSCD", "item": "ITEMNMBR"} | {f"category_{n}": f"USCATVLS_{n}" for n in range(1, 7)}
        if kind not in column or not values:
            raise ConfigError(
                "catalogue_rule_missing",
                f"catalogue.sold is “{text}”." if text else UNSET,
                remedy=HOW_TO_SET,
            )
        return column[kind], values

    @property
    def price_level(self) -> str:
        return self._settings.price_level

    def variant(self, row: Mapping[str, Any]) -> Variant | None:
        """What the item is a variant of; None when it is a product of its own."""
        number = str(row["ITEMNMBR"])
        match self._settings.variants:
            case "pattern":
                found = self._pattern.fullmatch(number)
                if found is None:
                    return None
                options = tuple(found[name] for name in self.groups if name in self._pattern.groupindex)
                return Variant(found["parent"], options)
            case "categories":
                parent = key_text(row[f"USCATVLS_{self._settings.parent_category}"])
                options = tuple(key_text(row[f"USCATVLS_{n}"]) for n in self._category_numbers)
                return Variant(parent, options) if parent and all(options) else None
            case "table":
                return self._table.get(key_text(number))
        return None

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of the option groups, as written in catalogue.options (``colour,size`` or ``colour=2,size=3``)."""
        names = tuple(part.partition("=")[0].strip() for part in self._settings.options.split(",") if part.strip())
        if self._settings.variants != "none" and not 0 < len(names) <= MOST_OPTIONS:
            raise ConfigError(
                "options_missing",
                f"catalogue.options must name one to {MOST_OPTIONS} groups of options.",
                remedy="Set GPPS_CATALOGUE__OPTIONS, for example colour,size (categories: colour=2,size=3).",
            )
        return names

    def members(self, columns: Any, parents: Sequence[str]) -> Iterator[Any]:
        """Conditions over IV00101 that find every item of these products (and perhaps others: ask :meth:`variant`)."""
        column = columns.ITEMNMBR
        for start in range(0, len(parents), 100):
            chunk = list(parents[start : start + 100])
            found = [column.in_(chunk)]
            match self._settings.variants:
                case "pattern":
                    found += [column.like(f"{_escaped(parent)}%") for parent in chunk]
                case "categories":
                    found.append(columns[f"USCATVLS_{self._settings.parent_category}"].in_(chunk))
                case "table":
                    wanted = {key_text(parent) for parent in chunk}
                    members = [item for item, variant in self._table.items() if key_text(variant.parent) in wanted]
                    found += [column.in_(members)] if members else []
            yield sa.or_(*found)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """``{parent}-{colour}-{size}``: letters and digits for each option, anything for the parent."""
        text = self._settings.pattern
        names = re.findall(r"{(\w+)}", text)
        if "parent" not in names or not set(names) - {"parent"} or set(names) - {"parent", *self.groups}:
            raise ConfigError(
                "pattern_wrong",
                f"catalogue.pattern is “{text}”, which does not name the parent and the options {', '.join(self.groups)}.",
                remedy="Set GPPS_CATALOGUE__PATTERN, for example {parent}-{colour}-{size}.",
            )
        pieces = re.split(r"{\w+}", text)
        body = "".join(
            re.escape(piece) + (f"(?P<{name}>{'.+' if name == 'parent' else '[^-_./ ]+'})" if name else "")
            for piece, name in zip(pieces, [*names, ""], strict=True)
        )
        return re.compile(body)

    @cached_property
    def _category_numbers(self) -> tuple[int, ...]:
        numbers = [part.partition("=")[2].strip() for part in self._settings.options.split(",") if part.strip()]
        if not all(number in {"1", "2", "3", "4", "5", "6"} for number in numbers) or not self.groups:
            raise ConfigError(
                "options_wrong",
                f"catalogue.options is “{self._settings.options}”, which does not give each group a user category.",
                remedy="Write for example colour=2,size=3.",
            )
        return tuple(int(number) for number in numbers)

    @cached_property
    def _table(self) -> Mapping[str, Variant]:
        """A CSV file with the columns item, parent, and one for each option group."""
        path = self._home / self._settings.table
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            return {
                key_text(row["item"]): Variant(row["parent"].strip(), tuple(row[name].strip() for name in self.groups))
                for row in rows
            }
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise ConfigError(
                "variant_table",
                f"The table of variants {path} cannot be used: {error}.",
                remedy="It needs the columns item, parent and the names in catalogue.options.",
            ) from error


def _escaped(text: str) -> str:
    """For LIKE, where ``[`` opens a set: any character instead. What it finds too much, :meth:`variant` leaves out."""
    return text.replace("[", "_")

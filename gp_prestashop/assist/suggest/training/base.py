"""A labelled pair in the making: records that both sides know, and which field became which."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gp_prestashop.assist.suggest.training.world import CODES, World, day, moment, money

__all__ = ["Base", "Link", "finish", "gp_columns", "shop_fields"]

_DATA = files("gp_prestashop.assist.suggest.training") / "data"


@dataclass(frozen=True)
class Link:
    """Source field → GP column; other columns that would be right as well; whether several sources make one target."""

    source: str
    target: str
    also: tuple[str, ...] = ()
    many: bool = False


@dataclass
class Base:
    """Records of one entity on both sides; row i is the same thing."""

    entity: str
    table: str
    sources: list[dict[str, str]] = field(default_factory=list)
    targets: list[dict[str, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    neutral: list[tuple[str, str]] = field(default_factory=list)

    def add(self, source: Mapping[str, Any], target: Mapping[str, Any]) -> None:
        self.sources.append({name: str(value) for name, value in source.items()})
        self.targets.append({name: str(value) for name, value in target.items()})

    def link(self, source: str, target: str, *also: str, many: bool = False) -> None:
        self.links.append(Link(source, target, also, many))

    def links_of(self, **pairs: str) -> None:
        """``source="TARGET ALSO ALSO"`` for each."""
        for source, text in pairs.items():
            target, *also = text.split()
            self.link(source.rstrip("_"), target, *also)

    def unsure(self, source: str, *targets: str) -> None:
        self.neutral.extend((source, target) for target in targets)


@lru_cache(maxsize=1)
def gp_columns() -> Mapping[str, list[tuple[str, str]]]:
    """Table → (column, SQL type)."""
    return {
        table: [(name, kind) for name, kind in columns]
        for table, columns in json.loads((_DATA / "gp_columns.json").read_text("utf-8")).items()
    }


@lru_cache(maxsize=1)
def shop_fields() -> Mapping[str, list[tuple[str, str, int | None]]]:
    """PrestaShop resource → (field, kind, size), ``id`` first."""
    text = (files("gp_prestashop.prestashop") / "data" / "resources.json").read_text("utf-8")
    return {
        resource: [
            ("id", "BIGINT", None),
            *(
                (name, str(about.get("type", "VARCHAR")), about.get("max_length"))
                for name, about in data["fields"].items()
            ),
        ]
        for resource, data in json.loads(text).items()
    }


def finish(base: Base, world: World) -> None:
    """Fill what the maker of the pair left out: the shop's other fields and GP's other columns, as such systems have them."""
    rng = world.rng
    source_fill = {name: _shop_filler(world, name, kind) for name, kind, _ in shop_fields().get(base.entity, ())}
    target_fill = {name: _gp_filler(world, name, kind) for name, kind in gp_columns()[base.table]}
    for target in base.targets:
        for name in [name for name in target if name not in target_fill]:
            del target[name]
    first_row = rng.choice([1, 100, 10000])
    for row, (source, target) in enumerate(zip(base.sources, base.targets, strict=True)):
        for name, fill in source_fill.items():
            source.setdefault(name, fill(row))
        for name, fill in target_fill.items():
            target.setdefault(name, fill(row))
        if "DEX_ROW_ID" in target:
            target["DEX_ROW_ID"] = str(first_row + row * rng.randint(1, 3) if row % 2 else first_row + row * 3)


def _shop_filler(world: World, name: str, kind: str) -> Callable[[int], str]:
    rng = world.rng
    if name in {"id_shop", "active", "valid"}:
        return lambda _row: "1"
    if name in {"id_shop_group", "id_lang"}:
        constant = rng.choice(["1", "1", "0", "2"])
        return lambda _row: constant
    if "key" in name or name == "passwd":
        return lambda row: hashlib.md5(f"{world.seed}{name}{row}".encode(), usedforsecurity=False).hexdigest()
    if name == "id":
        return lambda row: str(world.first_id + row)
    if name.startswith("id_") or kind == "BIGINT":
        if rng.random() < 0.5:
            return lambda _row: "0"
        top = rng.choice([2, 3, 6, 400])
        return lambda _row: str(rng.randint(1, top))
    if kind == "BOOLEAN":
        constant = rng.choice(["0", "0", "1"])
        return (lambda _row: rng.choice("01")) if rng.random() < 0.25 else (lambda _row: constant)
    if kind in {"TIMESTAMP", "DATE"}:
        return (lambda _row: "0000-00-00 00:00:00") if rng.random() < 0.5 else (lambda _row: moment(world.when(800)))
    if kind.startswith("DECIMAL"):
        if rng.random() < 0.6:
            return lambda _row: "0.000000"
        return lambda _row: f"{rng.choice([0.0, rng.uniform(0, 50)]):.6f}"
    if rng.random() < 0.8:
        return lambda _row: ""
    return lambda row: f"{name} {row % 7}"


def _gp_filler(world: World, name: str, kind: str) -> Callable[[int], str]:
    """GP's defaults, and here and there what a company in use has."""
    if name == "DEX_ROW_TS":
        return lambda _row: moment(world.when(900))
    if name == "NOTEINDX":
        return lambda row: money(20000 + row * 3 + 1)
    use = world.rng.random()
    if kind == "datetime":
        return (lambda _row: day(world.when(900))) if use < 0.12 else (lambda _row: "1900-01-01 00:00:00")
    if kind.startswith("numeric"):
        return _numeric_filler(world, kind, use)
    if kind in {"smallint", "tinyint", "int"}:
        return _integer_filler(world, kind, use)
    if kind.startswith("binary"):
        return lambda _row: "0x00000000"
    return _text_filler(world, name, use)


def _numeric_filler(world: World, kind: str, use: float) -> Callable[[int], str]:
    rng = world.rng
    if use < 0.05:
        return lambda _row: money(round(rng.lognormvariate(4, 1.2), 2))
    if use < 0.1:
        some = [money(value) for value in rng.sample([1, 2, 5, 10, 20, 50, 100, 250, 999.99], 4)]
        return lambda _row: rng.choice(some)
    if use < 0.15:
        return lambda _row: money(1)
    return lambda _row: "0.0000000" if "19,7" in kind else "0.00000"


def _integer_filler(world: World, kind: str, use: float) -> Callable[[int], str]:
    rng = world.rng
    if use < 0.2:
        constant = str(rng.choice([1, 1, 1, 2, 3, 90]))
        return lambda _row: constant
    if use < 0.27:
        return lambda _row: str(rng.choice([0, 1]) if kind == "tinyint" else rng.randint(0, 5))
    if use < 0.33 and kind == "int":
        accounts = [str(rng.randint(1, 400)) for _ in range(5)]
        return lambda _row: rng.choice(accounts)
    return lambda _row: "0"


def _text_filler(world: World, name: str, use: float) -> Callable[[int], str]:
    rng = world.rng
    if use < 0.07:
        codes = world.codes[rng.choice(list(CODES))]
        return lambda _row: rng.choice(codes)
    if use < 0.11:
        constant = rng.choice(["PRIMARY", "DEFAULT", "EUR", "WEB", "MAIN", "1", "X"])
        return lambda _row: constant
    if use < 0.13:
        return lambda row: f"{name[:3]}{rng.randint(1000, 9999)}{row % 3}"
    return lambda _row: ""

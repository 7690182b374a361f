"""Labelled pairs as a user would ask them: with and without shared records, with custom fields, with names hidden."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gp_prestashop.assist.suggest.fields import Field, Pair
from gp_prestashop.assist.suggest.training.base import Base, finish, gp_columns, shop_fields
from gp_prestashop.assist.suggest.training.customs import CUSTOM_NAMES, UNRELATED
from gp_prestashop.assist.suggest.training.documents import DOCUMENTS
from gp_prestashop.assist.suggest.training.masters import MASTERS
from gp_prestashop.assist.suggest.training.world import World

__all__ = ["MAKERS", "VARIANTS", "Labelled", "make"]

MAKERS = {maker.__name__: maker for maker in (*MASTERS, *DOCUMENTS)}
VARIANTS = ("plain", "no_overlap", "custom", "value_only", "value_only_no_overlap", "no_values")
_SAMPLE = 40


@dataclass(frozen=True)
class Labelled:
    """A pair with its answers: source id → targets that are right (best first); pairs that count neither way."""

    pair: Pair
    base: str
    variant: str
    gold: dict[str, tuple[str, ...]]
    neutral: frozenset[tuple[str, str]]
    many: frozenset[str] = field(default_factory=frozenset)


def make(name: str, variant: str, seed: int) -> Labelled:
    """One labelled pair, the same for the same arguments."""
    world = World(seed)
    base = MAKERS[name](world)
    finish(base, world)
    rng = random.Random(seed * 31 + len(variant))
    sources, targets = _columns(base)
    links = {
        link.source: (link.target, *link.also)
        for link in base.links
        if link.target in targets and link.source in sources
    }
    neutral = set(base.neutral)
    many = {link.source for link in base.links if link.many}
    if variant == "custom":
        _add_customs(base, rng, sources, links, neutral)
    left, right = _rows(rng, len(base.sources), shared="no_overlap" not in variant)
    hidden = variant.startswith("value_only")
    s_names, t_names = _order(rng, list(sources), hidden=hidden), _order(rng, list(targets), hidden=hidden)
    owner_s, owner_t = ("S1", "T1") if hidden else (base.entity, base.table)
    s_ids = {n: f"{owner_s}.{f'col{i + 1}' if hidden else n}" for i, n in enumerate(s_names)}
    t_ids = {n: f"{owner_t}.{f'col{i + 1}' if hidden else n}" for i, n in enumerate(t_names)}
    pair = Pair(
        f"{name}__{base.table}#{variant}#{seed}",
        tuple(
            _field(s_ids[n], owner_s, n, sources[n], [base.sources[r].get(n, "") for r in left], hidden=hidden)
            for n in s_names
        ),
        tuple(
            _field(
                t_ids[n], owner_t, n, (targets[n], None, ""), [base.targets[r].get(n, "") for r in right], hidden=hidden
            )
            for n in t_names
        ),
    )
    gold = {s_ids[s]: tuple(t_ids[t] for t in dict.fromkeys(ts) if t in t_ids) for s, ts in links.items()}
    undecided = {(s_ids[s], t_ids[t]) for s, t in neutral if s in s_ids and t in t_ids}
    undecided |= {(s, t) for s, ts in gold.items() if not _filled(pair, s) for t in ts}
    gold = {s: ts for s, ts in gold.items() if _filled(pair, s)}
    if variant == "no_values":
        pair = _emptied(pair, both=rng.random() < 0.5)
    return Labelled(pair, name, variant, gold, frozenset(undecided), frozenset(s_ids[s] for s in many if s in s_ids))


def _emptied(pair: Pair, *, both: bool) -> Pair:
    """Without the target's values (a company that has none yet), or without any."""
    sources = tuple(replace(f, values=()) for f in pair.sources) if both else pair.sources
    return Pair(pair.id, sources, tuple(replace(f, values=()) for f in pair.targets))


def _filled(pair: Pair, source: str) -> bool:
    """A field that is the same everywhere in the sample is not asked for."""
    found = next(f for f in pair.sources if f.id == source)
    return len(set(found.values)) > 1


def _columns(base: Base) -> tuple[dict[str, tuple[str, int | None, str]], dict[str, str]]:
    known = {name: (_shop_type(name, kind), size, "") for name, kind, size in shop_fields().get(base.entity, ())}
    names = [n for n in known if n in base.sources[0]] + [n for n in base.sources[0] if n not in known]
    sources = {n: known.get(n, (_shop_type(n, "VARCHAR"), None, "")) for n in names}
    for name, (kind, size, _) in list(sources.items()):
        if name.startswith("id_"):
            sources[name] = (kind, size, name[3:].replace("_", " ").capitalize() + " ID")
    return sources, dict(gp_columns()[base.table])


def _shop_type(name: str, kind: str) -> str:
    if name == "id" or name.startswith("id_"):
        return "isUnsignedId"
    if kind == "BOOLEAN":
        return "isBool"
    if kind in {"TIMESTAMP", "DATE"}:
        return "isDate"
    if kind.startswith("DECIMAL"):
        return "isPrice" if "total" in name or "price" in name or "amount" in name else "isFloat"
    return "isInt" if kind == "BIGINT" else "isGenericName"


def _add_customs(
    base: Base,
    rng: random.Random,
    sources: dict[str, tuple[str, int | None, str]],
    links: dict[str, tuple[str, ...]],
    neutral: set[tuple[str, str]],
) -> None:
    """Add custom fields that mirror GP columns (they win over a standard field that meant the same), and some that mirror nothing."""
    columns = dict(gp_columns()[base.table])
    possible = [n for n in CUSTOM_NAMES if n in columns and len({row[n] for row in base.targets}) > 1]
    order = list(sources)
    for column in rng.sample(possible, k=min(len(possible), rng.randint(3, 12))):
        name = _disguise(rng, rng.choice(CUSTOM_NAMES[column].split()))
        if name in sources:
            continue
        also = tuple(
            other for other in columns if other != column and all(row[other] == row[column] for row in base.targets)
        )
        for source, places in list(links.items()):
            if column in (places[0], *places[1:]):
                if places[0] == column:
                    del links[source]
                neutral.update((source, place) for place in places)
        kind = columns[column]
        shift = timedelta(seconds=rng.randrange(86400)) if rng.random() < 0.4 else timedelta()
        digits = rng.choice([0, 2, 6])
        for row, target in zip(base.sources, base.targets, strict=True):
            row[name] = _shop_value(target[column], kind, shift, digits)
        sources[name] = (_custom_type(kind), None, "")
        links[name] = (column, *also)
        order.insert(rng.randint(1, len(order)), name)
    for name in rng.sample(UNRELATED, k=rng.randint(1, 5)):
        style = rng.randrange(4)
        some = [
            ["rouge", "bleu", "vert", ""],
            ["0", "1"],
            [str(n) for n in range(0, 900, 7)],
            [f"v{n}" for n in range(30)],
        ][style]
        for row in base.sources:
            row[name] = rng.choice(some)
        sources[name] = ("isInt" if style in {1, 2} else "isGenericName", None, "")
        order.insert(rng.randint(1, len(order)), name)
    ordered = {n: sources[n] for n in order}
    sources.clear()
    sources.update(ordered)


def _disguise(rng: random.Random, name: str) -> str:
    draw = rng.random()
    if draw < 0.1:
        return f"x_{name}"
    if draw < 0.2:
        return name.title().replace("_", "")
    if draw < 0.25:
        return "_".join(part[:4] for part in name.split("_"))
    return name


def _custom_type(kind: str) -> str:
    if kind == "datetime":
        return "isDate"
    if kind.startswith("numeric"):
        return "isFloat"
    if kind == "tinyint":
        return "isBool"
    return "isInt" if kind in {"smallint", "int"} else "isGenericName"


def _shop_value(value: str, kind: str, shift: timedelta, digits: int) -> str:
    if kind == "datetime":
        if value.startswith("1900"):
            return "0000-00-00 00:00:00"
        return str(datetime.fromisoformat(value) + shift)
    if kind.startswith("numeric"):
        number = float(value)
        return str(int(number)) if digits == 0 and number == int(number) else f"{number:.{max(2, digits)}f}"
    return value


def _rows(rng: random.Random, count: int, *, shared: bool) -> tuple[list[int], list[int]]:
    rows = list(range(count))
    rng.shuffle(rows)
    size = min(_SAMPLE, count * 2 // 5 if not shared else count * 5 // 8)
    if not shared:
        return rows[:size], rows[size : 2 * size]
    common = max(6, int(size * rng.choice([0.3, 0.4, 0.4, 0.6, 1.0])))
    right = rows[size - common : 2 * size - common]
    left = rows[:size]
    rng.shuffle(right)
    return left, right


def _order(rng: random.Random, names: list[str], *, hidden: bool) -> list[str]:
    if hidden:
        rng.shuffle(names)
    return names


def _field(
    field_id: str, owner: str, name: str, about: tuple[str, int | None, str], values: Sequence[str], *, hidden: bool
) -> Field:
    kind, size, description = about
    if hidden:
        return Field(field_id, owner, field_id.rpartition(".")[2], _bare_type(kind, values), None, "", tuple(values))
    return Field(field_id, owner, name, kind, size, description, tuple(values))


def _bare_type(kind: str, values: Sequence[str]) -> str:
    """The type as far as a reader of the values alone would know it."""
    if not kind.startswith("is"):
        return kind.split("(", maxsplit=1)[0]
    filled = [v for v in values if v]
    if filled and all(v.lstrip("-").isdigit() for v in filled):
        return "int"
    if filled and all(v.replace(".", "", 1).lstrip("-").isdigit() for v in filled):
        return "decimal"
    return "datetime" if filled and all(v[4:5] == "-" and v[:4].isdigit() for v in filled) else "string"

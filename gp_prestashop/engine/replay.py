"""Replay: two maps of one flow over recorded records, and what they would make differently. Writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Literal, TypeAlias

from gp_prestashop.engine.contracts import check_documents, check_records
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.mapping.references import References
from gp_prestashop.mapping.shapes import Document, SourceRecord

__all__ = ["Difference", "FieldChange", "Outcome", "Replay", "replay"]

Fate: TypeAlias = Literal["document", "held", "ignored", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a map makes of one record: a document, or why there is none (a code and its sentence)."""

    fate: Fate
    document: Document | None = None
    code: str = ""
    sentence: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of one row that differs. ``row`` counts from 0; a row that only one map makes has None on the other side."""

    frame: str
    row: int
    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that comes out differently."""

    key: str
    old: Outcome
    new: Outcome
    fields: tuple[FieldChange, ...] = ()


@dataclass
class Replay:
    """All of it. ``amounts``: frame.column → (sum under the old map, under the new one) over documents of both."""

    records: int = 0
    differences: list[Difference] = field(default_factory=list)
    amounts: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    fates: dict[tuple[Fate, Fate], int] = field(default_factory=dict)

    @property
    def same(self) -> int:
        return self.records - len(self.differences)

    def columns(self) -> dict[str, int]:
        """frame.column → in how many records it differs."""
        counted: dict[str, int] = {}
        for one in self.differences:
            for name in {f"{change.frame}.{change.column}" for change in one.fields}:
                counted[name] = counted.get(name, 0) + 1
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "same": self.same,
            "different": len(self.differences),
            "fates": [{"old": old, "new": new, "records": count} for (old, new), count in self.fates.items()],
            "columns": self.columns(),
            "amounts": {
                name: {"old": str(old), "new": str(new), "difference": str(new - old)}
                for name, (old, new) in self.amounts.items()
            },
            "documents": [_as_json(one) for one in self.differences],
        }


def replay(old: EngineFlow, new: EngineFlow, pages: Iterable[Sequence[SourceRecord]], references: References) -> Replay:
    """Both maps over the same records, page by page, with the same answers to what they ask."""
    result = Replay()
    money = {*_amounts(old), *_amounts(new)}
    for page in pages:
        before, after = outcomes(old, page, references), outcomes(new, page, references)
        for record in page:
            result.records += 1
            _compare(record.key, before[record.key], after[record.key], money, result)
    return result


def outcomes(flow: EngineFlow, records: Sequence[SourceRecord], references: References) -> dict[str, Outcome]:
    """What the flow makes of these records, by key. What they need of other flows is taken as it is in the ledger."""
    found: dict[str, Outcome] = {}
    warnings: dict[str, list[str]] = {}

    def hold(problems: Iterable[Any]) -> None:
        for problem in problems:
            if problem.severity == "warn":
                warnings.setdefault(problem.source_key, []).append(problem.sentence)
            else:
                found.setdefault(problem.source_key, Outcome("held", code=problem.code, sentence=problem.sentence))

    hold(check_records(flow.resource, records))
    decisions = flow.compiled.decide([record for record in records if record.key not in found], references)
    hold(decisions.held)
    for key, (rule, because) in decisions.ignored.items():
        found[key] = Outcome("ignored", code=rule, sentence=because)
    for key, (rule, because) in decisions.withdrawn.items():
        found[key] = Outcome("withdrawn", code=rule, sentence=because)
    mapped = flow.compiled.map([one for one in decisions.accepted if one.key not in found], references)
    hold([*mapped.problems, *check_documents(flow.document, mapped.documents)])
    for document in mapped.documents:
        told = tuple(warnings.get(document.source_key, ()))
        found.setdefault(document.source_key, Outcome("document", document, warnings=told))
    return found


def _compare(key: str, old: Outcome, new: Outcome, money: set[str], result: Replay) -> None:
    result.fates[old.fate, new.fate] = result.fates.get((old.fate, new.fate), 0) + 1
    for name in money:
        sums = result.amounts.get(name, (Decimal(0), Decimal(0)))
        if old.document is not None and new.document is not None:
            result.amounts[name] = (sums[0] + _sum(old.document, name), sums[1] + _sum(new.document, name))
    fields = tuple(_fields(old.document, new.document)) if old.document and new.document else ()
    reasons = (old.fate, old.code, old.sentence) != (new.fate, new.code, new.sentence)
    if fields or reasons or old.warnings != new.warnings:
        result.differences.append(Difference(key, old, new, fields))


def _fields(old: Document, new: Document) -> Iterator[FieldChange]:
    for frame in dict.fromkeys([*old.frames, *new.frames]):
        blank: dict[str, Any] = {}
        rows = zip_longest(old.frames.get(frame, ()), new.frames.get(frame, ()), fillvalue=blank)
        for index, (before, after) in enumerate(rows):
            for column in dict.fromkeys([*before, *after]):
                if before.get(column) != after.get(column):
                    yield FieldChange(frame, index, column, before.get(column), after.get(column))


def _amounts(flow: EngineFlow) -> Iterator[str]:
    """Columns of amounts that the flow maps."""
    mapped = flow.compiled.lineage()
    for frame in flow.document.frames:
        for column in frame.columns:
            if column.type.startswith("DECIMAL") and f"{frame.name}.{column.name}" in mapped:
                yield f"{frame.name}.{column.name}"


def _sum(document: Document, name: str) -> Decimal:
    frame, _, column = name.rpartition(".")
    return sum((Decimal(row.get(column) or 0) for row in document.frames.get(frame, ())), Decimal(0))


def _as_json(one: Difference) -> dict[str, Any]:
    return {
        "key": one.key,
        "old": _outcome(one.old),
        "new": _outcome(one.new),
        "fields": [
            {
                "frame": change.frame,
                "row": change.row,
                "column": change.column,
                "old": None if change.old is None else str(change.old),
                "new": None if change.new is None else str(change.new),
            }
            for change in one.fields
        ],
    }


def _outcome(one: Outcome) -> Mapping[str, Any]:
    if one.document is not None:
        return {"fate": one.fate, "document": one.document.key, "warnings": list(one.warnings)}
    return {"fate": one.fate, "code": one.code, "sentence": one.sentence}

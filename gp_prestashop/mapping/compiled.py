"""A flow ready to run: decide which records go, and map them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from gp_prestashop.mapping.database import Limits
from gp_prestashop.mapping.model import Flow, MapPart
from gp_prestashop.mapping.program import Program
from gp_prestashop.mapping.references import CachedReferences, References
from gp_prestashop.mapping.rules import Hooks
from gp_prestashop.mapping.runner import Batch, Runner
from gp_prestashop.mapping.shapes import Document, DocumentShape, Problem, ResourceShape, SourceRecord

__all__ = ["CompiledFlow", "Decisions", "MapResult", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (accept, withdraw, hold) or text (existing, identity).

    The n-th one's answer is in column ``rule<n>``, why it has none in ``error<n>``.
    """

    kind: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is to become of each record. ``ignored``: key → (rule, because).

    ``withdrawn`` likewise, for records among ``accepted`` that are to be taken back. ``existing`` and ``identities`` say
    for accepted records which document of the target they are, and what they share with others.
    """

    ignored: dict[str, tuple[str, str]] = field(default_factory=dict)
    withdrawn: dict[str, tuple[str, str]] = field(default_factory=dict)
    existing: dict[str, str] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    held: list[Problem] = field(default_factory=list)
    accepted: list[SourceRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MapResult:
    """A record with a problem of severity ``hold`` has no document; one with warnings has both."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class CompiledFlow:
    """Safe to share between threads: every call runs in a database of its own."""

    flow: Flow
    resource: ResourceShape
    document: DocumentShape
    deciding: Program
    mapping: Program
    rules: tuple[Rule, ...]
    columns: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, str]
    code_page: str
    limits: Limits
    hooks: Hooks = field(default_factory=Hooks)

    def lineage(self) -> dict[str, tuple[str, ...]]:
        """``frame.column`` of the document → the source columns (``frame.column``) that it is made of."""
        return dict(self.columns)

    def expressions(self) -> dict[str, str]:
        """``frame.column`` of the document → its expression; of several parts of a frame one below the other."""
        parts: dict[str, Sequence[MapPart]] = {"header": [self.flow.map.header], **self.flow.map.frames}
        found: dict[str, list[str]] = {}
        for frame, some in parts.items():
            for part in some:
                for column, text in part.columns.items():
                    found.setdefault(f"{frame}.{column}", []).append(text)
        return {column: "\n".join(dict.fromkeys(texts)) for column, texts in found.items()}

    def decide(self, records: Sequence[SourceRecord], references: References) -> Decisions:
        """Rules in Python (before_map), then accept and hold rules. A record is ignored by the first rule that it does not satisfy; a rule that cannot be
        told (no entry in a value map, an unreadable column) holds it."""
        records, stopped_by_rules = self.hooks.before_map(records)
        decisions = Decisions(held=stopped_by_rules)
        if not self.rules:
            decisions.accepted.extend(records)
            return decisions
        for chunk, batch in self._batches(self.deciding, records, references):
            rows = {row["r"]: row for row in batch.rows.get("decide", [])}
            for index, record in enumerate(chunk):
                if stopped := batch.problems.get(index):
                    decisions.held.extend(stopped)
                else:
                    self._decide_one(record, rows[index], decisions, batch.problem)
        return decisions

    def map(self, records: Sequence[SourceRecord], references: References) -> MapResult:
        """Documents and problems, in the records' order."""
        result = MapResult()
        names = ["header", *self.flow.map.frames]
        for chunk, batch in self._batches(self.mapping, records, references):
            frames: list[dict[str, list[dict[str, Any]]]] = [{name: [] for name in names} for _ in chunk]
            for name in names:
                for row in batch.rows.get(name, []):
                    frames[row.pop("r")][name].append(row)
            for index, record in enumerate(chunk):
                problems = batch.problems.get(index, [])
                result.problems.extend(problems)
                if not any(problem.severity == "hold" for problem in problems):
                    document = self._document(record, frames[index], result.problems)
                    if document is not None:
                        result.documents.append(document)
        return result

    def _document(
        self, record: SourceRecord, frames: dict[str, list[dict[str, Any]]], problems: list[Problem]
    ) -> Document | None:
        column = self.flow.target.key
        key = str(frames["header"][0][column])
        document = Document(record.key, self.document.name, key, frames, self.flow.target.owns)
        return self.hooks.after_map(document, record, column, problems)

    def _batches(
        self, program: Program, records: Sequence[SourceRecord], references: References
    ) -> Iterator[tuple[list[SourceRecord], Batch]]:
        cached = CachedReferences(references)
        runner = Runner(program, self.settings, self.code_page, self.limits)
        rest = iter(records)
        while chunk := list(islice(rest, self.limits.batch)):
            yield chunk, runner.run(chunk, cached)

    def _decide_one(
        self,
        record: SourceRecord,
        row: Mapping[str, Any],
        decisions: Decisions,
        problem: Callable[[str, str, str], Problem],
    ) -> None:
        held: list[Problem] = []
        matched: dict[str, str] = {}
        for number, rule in enumerate(self.rules):
            answer, error = row[f"rule{number}"], row[f"error{number}"]
            if error is not None:
                held.append(problem(record.key, error, rule.name))
            elif rule.kind == "withdraw" and answer:
                decisions.withdrawn[record.key] = (rule.name, rule.because)
                decisions.accepted.append(record)
                return
            elif rule.kind == "hold" and answer:
                held.append(Problem(record.key, rule.name, rule.because))
            elif rule.kind in ("existing", "identity"):
                if answer:
                    matched[rule.kind] = str(answer).strip()
            elif rule.kind == "accept" and answer is None:
                sentence = (
                    f"It cannot be told whether the rule '{rule.name}' applies, since a value that it needs is missing."
                )
                held.append(Problem(record.key, "undecided", sentence, column=rule.name))
            elif rule.kind == "accept" and not answer:
                decisions.ignored[record.key] = (rule.name, rule.because)
                return
            if held and rule.kind == "accept":
                break
        if held:
            decisions.held.extend(held)
            return
        decisions.accepted.append(record)
        if existing := matched.get("existing"):
            decisions.existing[record.key] = existing
        if identity := matched.get("identity"):
            decisions.identities[record.key] = identity

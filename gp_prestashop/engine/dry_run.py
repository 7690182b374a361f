"""Dry run: the documents as they would be written, with nothing kept and nothing written anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gp_prestashop.engine.contracts import check_documents, check_records
from gp_prestashop.engine.fingerprint import as_json
from gp_prestashop.engine.needs import needed_keys
from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.plan import Recognised
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.references import EngineReferences, Key
from gp_prestashop.mapping.compiled import Decisions
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["DryRun", "dry_run"]


@dataclass
class DryRun:
    """What a run would do."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: dict[str, tuple[str, str]] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)  # whose document is there already, or another record's
    recognised: list[Recognised] = field(default_factory=list)
    read: set[str] = field(default_factory=set)  # keys that the source had

    def as_json(self) -> dict[str, Any]:
        return {
            "documents": [as_json(document) for document in self.documents],
            "problems": [
                {
                    "key": p.source_key,
                    "severity": p.severity,
                    "code": p.code,
                    "sentence": p.sentence,
                    "remedy": p.remedy,
                }
                for p in self.problems
            ],
            "linked": [{"key": key, "document": document} for key, document in self.linked.items()],
            "matched": [{"key": m.source_key, "by": m.by, "sentence": m.sentence} for m in self.recognised],
            "ignored": [{"key": key, "rule": rule, "because": why} for key, (rule, why) in self.ignored.items()],
        }


class _Foreseen(EngineReferences):
    """Cross-references as they are, and as needed records would get them."""

    def __init__(self, parts: Parts, foreseen: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(parts.ledger, {**parts.sources, **parts.targets, **parts.lookups})
        self._foreseen = foreseen

    def resolve(
        self, kind: str, name: str, keys: Sequence[Key], columns: Sequence[str]
    ) -> Mapping[Key, Mapping[str, Any]]:
        found = dict(super().resolve(kind, name, keys, columns))
        if kind == "xref":
            known = self._foreseen.get(name, {})
            found |= {
                key: dict.fromkeys(columns or ("value",), known[key[0]])
                for key in keys
                if key not in found and key[0] in known
            }
        return found


def dry_run(parts: Parts, flow_name: str, selection: Selection) -> DryRun:
    """Read and map, with the needed records foreseen the same way."""
    rehearsal = _Rehearsal(parts)
    result = DryRun()
    flow = parts.flow(flow_name)
    size = parts.page_size_of(flow.resource.system)
    for page in parts.source(flow).read(flow.resource.name, selection, page_size=size):
        result.read.update(record.key for record in page)
        rehearsal.map_page(flow_name, page, result)
    return result


class _Rehearsal:
    """What a run would have made so far: numbers by flow and record, and who came first with an identity."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._foreseen: dict[str, dict[str, str]] = {}
        self._owners: dict[tuple[str, str], str] = {}

    def map_page(self, flow_name: str, page: Sequence[SourceRecord], result: DryRun) -> None:
        flow = self._parts.flow(flow_name)
        problems = check_records(flow.resource, page)
        stopped = {problem.source_key for problem in problems}
        references = _Foreseen(self._parts, self._foreseen)
        decisions = flow.compiled.decide([record for record in page if record.key not in stopped], references)
        result.ignored |= decisions.ignored | decisions.withdrawn
        accepted = [record for record in decisions.accepted if record.key not in decisions.withdrawn]
        self._bring(flow, accepted, result)
        alike = self._link(flow_name, accepted, decisions, result)
        mapped = flow.compiled.map(
            [r for r in accepted if r.key not in result.linked and r.key not in alike], references
        )
        problems += [*decisions.held, *mapped.problems, *check_documents(flow.document, mapped.documents)]
        stopped = {problem.source_key for problem in problems if problem.severity == "hold"}
        documents = [document for document in mapped.documents if document.source_key not in stopped]
        documents = self._recognise(flow, documents, result)
        known = self._foreseen.setdefault(flow_name, {})
        known.update({document.source_key: document.key for document in documents})
        result.linked |= {key: known[owner] for key, owner in alike.items() if owner in known}
        known.update(result.linked)
        result.documents += documents
        result.problems += problems

    def _recognise(self, flow: EngineFlow, documents: Sequence[Document], result: DryRun) -> list[Document]:
        """Notes what the target has of what was never sent; returns those that are not another's there."""
        sent = self._parts.ledger.xrefs(flow.name, [document.source_key for document in documents])
        new = [document for document in documents if document.source_key not in sent]
        existing = self._parts.target(flow).existing(new) if new else {}
        taken: set[str] = set()
        for document in new:
            there, key = existing.get(document.key), document.source_key
            if there is not None and there.ours and there.found_by:
                result.recognised.append(Recognised(key, there.found_by, there.sentence))
            elif there is not None and not there.ours:
                taken.add(key)
                result.problems.append(Problem(key, "number_taken", there.sentence))
        return [document for document in documents if document.source_key not in taken]

    def _bring(self, flow: EngineFlow, records: Sequence[SourceRecord], result: DryRun) -> None:
        for needed, paths in flow.flow.needs.items():
            keys = {key for record in records for key in needed_keys(record.raw, paths)}
            known = {*self._parts.ledger.xrefs(needed, sorted(keys)), *self._foreseen.get(needed, {})}
            if missing := sorted(keys - known):
                inner, needed_flow = DryRun(), self._parts.flow(needed)
                source = self._parts.source(needed_flow)
                for page in source.read(needed_flow.resource.name, Selection(keys=tuple(missing))):
                    self.map_page(needed, page, inner)
                result.problems += inner.problems

    def _link(
        self, flow_name: str, records: Sequence[SourceRecord], decisions: Decisions, result: DryRun
    ) -> dict[str, str]:
        """Notes who is the target's own; returns whose document is another record's, by key."""
        own = self._parts.ledger.xrefs(flow_name, [record.key for record in records])
        alike: dict[str, str] = {}
        for record in records:
            key = record.key
            if key in own:
                continue
            if existing := decisions.existing.get(key):
                result.linked[key] = existing
            elif identity := decisions.identities.get(key):
                owner = self._owners.setdefault((flow_name, identity), key)
                if owner != key:
                    alike[key] = owner
        return alike

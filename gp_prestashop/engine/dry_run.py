"""Dry run: the documents as they would be written, with nothing kept and nothing written anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gp_prestashop.engine.contracts import check_documents, check_records
from gp_prestashop.engine.fingerprint import as_json
from gp_prestashop.engine.needs import needed_keys
from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.references import EngineReferences, Key
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["DryRun", "dry_run"]


@dataclass
class DryRun:
    """What a run would do."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: dict[str, tuple[str, str]] = field(default_factory=dict)

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
    result = DryRun()
    foreseen: dict[str, dict[str, str]] = {}
    flow = parts.flow(flow_name)
    for page in parts.source(flow).read(
        flow.resource.name, selection, page_size=parts.page_size_of(flow.resource.system)
    ):
        _map_page(parts, flow_name, page, foreseen, result)
    return result


def _map_page(
    parts: Parts, flow_name: str, page: Sequence[SourceRecord], foreseen: dict[str, dict[str, str]], result: DryRun
) -> None:
    flow = parts.flow(flow_name)
    problems = check_records(flow.resource, page)
    stopped = {problem.source_key for problem in problems}
    references = _Foreseen(parts, foreseen)
    decisions = flow.compiled.decide([record for record in page if record.key not in stopped], references)
    for needed, paths in flow.flow.needs.items():
        keys = {key for record in decisions.accepted for key in needed_keys(record.raw, paths)}
        missing = sorted(keys - set(parts.ledger.xrefs(needed, sorted(keys))) - set(foreseen.get(needed, {})))
        if missing:
            inner = DryRun()
            needed_flow = parts.flow(needed)
            source = parts.source(needed_flow)
            for needed_page in source.read(needed_flow.resource.name, Selection(keys=tuple(missing))):
                _map_page(parts, needed, needed_page, foreseen, inner)
            foreseen.setdefault(needed, {}).update({d.source_key: d.key for d in inner.documents})
            result.problems += inner.problems
    mapped = flow.compiled.map(decisions.accepted, references)
    problems += [*decisions.held, *mapped.problems, *check_documents(flow.document, mapped.documents)]
    stopped = {problem.source_key for problem in problems if problem.severity == "hold"}
    result.documents += [document for document in mapped.documents if document.source_key not in stopped]
    result.problems += problems
    result.ignored |= decisions.ignored

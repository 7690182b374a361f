"""Second stage: check, decide, bring what is needed, map, check, plan. Writes nothing to the target by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gp_prestashop.engine.contracts import check_documents, check_records
from gp_prestashop.engine.needs import Bring, meet_needs
from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.plan import Planned, make_plan
from gp_prestashop.ledger.ledger import Mark, Run
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["Transformed", "transform"]


@dataclass(frozen=True, slots=True)
class Transformed:
    """Documents to write, and what was noticed without stopping them."""

    planned: list[Planned] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def transform(
    parts: Parts, run: Run, flow_name: str, keys: Sequence[str], bring: Bring, *, sweep: bool = False
) -> Transformed:
    """Take the pending and held records among ``keys`` as far as planned documents; all others get their state here.

    A ``sweep`` takes the delivered ones too, and compares all with what the target holds.
    """
    flow = parts.flow(flow_name)
    states = ("pending", "held", "delivered") if sweep else ("pending", "held")
    work = parts.ledger.work(flow_name, list(keys), states=states, limit=max(len(keys), 1))
    items = {item.key: item for item in work}
    records = [SourceRecord(item.key, item.raw) for item in work]
    marks: list[Mark] = []
    warnings: list[Problem] = []

    records = _without(records, check_records(flow.resource, records), marks, warnings)
    decisions = flow.compiled.decide(records, parts.references)
    marks += [
        Mark(key=key, state="ignored", rule=rule, sentence=because, processed_hash=items[key].payload_hash)
        for key, (rule, because) in decisions.ignored.items()
    ]
    accepted = _without(decisions.accepted, decisions.held, marks, warnings)
    ready, waiting = meet_needs(parts, flow, accepted, bring)
    marks += waiting

    mapped = flow.compiled.map(ready, parts.references)
    problems = [*mapped.problems, *check_documents(flow.document, mapped.documents)]
    documents = _documents_without(mapped.documents, problems, marks, warnings)
    target = parts.target(flow)
    documents = _documents_without(documents, target.preflight(documents) if documents else [], marks, warnings)

    plan = make_plan(target, documents, items, drift=flow.flow.drift, sweep=sweep)
    parts.ledger.link(run, flow_name, plan.found)
    parts.ledger.mark(run, flow_name, [*marks, *plan.marks])
    parts.step("planned")
    return Transformed(plan.write, [*warnings, *plan.warnings])


def _without(
    records: Iterable[SourceRecord], problems: Iterable[Problem], marks: list[Mark], warnings: list[Problem]
) -> list[SourceRecord]:
    stopped = _hold(problems, marks, warnings)
    return [record for record in records if record.key not in stopped]


def _documents_without(
    documents: Iterable[Document], problems: Iterable[Problem], marks: list[Mark], warnings: list[Problem]
) -> list[Document]:
    stopped = _hold(problems, marks, warnings)
    return [document for document in documents if document.source_key not in stopped]


def _hold(problems: Iterable[Problem], marks: list[Mark], warnings: list[Problem]) -> set[str]:
    """One mark for each record with its first problem as the code and all of them in the sentence."""
    by_key: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.severity == "warn":
            warnings.append(problem)
        else:
            by_key.setdefault(problem.source_key, []).append(problem)
    for key, found in by_key.items():
        sentences = list(dict.fromkeys(problem.sentence for problem in found))
        remedies = list(dict.fromkeys(problem.remedy for problem in found if problem.remedy))
        marks.append(
            Mark(
                key=key,
                state="held",
                code=found[0].code,
                sentence=" ".join(sentences[:5]),
                remedy=" ".join(remedies[:3]),
            )
        )
    return set(by_key)

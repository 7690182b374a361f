"""Second stage: check, decide, bring what is needed, screen, map, check, plan. Writes nothing to the target by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gp_prestashop.engine.contracts import check_documents, check_records
from gp_prestashop.engine.matching import LINKED, match
from gp_prestashop.engine.needs import Bring, meet_needs
from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.plan import Planned, Recognised, make_plan
from gp_prestashop.engine.withdraw import ignore_unsent, plan_withdrawals
from gp_prestashop.ledger.ledger import Mark, Run, WorkItem
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["Transformed", "transform"]


@dataclass(frozen=True, slots=True)
class Transformed:
    """Documents to write, and what was noticed without stopping them. ``settled`` were found delivered already.

    ``recognised``: those that the target had before.
    """

    planned: list[Planned] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)


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
    marks += [_ignore(items[key], rule) for key, rule in decisions.ignored.items()]
    accepted = _without(decisions.accepted, decisions.held, marks, warnings)
    matched = match(parts.ledger, flow_name, accepted, decisions, items)
    marks += matched.marks
    staying = [record for record in matched.go_on if record.key not in decisions.withdrawn]
    ready, waiting = meet_needs(parts, flow, staying, bring)
    marks += waiting
    ready = _without(ready, parts.screen(flow, [items[record.key] for record in ready]), marks, warnings)
    ready += [record for record in matched.go_on if record.key in decisions.withdrawn]

    mapped = flow.compiled.map(ready, parts.references)
    problems = [*mapped.problems, *check_documents(flow.document, mapped.documents)]
    problems = ignore_unsent(problems, decisions.withdrawn, items, marks)
    documents = _documents_without(mapped.documents, problems, marks, warnings)
    target = parts.target(flow)
    leaving = [document for document in documents if document.source_key in decisions.withdrawn]
    documents = [document for document in documents if document.source_key not in decisions.withdrawn]
    documents = _documents_without(documents, target.preflight(documents) if documents else [], marks, warnings)

    plan = make_plan(target, documents, items, drift=flow.flow.drift, sweep=sweep)
    vetoed: list[Mark] = []
    stopped = _hold(
        flow.compiled.hooks.before_write([(one.document, one.action) for one in plan.write]), vetoed, warnings
    )
    write = [one for one in plan.write if one.document.source_key not in stopped]
    withdrawals = plan_withdrawals(target, leaving, decisions.withdrawn, items, marks)
    found = plan.found | matched.links
    parts.ledger.link(run, flow_name, found)
    parts.ledger.mark(run, flow_name, [*marks, *plan.marks, *vetoed])
    parts.step("planned")
    return Transformed([*write, *withdrawals], [*warnings, *plan.warnings], list(found), plan.recognised)


def _ignore(item: WorkItem, rule: tuple[str, str]) -> Mark:
    """A record whose document is in the target already cannot be ignored by a rule that speaks of it only now."""
    name, because = rule
    if item.target_key is not None and item.fingerprint != LINKED:
        return Mark(
            key=item.key,
            state="held",
            code="delivered_before",
            sentence=f"It was delivered as {item.target_key}, and now: {because or name}.",
            remedy="Take the document back, or mend the rule.",
        )
    return Mark(key=item.key, state="ignored", rule=name, sentence=because, processed_hash=item.payload_hash)


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

"""Records that are taken back (a cancelled order): their documents are withdrawn; without one they are ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gp_prestashop.engine.fingerprint import fingerprint
from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.protocols import Target
from gp_prestashop.ledger.ledger import Mark, WorkItem
from gp_prestashop.mapping.shapes import Document, Problem

__all__ = ["ignore_unsent", "plan_withdrawals"]

Rules = Mapping[str, tuple[str, str]]


def ignore_unsent(
    problems: Sequence[Problem], withdrawn: Rules, items: Mapping[str, WorkItem], marks: list[Mark]
) -> list[Problem]:
    """What is wrong with a record that never became a document matters no more once it is withdrawn."""
    unsent = {key for key in withdrawn if items[key].target_key is None}
    marks += [_ignored(items[key], withdrawn[key]) for key in {problem.source_key for problem in problems} & unsent]
    return [problem for problem in problems if problem.source_key not in unsent]


def plan_withdrawals(
    target: Target, documents: Sequence[Document], withdrawn: Rules, items: Mapping[str, WorkItem], marks: list[Mark]
) -> list[Planned]:
    """What must be taken back in the target. A number that belongs to another document is left alone."""
    existing = target.existing(documents) if documents else {}
    planned: list[Planned] = []
    for document in documents:
        item, rule = items[document.source_key], withdrawn[document.source_key]
        there = existing.get(document.key)
        if there is None or not there.ours or there.status == "voided":
            marks.append(_ignored(item, rule))
        else:
            planned.append(
                Planned(document, "withdraw", fingerprint(document), payload_hash=item.payload_hash, rule=rule)
            )
    return planned


def _ignored(item: WorkItem, rule: tuple[str, str]) -> Mark:
    name, because = rule
    return Mark(key=item.key, state="ignored", rule=name, sentence=because, processed_hash=item.payload_hash)

"""Plan: what must be done with a mapped document, by the ledger's fingerprint and the target's guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gp_prestashop.engine.fingerprint import fingerprint
from gp_prestashop.engine.protocols import Existing, Target
from gp_prestashop.ledger.ledger import Mark, WorkItem
from gp_prestashop.mapping.shapes import Document, Problem
from gp_prestashop.words import called

__all__ = ["Drift", "Plan", "Planned", "Recognised", "make_plan", "show_difference"]

Drift: TypeAlias = Literal["ignore", "correct", "report"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One document to write, or to take back. ``difference`` says what a change would change."""

    document: Document
    action: Literal["create", "change", "withdraw"]
    fingerprint: str
    difference: str = ""
    payload_hash: str = ""  # of the raw record that the document was made from
    rule: tuple[str, str] = ("", "")  # by which it is withdrawn, and why


@dataclass(frozen=True, slots=True)
class Recognised:
    """A record that the target had before it was ever sent, what it was found ``by``, and that in full."""

    source_key: str
    by: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``write`` goes to the target; ``marks`` are decided without it; ``found`` were there already: key → document key."""

    write: list[Planned] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)


def make_plan(
    target: Target,
    documents: Sequence[Document],
    items: Mapping[str, WorkItem],
    *,
    drift: Drift = "ignore",
    sweep: bool = False,
) -> Plan:
    """Compare with what was sent before, and ask the target about all that is new or differs.

    A ``sweep`` asks about everything, unless ``drift`` is ignored: what others changed there is corrected, or held and
    reported.
    """
    plan = Plan()
    where = called(target.system)
    compare = sweep and drift != "ignore"
    asked: list[tuple[Document, str]] = []
    for document in documents:
        item, print_ = items[document.source_key], fingerprint(document)
        if item.target_key == document.key and item.fingerprint == print_ and not compare and item.code != "drift":
            plan.marks.append(_delivered(document, item, print_))
        elif item.target_key is not None and item.target_key != document.key:
            plan.marks.append(
                _held(
                    document,
                    "number_changed",
                    f"It is in {where} as {item.target_key}, and would now be {document.key}.",
                )
            )
        else:
            asked.append((document, print_))
    existing = target.existing([document for document, _ in asked]) if asked else {}
    for document, print_ in asked:
        there, item = existing.get(document.key), items[document.source_key]
        if there is not None and there.ours and there.conflicts:
            plan.warnings.append(_conflict(document, there, where))
        if there is not None and there.ours and there.found_by and item.target_key is None:
            plan.recognised.append(Recognised(document.source_key, there.found_by, there.sentence))
        drifted = there is not None and there.ours and not there.same and item.fingerprint == print_
        if drifted and there is not None and drift == "report":
            sentence = f"Others changed it in {where}: {show_difference(there.difference)}."
            plan.marks.append(_held(document, "drift", sentence))
            continue
        _plan_one(plan, document, print_, item, there, target.system)
        if item.state == "delivered" and plan.write and plan.write[-1].document is document:
            # A sweep found it: others changed it there, or a setting, a value map or a look-up says something else now.
            plan.marks.append(Mark(key=document.source_key, state="pending", code="drift" if drifted else "maps_anew"))
    return plan


def show_difference(difference: Mapping[str, tuple[object, object]]) -> str:
    """``QUANTITY 2 → 3, DOCAMNT 10.00 → 15.00``: there → wanted."""
    return ", ".join(f"{column} {there} → {wanted}" for column, (there, wanted) in difference.items())


def _conflict(document: Document, there: Existing, where: str) -> Problem:
    kept = "; ".join(f"{column} stays {kept}, and not {wanted}" for column, (kept, wanted) in there.conflicts.items())
    return Problem(document.source_key, "kept_there", f"{document.key} in {where}: {kept}.", severity="warn")


def _plan_one(plan: Plan, document: Document, print_: str, item: WorkItem, there: Existing | None, system: str) -> None:
    known, where = item.target_key is not None, called(system)
    if there is None and known:
        sentence = f"{document.key} was delivered, and is no longer in {where}."
        plan.marks.append(_held(document, f"gone_from_{system}", sentence))
    elif there is None:
        plan.write.append(Planned(document, "create", print_, payload_hash=item.payload_hash))
    elif not there.ours:
        plan.marks.append(
            _held(
                document,
                "number_taken",
                there.sentence or f"{document.key} is already taken in {where} by another document.",
            )
        )
    elif there.stranger and not known:
        plan.marks.append(_held(document, "number_taken", there.stranger))
    elif there.status == "voided":
        plan.marks.append(_held(document, "voided", f"{document.key} was voided in {where}; its number stays taken."))
    elif there.same:
        if item.target_key != document.key:
            plan.found[document.source_key] = document.key
        plan.marks.append(_delivered(document, item, print_))
    else:
        plan.write.append(Planned(document, "change", print_, show_difference(there.difference), item.payload_hash))


def _delivered(document: Document, item: WorkItem, print_: str) -> Mark:
    return Mark(key=document.source_key, state="delivered", fingerprint=print_, processed_hash=item.payload_hash)


def _held(document: Document, code: str, sentence: str) -> Mark:
    return Mark(key=document.source_key, state="held", code=code, sentence=sentence)

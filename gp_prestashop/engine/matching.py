"""Matching: records that are one and the same thing in the target are linked to it instead of written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gp_prestashop.ledger.ledger import Ledger, Mark, WorkItem
from gp_prestashop.mapping.compiled import Decisions
from gp_prestashop.mapping.shapes import SourceRecord

__all__ = ["LINKED", "Matched", "match"]

LINKED = "linked"  # the fingerprint of a record whose document is another's


@dataclass(frozen=True, slots=True)
class Matched:
    """``go_on`` are to be mapped; ``links``: key → document key; ``marks`` for the linked and the waiting."""

    go_on: list[SourceRecord] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)


def match(
    ledger: Ledger, flow: str, records: Sequence[SourceRecord], decisions: Decisions, items: Mapping[str, WorkItem]
) -> Matched:
    """A record that became a document of its own keeps it, and one that was linked stays so, whatever matches today."""
    result = Matched()
    new = {record.key for record in records if items[record.key].target_key is None} - set(decisions.withdrawn)
    owners = ledger.claim(flow, {key: one for key, one in decisions.identities.items() if key in new})
    shared = {owner for key, owner in owners.items() if owner != key}
    theirs = ledger.xrefs(flow, sorted(shared)) if shared else {}
    for record in records:
        key, item = record.key, items[record.key]
        owner = owners.get(key, key)
        if item.fingerprint == LINKED:
            result.marks.append(_linked(item))
        elif key not in new:
            result.go_on.append(record)
        elif target := decisions.existing.get(key) or theirs.get(owner if owner != key else ""):
            result.links[key] = target
            result.marks.append(_linked(item))
        elif owner != key:
            result.marks.append(_waits(flow, key, owner))
        else:
            result.go_on.append(record)
    return result


def _linked(item: WorkItem) -> Mark:
    return Mark(key=item.key, state="delivered", fingerprint=LINKED, processed_hash=item.payload_hash)


def _waits(flow: str, key: str, owner: str) -> Mark:
    return Mark(
        key=key,
        state="held",
        code="waits",
        sentence=f"Waits for {flow} {owner}, with which it is one.",
        remedy="It goes on by itself once that is delivered.",
        waits_for=((flow, owner),),
    )

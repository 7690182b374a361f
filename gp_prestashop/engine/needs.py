"""Needs: what a record needs first (an order its customer) is brought in the same batch, or the record waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.ledger.ledger import Mark
from gp_prestashop.mapping.shapes import SourceRecord

__all__ = ["meet_needs", "needed_keys"]

Bring = Callable[[str, Sequence[str]], None]  # runs a flow for these keys


def meet_needs(
    parts: Parts, flow: EngineFlow, records: Sequence[SourceRecord], bring: Bring
) -> tuple[list[SourceRecord], list[Mark]]:
    """The records that have all they need, and a mark with what it waits for on each other one."""
    wanted = {
        needed: {record.key: needed_keys(record.raw, paths) for record in records}
        for needed, paths in flow.flow.needs.items()
    }
    for needed, by_record in wanted.items():
        if missing := _missing(parts, needed, by_record):
            bring(needed, sorted(missing))
    lacking: dict[str, list[tuple[str, str]]] = {}
    for needed, by_record in wanted.items():  # only now: what one need brought may have settled another
        missing = _missing(parts, needed, by_record)
        for key, ids in by_record.items():
            lacking.setdefault(key, []).extend((needed, i) for i in ids if i in missing)
    ready = [record for record in records if not lacking.get(record.key)]
    reasons = _reasons(parts, {need for needs in lacking.values() for need in needs})
    marks = [_waits(record.key, lacking[record.key], reasons) for record in records if lacking.get(record.key)]
    return ready, marks


def _missing(parts: Parts, needed: str, by_record: Mapping[str, Sequence[str]]) -> set[str]:
    keys = sorted({key for ids in by_record.values() for key in ids})
    return set(keys) - set(parts.ledger.xrefs(needed, keys))


def needed_keys(raw: Mapping[str, Any], paths: str | Sequence[str]) -> list[str]:
    """The keys under dotted paths (through objects and lists); blanks and 0 name nothing."""
    found: list[str] = []
    for path in [paths] if isinstance(paths, str) else paths:
        for value in _walk(raw, path.split(".")):
            if value not in (None, "", "0", 0) and str(value) not in found:
                found.append(str(value))
    return found


def _walk(node: Any, path: Sequence[str]) -> list[Any]:
    if not path:
        return [node]
    if isinstance(node, list):
        return [value for item in node for value in _walk(item, path)]
    if isinstance(node, Mapping):
        return _walk(node.get(path[0]), path[1:])
    return []


def _reasons(parts: Parts, needs: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    reasons: dict[tuple[str, str], str] = {}
    for needed in sorted({flow for flow, _ in needs}):
        keys = [key for flow, key in needs if flow == needed]
        states = parts.ledger.states_of(needed, keys)
        for key in keys:
            state = states.get(key)
            reasons[needed, key] = state.sentence or f"it is {state.state}" if state else "it is not in the shop"
    return reasons


def _waits(key: str, needs: Sequence[tuple[str, str]], reasons: Mapping[tuple[str, str], str]) -> Mark:
    what = "; ".join(f"{flow} {needed} ({reasons[flow, needed]})" for flow, needed in dict.fromkeys(needs))
    return Mark(
        key=key,
        state="held",
        code="waits",
        sentence=f"Waits for {what}",
        remedy="It goes on by itself once that is delivered.",
        waits_for=tuple(dict.fromkeys(needs)),
    )

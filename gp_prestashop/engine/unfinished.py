"""Documents that were delivered, and of which the target could make more by now: a receipt that came before its invoice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.protocols import FinishingTarget

__all__ = ["unfinished"]

CHUNK = 1000


def unfinished(parts: Parts, flow_name: str, first: date) -> Iterator[tuple[str, date]]:
    """(source key, day) of delivered records from ``first`` on whose documents the target says are not finished.

    Whether there is anything to do yet, only mapping them again tells: a sweep of these keys.
    """
    flow = parts.flow(flow_name)
    target = parts.target(flow)
    if not isinstance(target, FinishingTarget):
        return
    delivered = parts.ledger.delivered_keys(flow_name, first)
    while chunk := [(key, target_key, day) for key, target_key, _, _, day in islice(delivered, CHUNK)]:
        open_ = target.unfinished(flow.document.name, [target_key for _, target_key, _ in chunk])
        yield from ((key, day) for key, target_key, day in chunk if target_key in open_)

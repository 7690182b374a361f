"""The audit trail of suggestions: who accepted or rejected what, and what was written into a map."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from gp_prestashop.clock import Clock
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["record"]


def record(
    ledger: Ledger, clock: Clock, *, actor: str, action: str, flow: str, key: str, before: Any = None, after: Any = None
) -> None:
    """Append one entry: ``action`` is suggestion_accepted, suggestion_rejected or suggestion_written; ``key`` the pair."""
    row = {
        "at": clock.now(),
        "actor": actor,
        "action": action,
        "flow": flow,
        "key": key,
        "before": before,
        "after": after,
    }
    with ledger.engine.begin() as connection:
        connection.execute(insert(t.audit).values(**row))

"""Dead letters: records that a target refused for good. One is open for a record exactly while it is dead."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Select, select

from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.model import DeadLetter
from gp_prestashop.ledger.payloads import unpack

__all__ = ["DeadLetters"]

d, r, p = t.dead_letter.c, t.record.c, t.payload.c


class DeadLetters:
    """Reads ``dead_letter``, each with the record as received."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self, flow: str | None = None, *, resolved: bool = False, limit: int = 200) -> list[DeadLetter]:
        """The newest first: open ones, or those resolved."""
        query = _query().where(d.resolved_at.is_not(None) if resolved else d.resolved_at.is_(None))
        if flow is not None:
            query = query.where(d.flow == flow)
        with self._engine.connect() as connection:
            return [_letter(row) for row in connection.execute(query.order_by(d.id.desc()).limit(limit)).mappings()]

    def show(self, letter_id: int) -> DeadLetter | None:
        with self._engine.connect() as connection:
            row = connection.execute(_query().where(d.id == letter_id)).mappings().first()
        return None if row is None else _letter(row)


def _query() -> Select[Any]:
    of_record = (r.flow == d.flow) & (r.key == d.key)
    received = (p.system == r.system) & (p.resource == r.resource) & (p.key == r.key) & (p.hash == d.payload_hash)
    tables = t.dead_letter.join(t.record, of_record).outerjoin(t.payload, received)
    columns = (d.id, d.flow, d.key, d.code, d.sentence, d.remedy, d.tries, d.created_at, d.resolved_at, d.resolution)
    return select(*columns, d.document, p.body).select_from(tables)


def _letter(row: Any) -> DeadLetter:
    fields = dict(row)
    body = fields.pop("body")
    return DeadLetter(**fields, raw=None if body is None else unpack(body))

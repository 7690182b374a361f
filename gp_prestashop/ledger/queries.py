"""What is asked of the ledger: cross-references, watermarks, conservation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.model import ConservationRow
from gp_prestashop.ledger.payloads import unpack
from gp_prestashop.ledger.records import among

__all__ = [
    "conservation",
    "delivered_keys",
    "record_keys",
    "sent",
    "set_watermark",
    "stopped_keys",
    "watermark",
    "xrefs",
]

r, x, w = t.record.c, t.cross_reference.c, t.watermark.c
KEY_ORDER = (func.length(r.key), r.key.collate("C"))


def xrefs(engine: Engine, flow: str, keys: Sequence[str]) -> dict[str, str]:
    """The other side's keys, by ours."""
    with engine.connect() as connection:
        query = select(x.source_key, x.target_key).where(x.flow == flow, x.source_key == among(keys))
        return {row.source_key: row.target_key for row in connection.execute(query)}


def watermark(engine: Engine, name: str) -> datetime | None:
    with engine.connect() as connection:
        found: Any = connection.execute(select(w.value).where(w.name == name)).scalar()
    return None if found is None else found.astimezone(UTC)


def set_watermark(engine: Engine, now: datetime, name: str, value: datetime, *, back: bool) -> None:
    """Raises ValueError on a naive value."""
    if value.tzinfo is None:
        raise ValueError(f"The watermark {name} needs a time zone.")
    statement = insert(t.watermark).values(name=name, value=value, updated_at=now)
    new = statement.excluded
    ahead = None if back else w.value < new.value
    changed = {"value": new.value, "updated_at": new.updated_at}
    with engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed, where=ahead))


def conservation(engine: Engine, flow: str, first: date | None, last: date | None) -> list[ConservationRow]:
    """Records and money by day, currency, state and reason (the rule that ignored them, or the code)."""
    reason = func.coalesce(func.nullif(r.rule, ""), r.code)
    group = (r.day, r.currency, r.state, reason)
    query = select(*group, func.count(), func.sum(r.amount)).where(r.flow == flow)
    with engine.connect() as connection:
        rows = connection.execute(_between(query, first, last).group_by(*group).order_by(*group))
        return [ConservationRow(*row) for row in rows]


def sent(engine: Engine, flow: str, key: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The raw record and the document made of it that the target took last; None when there is none, or it was erased."""
    i, p = t.intent.c, t.payload.c
    same = (p.system == r.system) & (p.resource == r.resource) & (p.key == r.key) & (p.hash == i.payload_hash)
    query = (
        select(p.body, i.document)
        .select_from(t.intent)
        .join(t.record, (r.flow == i.flow) & (r.key == i.key))
        .join(t.payload, same)
        .where(i.flow == flow, i.key == key, i.outcome.in_(["created", "changed", "unchanged", "found"]))
        .order_by(i.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None or row.body is None else (unpack(row.body), row.document)


def delivered_keys(
    engine: Engine, flow: str, first: date | None, last: date | None
) -> Iterator[tuple[str, str, Decimal | None, str | None, date]]:
    """(key, target key, amount, currency, day) of delivered records, flat in memory."""
    query = select(r.key, r.target_key, r.amount, r.currency, r.day).where(r.flow == flow, r.state == "delivered")
    query = _between(query, first, last).order_by(*KEY_ORDER)
    with engine.connect() as connection, connection.execution_options(yield_per=1000).execute(query) as rows:
        for row in rows:
            yield row.key, row.target_key, row.amount, row.currency, row.day


def record_keys(engine: Engine, flow: str, first: date | None, last: date | None) -> Iterator[str]:
    """Keys of all records of these days, in every state, flat in memory."""
    query = _between(select(r.key).where(r.flow == flow), first, last).order_by(*KEY_ORDER)
    with engine.connect() as connection, connection.execution_options(yield_per=5000).execute(query) as rows:
        yield from rows.scalars()


def stopped_keys(engine: Engine, flow: str, before: date, most: int) -> list[tuple[str, date]]:
    """(key, day) of records that wait (held or pending), of days before this one; the newest, oldest of them first."""
    waits = (r.flow == flow, r.state.in_(["held", "pending"]), r.day < before)
    query = select(r.key, r.day).where(*waits).order_by(r.day.desc(), *(part.desc() for part in KEY_ORDER)).limit(most)
    with engine.connect() as connection:
        return [(row.key, row.day) for row in reversed(connection.execute(query).all())]


def _between(query: Select[Any], first: date | None, last: date | None) -> Select[Any]:
    if first is not None:
        query = query.where(r.day >= first)
    return query if last is None else query.where(r.day <= last)

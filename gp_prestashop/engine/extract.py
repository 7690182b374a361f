"""First stage: records are read, page by page, and are the ledger's before anything else happens to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.protocols import Selection, Source
from gp_prestashop.ledger.ledger import Mark, Received, Run, content_hash
from gp_prestashop.mapping.shapes import ResourceShape, SourceRecord
from gp_prestashop.words import called

__all__ = ["extract"]


def extract(parts: Parts, run: Run, flows: Sequence[EngineFlow], selection: Selection) -> Iterator[list[str]]:
    """Read a resource for all the flows that use it; yields the keys of each page once it is durable.

    ``flows`` share one resource. A record of the selection that is in the ledger but no longer in the source is looked
    up by its id; if it is gone, it is held for a person.
    """
    resource, source = flows[0].resource, parts.source(flows[0])
    names = [flow.name for flow in flows]
    seen: set[str] = set()
    bounded = selection.keys is not None or selection.created is not None  # else nothing is known to be missing
    size = parts.page_size_of(resource.system)
    for page in source.read(resource.name, selection, page_size=size):
        parts.step("read")
        parts.ledger.receive(run, resource.system, resource.name, names, list(_received(source, resource, page)))
        parts.step("received")
        keys = [record.key for record in page]
        if bounded:
            seen.update(keys)
        yield keys
    for name in names:
        _hold_the_gone(parts, run, source, resource, name, selection, seen)


def _received(source: Source, resource: ResourceShape, page: Sequence[SourceRecord]) -> Iterator[Received]:
    volatile = {column.name for frame in resource.frames for column in frame.columns if column.volatile}
    currencies = _currencies(source, resource, page)
    for record in page:
        yield Received(
            key=record.key,
            raw=record.raw,
            hash=content_hash(record.raw, volatile),
            amount=_amount(record, resource),
            currency=currencies.get(str(record.raw.get(resource.currency_id or ""))),
            day=source.local_day(record, resource.name),
        )


def _currencies(source: Source, resource: ResourceShape, page: Sequence[SourceRecord]) -> dict[str, str]:
    """ISO code by the source's currency id."""
    if resource.currency_id is None:
        return {}
    ids = sorted({str(record.raw.get(resource.currency_id)) for record in page})
    rows = source.lookup(f"{resource.system}.currencies", [(i,) for i in ids], ["iso_code"])
    return {key[0]: str(row["iso_code"]) for key, row in rows.items()}


def _amount(record: SourceRecord, resource: ResourceShape) -> Decimal | None:
    """The amount that conservation counts. An unreadable one counts as none; the source contract then holds the record."""
    text = record.raw.get(resource.amount) if resource.amount else None
    try:
        return Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        return None


def _hold_the_gone(
    parts: Parts,
    run: Run,
    source: Source,
    resource: ResourceShape,
    flow: str,
    selection: Selection,
    seen: set[str],
) -> None:
    if selection.keys is not None:
        known = set(parts.ledger.states_of(flow, list(selection.keys)))
    elif selection.created is not None:
        known = set(parts.ledger.record_keys(flow, *selection.created))
    else:
        return
    missing = sorted(known - seen)
    if missing and selection.keys is None:
        again = source.read(
            resource.name, Selection(keys=tuple(missing)), page_size=parts.page_size_of(resource.system)
        )
        missing = sorted(set(missing) - {record.key for page in again for record in page})
    parts.ledger.mark(
        run,
        flow,
        [
            Mark(
                key=key,
                state="held",
                code="disappeared",
                sentence=f"{resource.name} {key} is no longer in {called(resource.system)}.",
                remedy="Find out who deleted it, and take its document back on the other side if there is one.",
            )
            for key in missing
        ],
    )

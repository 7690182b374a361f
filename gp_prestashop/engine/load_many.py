"""Writing many documents in one request, where the target offers it. Each one's outcome is recorded by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from gp_prestashop.engine.fingerprint import as_json
from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.protocols import BatchTarget, Outcome
from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient
from gp_prestashop.ledger.ledger import Delivery, Run
from gp_prestashop.mapping.shapes import Document

__all__ = ["load_many"]


def load_many(
    parts: Parts, run: Run, flow: EngineFlow, todo: Sequence[Planned], intents: Mapping[str, int]
) -> list[str]:
    """Write in batches of the target's size; returns the keys delivered.

    Raises Transient or ConfigError when going on is useless: what was not written is pending again.
    """
    target = parts.target(flow)
    assert isinstance(target, BatchTarget)  # noqa: S101  asked by load()
    size = parts.batch_size(flow)
    delivered: list[str] = []
    for start in range(0, len(todo), size):
        batch = todo[start : start + size]
        writes: list[tuple[Document, Literal["create", "change"]]] = [
            (one.document, "create" if one.action == "create" else "change") for one in batch
        ]
        try:
            results = parts.retry.call(partial(target.write_many, writes), clock=parts.clock, random=parts.random)
        except (Transient, ConfigError) as error:
            _give_back(parts, run, flow, todo[start:], intents, error)
            raise
        parts.step("written")
        done, stop = _record(parts, run, flow, batch, results, intents)
        delivered += done
        if stop is not None:
            _give_back(parts, run, flow, todo[start + size :], intents, stop)
            raise stop
    return delivered


def _record(
    parts: Parts,
    run: Run,
    flow: EngineFlow,
    batch: Sequence[Planned],
    results: Sequence[Outcome | GpPrestashopError],
    intents: Mapping[str, int],
) -> tuple[list[str], GpPrestashopError | None]:
    """The keys delivered, and an error that ends the run: a batch that was written in part and then cut off."""
    deliveries: list[Delivery] = []
    delivered: list[str] = []
    stop: GpPrestashopError | None = None
    for one, result in zip(batch, results, strict=True):
        key = one.document.source_key
        if isinstance(result, Outcome):
            delivered.append(key)
            deliveries.append(Delivery(intents[key], result.action, result.key, one.fingerprint, dict(result.detail)))
            continue
        _fail(parts, run, flow, one, intents[key], result)
        stop = result if isinstance(result, Transient | ConfigError) else stop
    parts.ledger.finish_many(run, flow.name, deliveries)
    parts.step("finished")
    return delivered, stop


def _fail(parts: Parts, run: Run, flow: EngineFlow, one: Planned, intent: int, error: GpPrestashopError) -> None:
    ledger = parts.ledger
    if isinstance(error, InDoubt):
        ledger.doubt(run, flow.name, intent, error.sentence)
    elif isinstance(error, Refused):
        ledger.refuse(run, flow.name, intent, error.code, error.sentence, error.remedy, as_json(one.document))
    else:
        state = "held" if isinstance(error, DataError) else "pending"
        ledger.abandon(run, flow.name, intent, state, error.code, error.sentence, error.remedy)


def _give_back(
    parts: Parts,
    run: Run,
    flow: EngineFlow,
    left: Sequence[Planned],
    intents: Mapping[str, int],
    error: GpPrestashopError,
) -> None:
    for one in left:
        intent = intents[one.document.source_key]
        parts.ledger.abandon(run, flow.name, intent, "pending", error.code, error.sentence, error.remedy)

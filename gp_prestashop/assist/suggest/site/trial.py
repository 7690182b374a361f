"""Tries a drafted expression on records read live: what the flow would make of them with it, kept and written nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from gp_prestashop.assist.suggest.site.overlay import Place, with_expression
from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.wiring import Wired

__all__ = ["Draft", "Trial"]


@dataclass(frozen=True)
class Draft:
    """An expression that compiles, and what it gave: (record's key, value) of the sampled records."""

    expression: str
    examples: Sequence[tuple[str, Any]] = ()


class Trial:
    """Judges expressions for one place by the compiler and by a dry run over the first ``sample`` records."""

    def __init__(self, wired: Wired, parts: Parts, place: Place, sample: int) -> None:
        self._wired = wired
        self._parts = parts
        self._place = place
        self._sample = sample
        self._keys: tuple[str, ...] | None = None
        self.examples: list[tuple[str, Any]] = []

    def wrong(self, expression: str) -> str:
        """What speaks against an expression: a blank when it compiles and every sampled record takes it."""
        flow, wrong = with_expression(self._wired, self._place, expression)
        return wrong if flow is None else self.against(flow)

    def against(self, flow: EngineFlow) -> str:
        """What a dry run says against the flow as it would be; a blank when every sampled record takes it."""
        if not self._sample:
            return ""
        parts = replace(self._parts, flows={**self._parts.flows, flow.name: flow})
        tried = dry_run(parts, flow.name, Selection(keys=self._sampled()))
        column = f"{self._place.frame}.{self._place.column}"
        if mine := [problem for problem in tried.problems if problem.column == column]:
            keys = {problem.source_key for problem in mine}
            return f"{len(keys)} of {len(self._sampled())} sampled records, as record {mine[0].source_key}: {mine[0].sentence}"
        self.examples = [
            (document.source_key, row.get(self._place.column))
            for document in tried.documents
            for row in document.frames.get(self._place.frame, [])
        ][: self._sample]
        return ""

    def _sampled(self) -> tuple[str, ...]:
        if self._keys is None:
            flow = self._place.flow
            source = self._parts.source(flow)
            pages = source.read(flow.resource.name, Selection(), page_size=self._sample)
            records = (record for page in pages for record in page)
            self._keys = tuple(record.key for record in islice(records, self._sample))
        return self._keys

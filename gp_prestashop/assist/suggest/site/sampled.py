"""Checks a flow on records read live: what it would make of them, by a dry run that keeps and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from gp_prestashop.assist.suggest.site.check import Finding, check_flow
from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord
from gp_prestashop.settings import Settings
from gp_prestashop.wiring import connect, open_engine

__all__ = ["checked_flow"]


def checked_flow(settings: Settings, name: str, sample: int) -> list[Finding]:
    """Findings of one flow. Raises ConfigError for a flow that is unknown or broken, Transient when a side is away."""
    wired = connect(settings)
    if name not in wired.flows:
        raise ConfigError(
            "unknown_flow", f"There is no working flow named {name}.", remedy="See: gp-prestashop flows list."
        )
    flow = wired.flows[name]
    records: Sequence[SourceRecord] = []
    documents: Sequence[Document] = []
    problems: Sequence[Problem] = []
    if sample:
        pages = wired.source.read(flow.resource.name, Selection(), page_size=min(sample, settings.shop.page_size))
        records = list(islice((record for page in pages for record in page), sample))
        with open_engine(settings) as engine:
            keys = tuple(record.key for record in records)
            tried = dry_run(engine.parts, name, Selection(keys=keys))
        documents, problems = tried.documents, tried.problems
    return check_flow(flow, records, documents, problems)

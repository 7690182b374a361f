"""The engine's front: run a flow from end to end, or its stages one by one as Dagster does.

Read it in this order: extract → transform (needs, plan) → load → settle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias

from gp_prestashop.engine.extract import extract
from gp_prestashop.engine.load import load
from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.pipeline import Stages, run_stages
from gp_prestashop.engine.protocols import ClockedSource, Selection
from gp_prestashop.engine.report import RunReport
from gp_prestashop.engine.settle import settle
from gp_prestashop.engine.transform import Transformed, transform
from gp_prestashop.ledger.ledger import Run

__all__ = ["OVERLAP", "Engine", "Progress", "Session"]

Progress: TypeAlias = Callable[[RunReport], None]

OVERLAP = timedelta(minutes=5)  # rows become visible out of order, and clocks differ a little


def _silent(_report: RunReport) -> None:
    """Nobody watches."""


@dataclass
class Session:
    """One run under way. ``released`` are records of other flows that waited for what this run delivered."""

    flow: str
    run: Run
    report: RunReport
    released: dict[tuple[str, str], None] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)  # pages of some flows are worked on at the same time


class Engine:
    """Runs flows. Everything that the command line, Dagster and the worker launch comes through here."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def run(
        self,
        flow: str,
        selection: Selection,
        *,
        reason: str = "run",
        progress: Progress = _silent,
        sweep: bool = False,
    ) -> RunReport:
        """One flow, once, page by page; ``progress`` is told after each page.

        A ``sweep`` compares also what was delivered with what the target holds, and does with differences what the
        flow's ``drift`` says. Raises Transient or ConfigError when the other side cannot be worked with.
        """
        known = self.parts.flow(flow)
        with self.session(flow, reason) as session:

            def count(keys: Sequence[str]) -> None:
                session.report.count(self.parts.ledger.tally(flow, keys))
                progress(session.report)

            pages = self.extract(session, [flow], selection)
            if (size := self.parts.batch_size(known)) > 1 and not known.flow.needs:
                stages = Stages(
                    transform=lambda keys: self.transform(session, keys, sweep=sweep),
                    load=lambda planned: self.load(session, Transformed([*planned])),
                    count=count,
                )
                run_stages(pages, stages, size)
            else:
                for keys in pages:
                    self.load(session, self.transform(session, keys, sweep=sweep))
                    count(keys)
        return session.report

    def poll(self, flow: str, *, since: datetime, reason: str = "poll") -> RunReport:
        """What changed since the flow's watermark, or since ``since`` the first time.

        The watermark is captured before the read, overlaps, and moves only after everything below is durable.
        """
        name = f"{flow}:changed"
        source = self.parts.source(self.parts.flow(flow))
        captured = source.now() if isinstance(source, ClockedSource) else self.parts.clock.now()
        start = self.parts.ledger.watermark(name) or since
        report = self.run(flow, Selection(changed_since=start - OVERLAP), reason=reason)
        self.parts.step("before_watermark")
        self.parts.ledger.set_watermark(name, captured)
        return report

    @contextmanager
    def session(self, flow: str, reason: str) -> Iterator[Session]:
        """A run, alive in the ledger exactly as long as this process works on it. Doubts are settled before and after."""
        with self.parts.ledger.open_run(flow, reason) as run:
            session = Session(flow, run, RunReport(flow, run.id))
            settle(self.parts, run, flow)
            yield session
            self._release(session)
            settle(self.parts, run, flow)
            run.counts = dict(session.report.states)
            self.parts.ledger.seal()

    def extract(self, session: Session, flows: Sequence[str], selection: Selection) -> Iterator[list[str]]:
        """Pages of keys of the resource that ``flows`` share, each durable in the ledger."""
        for keys in extract(self.parts, session.run, [self.parts.flow(name) for name in flows], selection):
            session.report.seen += len(keys)
            yield keys

    def transform(
        self, session: Session, keys: Sequence[str], flow: str | None = None, *, sweep: bool = False
    ) -> Transformed:
        """Documents to write for these records; each other one has its state and reason by then."""

        def bring(needed: str, missing: Sequence[str]) -> None:
            settle(self.parts, session.run, needed)
            for page in extract(self.parts, session.run, [self.parts.flow(needed)], Selection(keys=tuple(missing))):
                self.load(session, self.transform(session, page, needed), needed)

        transformed = transform(self.parts, session.run, flow or session.flow, keys, bring, sweep=sweep)
        session.report.warnings += transformed.warnings
        if (flow or session.flow) == session.flow:
            session.report.recognised += transformed.recognised
        self._free(session, flow or session.flow, transformed.settled)
        return transformed

    def load(self, session: Session, transformed: Transformed, flow: str | None = None) -> list[str]:
        """Write; returns the keys delivered."""
        name = flow or session.flow
        delivered = load(self.parts, session.run, name, transformed.planned)
        if name == session.flow:
            with session.lock:
                session.report.written += len(delivered)
        self._free(session, name, delivered)
        return delivered

    def _free(self, session: Session, flow: str, delivered: Sequence[str]) -> None:
        """Note who waited for these."""
        if delivered:
            session.released.update(dict.fromkeys(self.parts.ledger.waiting_for(flow, delivered)))

    def _release(self, session: Session) -> None:
        """Records that waited for what was delivered go on at once."""
        while session.released:
            todo, session.released = session.released, {}
            for flow in dict.fromkeys(flow for flow, _ in todo):
                if flow in self.parts.flows:
                    keys = [key for other, key in todo if other == flow]
                    self.load(session, self.transform(session, keys, flow), flow)

"""Where flows, connectors and ledger are put together. The only module that knows both connectors."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.drafts import write_flow_draft
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.ledger_lists import LedgerLists, ledger_lists
from gp_prestashop.engine.parts import EngineFlow, Parts, Screen
from gp_prestashop.engine.protocols import Declarable, Source, Target
from gp_prestashop.errors import ConfigError
from gp_prestashop.flow_settings import FlowSettings
from gp_prestashop.gp.source import GpSource
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger, WorkItem
from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.loader import LoadedFlow, load_flows
from gp_prestashop.mapping.shapes import LookupList, Problem
from gp_prestashop.oversell import UNSEEN_LISTS, UnseenDemand
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.prestashop.target import PrestaShopTarget
from gp_prestashop.settings import Settings, cached_settings
from gp_prestashop.value_files import load_value_files

if TYPE_CHECKING:
    import dagster as dg

__all__ = ["Wired", "connect", "definitions_of_one", "draft_flow", "flow_folders", "open_engine", "shared_engine"]

# Records are many small dicts without cycles: looking for such at every 700 of them takes a sixth of a sweep's CPU time.
MADE_BEFORE_A_LOOK = 50_000
SHIPPED_FLOWS = Path(__file__).parent / "defs"


@dataclass(frozen=True)
class Wired:
    """Flows against connectors; nothing is connected to yet."""

    settings: Settings
    source: PrestaShopSource  # of orders: the shop
    target: Target  # of orders: GP
    sources: Mapping[str, Source] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    flows: Mapping[str, EngineFlow] = field(default_factory=dict)
    broken: Sequence[LoadedFlow] = ()
    off: Sequence[LoadedFlow] = ()  # enabled: false; with what is wrong with them, if something is
    loaded: Sequence[LoadedFlow] = ()  # all of them, as their files are
    lists: Mapping[str, LookupList] = field(default_factory=dict)
    values: FlowSettings | None = None

    def compile(self, loaded: LoadedFlow, values: Mapping[str, str] | None = None) -> EngineFlow | LoadedFlow:
        """A flow that is tried, against the same connectors; as it came, with its errors, when it is broken.

        ``values``: the settings that it reads, in place of the real ones.
        """
        values = values or self.values or FlowSettings(self.settings, self.target)
        return _compile(loaded, self.sources, self.targets, self.lists, values, self.settings.gp.code_page)

    def close(self) -> None:
        """Gives back connections and temporary files; whoever asks afterwards connects anew."""
        for source in self.sources.values():
            source.close()
        for target in self.targets.values():
            target.close()

    def path_of(self, flow: str) -> Path:
        """The file of a flow."""
        return next(loaded.path for loaded in self.loaded if loaded.name == flow)

    def engine(self, database_url: str) -> Engine:
        """The engine over this ledger, whose tables and value maps are brought up to date first."""
        gc.set_threshold(MADE_BEFORE_A_LOOK)
        ledger = Ledger(database_url, SystemClock())
        ledger.migrate()
        load_value_files(ledger, value_map_files(self.settings))
        clock = SystemClock()
        return Engine(
            Parts(
                flows=self.flows,
                sources=self.sources,
                targets=self.targets,
                ledger=ledger,
                page_size=self.settings.shop.page_size,
                page_sizes={"gp": self.settings.gp.page_size},
                lookups={
                    "ledger": LedgerLists(ledger, tuple(self.flows)),
                    "unseen": UnseenDemand(self.source, ledger, self.settings, clock),
                },
                screen=_screen(ledger, self.settings, clock),
                settle_after=5 if self.settings.gp.writer == "econnect" else self.settings.gp.timeout,
            )
        )


def _screen(ledger: Ledger, settings: Settings, clock: Clock) -> Screen:
    """Looks for anomalies; built when the first records come, since what it needs takes a second to import."""

    @cache
    def made() -> Screen:
        from gp_prestashop.assist.anomalies.screen import OrderScreen

        return OrderScreen(ledger, settings.home, settings.assist.anomalies, clock)

    def screen(flow: EngineFlow, items: Sequence[WorkItem]) -> Sequence[Problem]:
        return made()(flow, items)

    return screen


def connect(settings: Settings, clock: Clock | None = None) -> Wired:
    """Load and compile all flows. A broken one is kept apart with its errors; no system is asked anything yet."""
    clock = clock or SystemClock()
    source, target = PrestaShopSource(settings.shop, clock), GpTarget(settings.gp, clock)
    items = GpSource(settings.gp, settings.catalogue, settings.sop.prefix, settings.home, clock)
    sources: dict[str, Source] = {"prestashop": source, "gp": items}
    targets: dict[str, Target] = {
        "gp": target,
        "prestashop": PrestaShopTarget(source, settings.catalogue, clock, settings.home, items.known_articles),
    }
    lists: dict[str, LookupList] = {**target.lookup_lists(), **targets["prestashop"].lookup_lists(), **UNSEEN_LISTS}
    loaded_flows = load_flows(flow_folders(settings))
    lists |= ledger_lists([loaded.name for loaded in loaded_flows])
    values = FlowSettings(settings, target)
    flows: dict[str, EngineFlow] = {}
    broken: list[LoadedFlow] = []
    off: list[LoadedFlow] = []
    for loaded in loaded_flows:
        ready = _compile(loaded, sources, targets, lists, values, settings.gp.code_page)
        if loaded.flow is not None and not loaded.flow.enabled:
            off.append(loaded if isinstance(ready, EngineFlow) else replace(loaded, errors=ready.errors))
            continue
        if isinstance(ready, EngineFlow):
            flows[ready.name] = ready
        else:
            broken.append(ready)
    return Wired(settings, source, target, sources, targets, flows, broken, off, loaded_flows, lists, values)


def _compile(
    loaded: LoadedFlow,
    sources: Mapping[str, Source],
    targets: Mapping[str, Target],
    lists: Mapping[str, LookupList],
    values: Mapping[str, str],
    code_page: str,
) -> EngineFlow | LoadedFlow:
    if loaded.flow is None:
        return loaded
    flow = loaded.flow
    # A system that there is not offers nothing: the compiler then says what is known.
    resources = sources[flow.source.system].resources() if flow.source.system in sources else {}
    documents = targets[flow.target.system].documents() if flow.target.system in targets else {}
    # The shipped flows are tried out by our own tests.
    tried = loaded.path.is_relative_to(SHIPPED_FLOWS) and not loaded.overlays
    compiled, errors = compile_flow(loaded, resources, documents, lists, values, code_page=code_page, tried=tried)
    if compiled is None:
        return replace(loaded, flow=None, errors=tuple(errors))
    for system in (sources[flow.source.system], targets[flow.target.system]):
        if isinstance(system, Declarable):
            system.declare(flow)
    return EngineFlow(flow, compiled, compiled.resource, compiled.document)  # with what the flow declares


def flow_folders(settings: Settings) -> list[Path]:
    """The shipped flows, then the site's own."""
    return [SHIPPED_FLOWS, settings.home / "flows"]


def value_map_files(settings: Settings) -> list[Path]:
    """The shipped maps, then the site's own, which add to and override them."""
    site = settings.home / "maps"
    return [*sorted(SHIPPED_FLOWS.glob("*/values.yaml")), *sorted([*site.glob("*.yaml"), *site.glob("*.csv")])]


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The ledger's URL: the one that is set, or the embedded Postgres, which this starts and stops if need be."""
    if settings.secret_database_url:
        yield settings.secret_database_url
        return
    with EmbeddedPostgres(settings.home / "postgres") as postgres:
        yield postgres.create_database("gpps")


@contextmanager
def open_engine(settings: Settings, wired: Wired | None = None) -> Iterator[Engine]:
    """An engine for one command, over ``wired`` where flows are connected already."""
    wired = wired or connect(settings)
    with database(settings) as url:
        engine = wired.engine(url)
        try:
            yield engine
        finally:
            engine.parts.ledger.close()
            wired.close()


@lru_cache(maxsize=1)
def shared_engine() -> Engine:
    """The engine of a long-lived process (a Dagster code location), built when first asked for."""
    settings = cached_settings()
    url = settings.secret_database_url or EmbeddedPostgres(settings.home / "postgres").start()
    return connect(settings).engine(url)


def definitions_of_one(name: str) -> dg.Definitions:
    """One flow's Dagster definitions, for Dagster's own tooling."""
    from gp_prestashop.components.build import build_definitions

    wired = connect(cached_settings())
    if name not in [loaded.name for loaded in wired.loaded]:
        where = f"{wired.settings.home / 'flows'}"
        raise ConfigError("unknown_flow", f"{name} is not among the flows.", remedy=f"Put its folder into {where}.")
    flows = {key: flow for key, flow in wired.flows.items() if key == name}
    broken = [loaded for loaded in wired.broken if loaded.name == name]
    return build_definitions(flows, broken, wired.settings, shared_engine)


def draft_flow(folder: Path, name: str, source: str, target: str, key: str | None) -> Path:
    """The first draft of a flow in ``folder``, for Dagster's own tooling."""
    wired = connect(cached_settings())
    return write_flow_draft(folder, name, (source, target, key), wired.sources, wired.targets)

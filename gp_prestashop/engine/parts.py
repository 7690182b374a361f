"""What the engine works with: compiled flows, connectors, ledger, clock. Wired in definitions.py, handed around here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.engine.policy import RetryPolicy
from gp_prestashop.engine.protocols import BatchTarget, LookupProvider, Source, Target
from gp_prestashop.engine.references import EngineReferences
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.ledger import Ledger, WorkItem
from gp_prestashop.mapping.compiler import CompiledFlow
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.shapes import DocumentShape, Problem, ResourceShape

__all__ = ["EngineFlow", "Parts", "Screen", "Step"]

Step: TypeAlias = Callable[[str], None]
Screen: TypeAlias = "Callable[[EngineFlow, Sequence[WorkItem]], Sequence[Problem]]"


def _no_step(_name: str) -> None:
    """Tests put a function here that kills the process at a named step."""


def _all_sound(_flow: EngineFlow, _items: Sequence[WorkItem]) -> Sequence[Problem]:
    """Where nothing looks at records before they are delivered."""
    return ()


@dataclass(frozen=True, slots=True)
class EngineFlow:
    """A flow, ready to run."""

    flow: Flow
    compiled: CompiledFlow
    resource: ResourceShape
    document: DocumentShape

    @property
    def name(self) -> str:
        return self.flow.name


@dataclass(frozen=True)
class Parts:
    """Everything a run needs. ``settle_after`` is in seconds: how long a call whose caller died may still be running."""

    flows: Mapping[str, EngineFlow]
    sources: Mapping[str, Source]
    targets: Mapping[str, Target]
    ledger: Ledger
    clock: Clock = field(default_factory=SystemClock)
    random: Random = field(default_factory=Random)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    settle_after: int = 5
    page_size: int = 100
    page_sizes: Mapping[str, int] = field(default_factory=dict)  # by system, where another size serves it better
    lookups: Mapping[str, LookupProvider] = field(default_factory=dict)  # more lists, by what stands before their dot
    screen: Screen = _all_sound  # what looks wrong about records that are about to be delivered
    step: Step = _no_step

    def flow(self, name: str) -> EngineFlow:
        if name not in self.flows:
            raise ConfigError(
                "unknown_flow",
                f"There is no working flow named {name}.",
                remedy=f"Choose from: {', '.join(self.flows)}.",
            )
        return self.flows[name]

    def source(self, flow: EngineFlow) -> Source:
        return self.sources[flow.resource.system]

    def target(self, flow: EngineFlow) -> Target:
        return self.targets[flow.document.system]

    def page_size_of(self, system: str) -> int:
        return self.page_sizes.get(system, self.page_size)

    def batch_size(self, flow: EngineFlow) -> int:
        """How many documents the flow's target takes at once."""
        target = self.target(flow)
        return target.batch_size(flow.document.name) if isinstance(target, BatchTarget) else 1

    @property
    def references(self) -> EngineReferences:
        providers: dict[str, LookupProvider] = {**self.sources, **self.targets, **self.lookups}
        return EngineReferences(self.ledger, providers)

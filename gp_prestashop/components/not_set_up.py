"""Flows that a site does not use (yet): their sensors and sweeps say so, where running them would fail every time."""

from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.protocols import OptionalSource

__all__ = ["not_set_up"]


def not_set_up(engine: Engine, flow: EngineFlow) -> str | None:
    """What is to be set first, in a sentence."""
    source = engine.parts.source(flow)
    return source.not_set_up(flow.resource.name) if isinstance(source, OptionalSource) else None

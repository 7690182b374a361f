"""The engine as a Dagster resource: built once a process, when the first asset, sensor or check needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from gp_prestashop.engine.engine import Engine

__all__ = ["EngineResource"]


class EngineResource:
    """Holds how to build the engine; loading a code location connects to nothing."""

    def __init__(self, factory: Callable[[], Engine]) -> None:
        self._factory = factory

    @cached_property
    def engine(self) -> Engine:
        return self._factory()

"""The engine as a Dagster resource: built once a process, when the first asset, sensor or check needs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import dagster as dg
from pydantic import PrivateAttr

from gp_prestashop.engine.engine import Engine

__all__ = ["EngineResource"]


class EngineResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Holds how to build the engine; loading a code location connects to nothing."""

    _factory: Callable[[], Engine] = PrivateAttr()

    def __init__(self, factory: Callable[[], Engine]) -> None:
        super().__init__()
        self._factory = factory

    @cached_property
    def engine(self) -> Engine:
        return self._factory()

"""What tests that run the whole product share: a house of both stand-ins, and a clock that never waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import psycopg

from gp_prestashop.clock import SystemClock
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.sandbox import Sandbox
from gp_prestashop.sandbox.world import World
from gp_prestashop.settings import Settings

__all__ = ["EVER", "EagerClock", "House"]

EVER = Selection(created=(date(2023, 1, 1), date(2026, 12, 31)))


class EagerClock(SystemClock):
    """The machine's clock for a program that never waits: what it sleeps has passed at once."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return super().monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@dataclass
class House:
    """``environment`` holds the settings, for other processes too."""

    world: World
    sandbox: Sandbox
    settings: Settings
    environment: dict[str, str]
    gp_url: str
    engine: Engine

    def gp(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.gp_url) as connection:
            return connection.execute(query).fetchall()

    def with_step(self, step: Callable[[str], None]) -> Engine:
        return Engine(replace(self.engine.parts, step=step))

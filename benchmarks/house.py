"""Both stand-ins and a ledger, fresh for one measurement."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.sandbox import Sandbox, write_maps
from gp_prestashop.sandbox.world import World, generate
from gp_prestashop.settings import Settings, load_settings
from gp_prestashop.wiring import Wired, connect

__all__ = ["House", "open_house"]


@dataclass
class House:
    world: World
    sandbox: Sandbox
    settings: Settings
    wired: Wired
    engine: Engine

    @property
    def all_days(self) -> Selection:
        return Selection(created=(self.world.go_live, datetime.now(UTC).date()))


@contextmanager
def open_house(*, cost: bool, **world: Any) -> Iterator[House]:
    """``cost``: the stand-in shop takes as long for each answer as the recorded shops took."""
    first = datetime.now(UTC).date() - timedelta(days=30)
    made = generate(1, first_day=first, days=30, **world)
    with (
        tempfile.TemporaryDirectory(prefix="gpps-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=True, keep=False) as postgres,
        Sandbox(made, postgres.create_database("gp"), cost=cost) as sandbox,
        _environment(
            {**sandbox.environment, "GPPS_HOME": folder, "GPPS_DATABASE_URL": postgres.create_database("gpps")}
        ),
    ):
        write_maps(made, Path(folder))
        settings = load_settings()
        wired = connect(settings)
        engine = wired.engine(settings.secret_database_url)
        try:
            yield House(made, sandbox, settings, wired, engine)
        finally:
            engine.parts.ledger.close()


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

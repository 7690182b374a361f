"""A whole house: both stand-ins on their wires, a ledger, and the engine over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.sandbox import Sandbox, write_maps
from gp_prestashop.sandbox.world import World, generate
from gp_prestashop.settings import Settings, load_settings
from gp_prestashop.wiring import connect

EVER = Selection(created=(date(2023, 1, 1), date(2026, 12, 31)))


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


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("house") / "postgres", durable=False) as server:
        yield server


@pytest.fixture
def make_house(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., House]]:
    undo: list[Callable[[], None]] = []

    def make(**world_options: object) -> House:
        name = f"t{abs(hash(request.node.nodeid)) % 10**8}"
        world = generate(1, **world_options)  # type: ignore[arg-type]
        gp_url = postgres.create_database(f"gp_{name}")
        sandbox = Sandbox(world, gp_url).start()
        undo.append(sandbox.stop)
        environment = sandbox.environment | {
            "GPPS_HOME": str(tmp_path),
            "GPPS_DATABASE_URL": postgres.create_database(f"ledger_{name}"),
        }
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        write_maps(world, tmp_path)
        settings = load_settings()
        wired = connect(settings)
        assert [str(error) for loaded in wired.broken for error in loaded.errors] == []
        engine = wired.engine(settings.secret_database_url)
        undo.append(engine.parts.ledger.close)
        undo.append(wired.target.close)  # type: ignore[attr-defined]
        return House(world, sandbox, settings, environment, gp_url, engine)

    yield make
    for action in reversed(undo):
        action()

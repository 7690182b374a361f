"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from gp_prestashop.clock import Clock
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.sandbox import Sandbox, write_maps
from gp_prestashop.sandbox.world import generate
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect
from tests.compiled_once import remember
from tests.copied_databases import copied_gp, copied_ledger
from tests.house import House

settings.register_profile("same", derandomize=True)  # a push is not refused for what nobody changed
settings.register_profile("search")  # HYPOTHESIS_PROFILE=search looks for more
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _definitions_without_state() -> Iterator[None]:
    """No definitions ask Dagster's store of states.

    What enters an instance here a second time leaves it only when it is collected as garbage, which puts the
    store of an instance that is gone in place for a later test. Ours keep no state in it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dagster._core.storage.defs_state.base.set_defs_state_storage", lambda _: nullcontext())
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_cluster_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Homes of tests have a ledger of their own; as root its cluster is not in them, but where the server's account may go."""
    yield
    for pointer in tmp_path_factory.getbasetemp().rglob("postgres/cluster"):
        EmbeddedPostgres(pointer.parent).destroy()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("house") / "postgres", durable=False) as server:
        yield server


@pytest.fixture
def make_house(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., House]]:
    with _houses(postgres, tmp_path, monkeypatch, request.node.nodeid) as make:
        yield make


@pytest.fixture(scope="module")
def make_shared_house(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., House]]:
    """One for a whole module whose tests do not get in each other's way."""
    home = tmp_path_factory.mktemp("shared")
    with pytest.MonkeyPatch.context() as patch, _houses(postgres, home, patch, request.node.nodeid) as make:
        yield make


@contextmanager
def _houses(
    postgres: EmbeddedPostgres, home: Path, patch: pytest.MonkeyPatch, node: str
) -> Iterator[Callable[..., House]]:
    undo: list[Callable[[], None]] = []

    def make(
        *, clock: Clock | None = None, settings: Mapping[str, str] | None = None, **world_options: object
    ) -> House:
        name = f"t{abs(hash(node)) % 10**8}"
        world = generate(1, **world_options)  # type: ignore[arg-type]
        for database in (f"gp_{name}", f"ledger_{name}"):
            undo.append(partial(postgres.drop_database, database))  # hundreds of them would fill the disk
        gp_url = copied_gp(postgres, f"gp_{name}")
        sandbox = Sandbox(world, gp_url).start(with_tables=True)
        undo.append(sandbox.stop)
        environment = sandbox.environment | {
            "GPPS_HOME": str(home),
            "GPPS_DATABASE_URL": copied_ledger(postgres, f"ledger_{name}"),
            **(settings or {}),
        }
        for variable, value in environment.items():
            patch.setenv(variable, value)
        write_maps(world, home)
        chosen = load_settings()
        wired = connect(chosen, clock)
        assert [str(error) for loaded in wired.broken for error in loaded.errors] == []
        engine = wired.engine(chosen.secret_database_url)
        undo.append(engine.parts.ledger.close)
        undo.append(wired.close)
        return House(world, sandbox, chosen, environment, gp_url, engine)

    yield make
    for action in reversed(undo):
        action()

"""A real Postgres for all tests of the ledger, and a fresh database for each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger

NUMBERS = itertools.count(1)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("ledger") / "postgres", durable=False)
    server.start()
    try:
        yield server
    finally:
        server.destroy()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def new_ledger(postgres: EmbeddedPostgres, clock: SetClock) -> Iterator[Callable[..., Ledger]]:
    """Ledgers over fresh databases, or over the URL given."""
    made: list[Ledger] = []

    def make(url: str | None = None) -> Ledger:
        fresh = Ledger(url or postgres.create_database(f"test_{next(NUMBERS)}"), clock)
        made.append(fresh)
        fresh.migrate()
        return fresh

    yield make
    for one in made:
        one.close()


@pytest.fixture
def ledger(new_ledger: Callable[..., Ledger]) -> Ledger:
    return new_ledger()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home" / "postgres"

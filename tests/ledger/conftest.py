"""A real Postgres for all tests of the ledger, and a fresh database for each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import IntentDraft, Ledger, Received, Run, content_hash
from tests.copied_databases import copied_ledger

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
        fresh = Ledger(url or copied_ledger(postgres, f"test_{next(NUMBERS)}"), clock)
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


@pytest.fixture
def item() -> Callable[..., Received]:
    """A received order: 10.00 EUR of the first of March unless told."""

    def make(key: str, amount: str | None = "10.00", currency: str = "EUR", day: int = 1, **raw: object) -> Received:
        body = {"id": key, "total_paid": amount, **raw}
        value = None if amount is None else Decimal(amount)
        return Received(key, body, content_hash(body, {"date_upd"}), value, currency, date(2026, 3, day))

    return make


@pytest.fixture
def draft() -> Callable[..., IntentDraft]:
    def make(key: str, fingerprint: str = "f" * 64) -> IntentDraft:
        return IntentDraft(key, "sales_order", f"PS{key:0>8}", "create", fingerprint, {"SOPNUMBE": f"PS{key:0>8}"})

    return make


@pytest.fixture
def deliver(draft: Callable[..., IntentDraft]) -> Callable[..., None]:
    """Brings records to delivered, as the engine does."""

    def do(ledger: Ledger, run: Run, flow: str, *keys: str) -> None:
        intents = ledger.open_intents(run, flow, [draft(key) for key in keys])
        assert set(intents) == set(keys)
        for key, intent in intents.items():
            ledger.finish(run, flow, intent, "created", f"PS{key:0>8}", "f" * 64, {"batch": "WEB-1"})

    return do


@pytest.fixture
def run(ledger: Ledger) -> Iterator[Run]:
    with ledger.open_run("orders", "test") as opened:
        yield opened


@pytest.fixture
def rows(ledger: Ledger) -> Callable[[str], list[Any]]:
    """Rows of a query, to look at tables directly."""

    def ask(query: str) -> list[Any]:
        with ledger.engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    return ask

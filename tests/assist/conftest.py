"""A Postgres of their own for the tests of ``assist`` that need a ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gp_prestashop.ledger.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("assist") / "postgres", durable=False) as server:
        yield server

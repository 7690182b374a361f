"""GP's tables with what every company has, in a Postgres of their own, for tests of one listener or of the procedures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.gp import schema, seed

__all__ = ["company_database", "fill"]


@contextmanager
def company_database(folder: Path, more: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> Iterator[str]:
    """Its URL. ``more``: rows by table, beside the company's setup."""
    with EmbeddedPostgres(folder / "postgres", durable=False) as postgres:
        url = postgres.create_database("gp")
        fill(url, more)
        yield url


def fill(url: str, more: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
    schema.create(url)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        seed.load(cursor, "TWO", {**seed.company_setup(), **(more or {})})

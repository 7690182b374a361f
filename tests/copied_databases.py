"""Databases that begin as copies: a copy takes 60 ms, GP's tables a second, the ledger's a fifth of one."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.sandbox.gp import schema

__all__ = ["copied_gp", "copied_ledger"]


def copied_gp(postgres: EmbeddedPostgres, name: str) -> str:
    """The URL of a new database with GP's tables."""
    return _copy(postgres, "all_of_gp", schema.create, name)


def copied_ledger(postgres: EmbeddedPostgres, name: str) -> str:
    """The URL of a new database with the ledger's tables."""
    return _copy(postgres, "all_of_the_ledger", _ledger, name)


def _ledger(url: str) -> None:
    ledger = Ledger(url)
    ledger.migrate()
    ledger.close()


def _copy(postgres: EmbeddedPostgres, original: str, make: Callable[[str], None], name: str) -> str:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [original]).fetchone():
            make(postgres.create_database(original))
        both = sql.Identifier(name), sql.Identifier(original)
        connection.execute(sql.SQL("create database {} template {}").format(*both))
    return postgres.create_database(name)

"""One connection's state: its Postgres connection, its database, its transaction."""

from __future__ import annotations

from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.tds.sql_error import SqlError

__all__ = ["Session"]

NO_TRANSACTION = "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION."
NO_COMMIT = "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION."


class Session:
    """``transactions`` counts the BEGINs that are open, as ``@@TRANCOUNT`` does; the outermost is a real transaction."""

    def __init__(self, connection: psycopg.Connection[Any], host: EconnectHost, company: str, system: str) -> None:
        self.connection = connection
        self.host = host
        self.databases = {company.lower(): company, system.lower(): system, "master": company, "tempdb": "tempdb"}
        self.database = company
        self.transactions = 0

    def begin(self) -> None:
        if not self.transactions:
            self.connection.execute("BEGIN")
        self.transactions += 1

    def commit(self) -> None:
        """Raises SqlError 3902 where nothing is open."""
        if not self.transactions:
            raise SqlError(3902, NO_COMMIT)
        self.transactions -= 1
        if not self.transactions:
            self.connection.execute("COMMIT")

    def roll_back(self) -> None:
        """Raises SqlError 3903 where nothing is open."""
        if not self.transactions:
            raise SqlError(3903, NO_TRANSACTION)
        self.abandon()

    def abandon(self) -> None:
        """What the server does after an error, or when the client is gone."""
        if self.transactions:
            self.connection.execute("ROLLBACK")
        self.transactions = 0

    def use(self, name: str) -> str:
        """The database as it is spelt. Raises SqlError 911 for one that is not there."""
        database = self.databases.get(name.lower())
        if database is None:
            raise SqlError(911, f"Database '{name}' does not exist. Make sure that the name is entered correctly.")
        self.database = database
        return database

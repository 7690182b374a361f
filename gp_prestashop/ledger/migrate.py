"""Brings the ledger's tables up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, text

from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.tables import SCHEMA

__all__ = ["migrate"]

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x6770706D67


def migrate(engine: Engine) -> None:
    """Apply the migrations that lack, in one transaction. Safe when several processes do it at once.

    Raises ConfigError when the database was made by a newer release.
    """
    with engine.begin() as connection:
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        there = select(func.to_regnamespace(SCHEMA).is_not(None))
        if not connection.execute(there).scalar_one():  # "if not exists" would ask for the right to create even then
            connection.execute(text(f"create schema {SCHEMA}"))
        if _revision(connection) != max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")):
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    """The last migration that was applied; None before the first."""
    if connection.execute(select(func.to_regclass(f"{SCHEMA}.ledger_version"))).scalar_one() is None:
        return None
    return connection.execute(text(f"select version_num from {SCHEMA}.ledger_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(
            "ledger_newer",
            f"The ledger's tables cannot be brought up to date: {error}.",
            remedy="Run the release of gp_prestashop that last used this database, or a newer one.",
        ) from error

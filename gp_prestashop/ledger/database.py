"""Connections to the ledger's Postgres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from gp_prestashop.errors import ConfigError, Transient

__all__ = ["lock_engine", "open_engine", "reach", "transact"]

T = TypeVar("T")
DEADLOCKS = 10  # how often in a row a transaction may be the one that Postgres gives up

# For servers on another host: a dead peer is noticed within a minute, not within two hours.
CONNECT: dict[str, Any] = {
    "connect_timeout": 15,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "gp_prestashop",
}
# A plan made while the tables were empty, and kept, would scan them for each record later on: plan each time.
SESSION = (
    "set time zone 'UTC'; set statement_timeout = '10min'; set lock_timeout = '2min';"
    " set plan_cache_mode = 'force_custom_plan'"
)
# The server must notice as soon that a run's host is gone (no effect over a Unix socket, which needs none).
LOCK_SESSION = """
set time zone 'UTC'; set statement_timeout = '10min';
set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3;
select set_config('idle_session_timeout', '0', false) where current_setting('idle_session_timeout', true) is not null"""


def open_engine(url: str) -> Engine:
    """A pooled engine for a ``postgresql://`` URL as libpq has it. Raises ConfigError for any other."""
    engine = create_engine(
        _with_psycopg(url), pool_pre_ping=True, pool_size=5, max_overflow=25, connect_args=dict(CONNECT)
    )
    _prepare_with(engine, SESSION)
    return engine


def lock_engine(engine: Engine) -> Engine:
    """Connections for locks that live as long as their session: never pooled, so none outlives its purpose."""
    locks = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=dict(CONNECT))
    _prepare_with(locks, LOCK_SESSION)
    return locks


def reach(engine: Engine) -> None:
    """Raises Transient when the server cannot be reached or refuses us: the driver does not tell these apart."""
    try:
        engine.connect().close()
    except OperationalError as error:
        raise Transient(
            "ledger_unreachable",
            f"The ledger's Postgres cannot be reached, or refuses the login: {' '.join(str(error.orig).split())}",
            remedy="Check GPPS_DATABASE_URL and that the server runs; leave it blank for the embedded Postgres.",
        ) from error


def transact(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in one transaction, again when Postgres gave it up to end a dead-lock (nothing of it was done then)."""
    for _ in range(DEADLOCKS):
        try:
            with engine.begin() as connection:
                return work(connection)
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected):
                raise
    with engine.begin() as connection:
        return work(connection)


def _with_psycopg(url: str) -> Any:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):  # ValueError: of a port that is no number
        parsed = None
    if parsed is None or not parsed.drivername.startswith("postgresql"):
        raise ConfigError(
            "ledger_url_wrong",
            "GPPS_DATABASE_URL is no URL of a Postgres.",
            remedy="Write postgresql://user:password@host:5432/database (percent-encode special characters).",
        )
    return parsed.set(drivername="postgresql+psycopg")


def _prepare_with(engine: Engine, statements: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statements)
        connection.commit()

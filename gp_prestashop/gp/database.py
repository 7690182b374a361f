"""The connection to GP's SQL Server: SQLAlchemy Core over ``mssql+pymssql``, always with time-outs.

Statements are sent as text with literals, each on its own (autocommit): readers hold no locks. Nothing reads
uncommitted rows.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from threading import RLock
from typing import Any, Final

import pymssql
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql import Select, Selectable
from sqlalchemy.types import TypeEngine

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError, Transient
from gp_prestashop.gp.literals import identifier
from gp_prestashop.gp.reference import tables
from gp_prestashop.gp.sql_errors import ADDRESS, translate
from gp_prestashop.gp.tables import GpDate, GpTables
from gp_prestashop.settings import GpSettings

__all__ = ["DRIVER_ERRORS", "Company", "GpDatabase", "chunks", "run", "run_to_end"]

BLANK_DATE = datetime(1900, 1, 1)  # noqa: DTZ001 - GP's blank date; its dates carry no zone
CHUNK = 500  # keys in one IN list
LOGIN_TIMEOUT = 15  # seconds
CONNECT_ATTEMPTS = 3
NO_RESULT = 20020  # the driver's number for a broken answer
DRIVER_ERRORS = (sa.exc.DBAPIError, pymssql.Error, pymssql._mssql.MSSQLException)  # noqa: SLF001

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Company:
    """Who the company is: SY01500 of the system database, found by INTERID."""

    id: int
    name: str


class GpDatabase:
    """Reads GP. One for a process; connections are pooled and threads may share it."""

    def __init__(self, settings: GpSettings, clock: Clock) -> None:
        self.settings: Final = settings
        self.clock: Final = clock
        self.tables: Final = GpTables(settings.company, settings.system_db)
        self._lock = RLock()
        self._columns: dict[str, frozenset[str]] = {}

    @cached_property
    def engine(self) -> Engine:
        """Built when first used: nothing is connected to before. Raises ConfigError when a setting is missing."""
        settings = self.settings
        if not settings.secret_sql_url:
            raise ConfigError("gp_url_missing", "No GP server is set.", remedy="Set GPPS_GP__SQL_URL.")
        if not settings.company:
            raise ConfigError(
                "gp_company_missing", "No GP company is set.", remedy="Set GPPS_GP__COMPANY to its INTERID."
            )
        url = _url(settings.secret_sql_url)
        if not url.database:
            url = url.set(database=settings.company)
        return sa.create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=connect_arguments(settings, dict(url.query)),
        )

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A pooled connection. Any error inside throws it away, so that the server rolls back what was open.

        Raises Transient when the server cannot be reached after a few attempts, ConfigError when it refuses us.
        """
        connection = self._open()
        try:
            yield connection
        except BaseException:
            connection.invalidate()
            raise
        finally:
            connection.close()

    def _open(self) -> Connection:
        for attempt in range(1, CONNECT_ATTEMPTS + 1):
            try:
                return self.engine.connect()
            except sa.exc.DBAPIError as error:
                meant = translate(error, sent=False, what="the login")
                if isinstance(meant, ConfigError) and not self._listening():
                    # The driver mixes the number of an earlier refused login into a failed connect.
                    meant = Transient("gp_unreachable", "GP's server cannot be reached.", remedy=ADDRESS)
                if attempt == CONNECT_ATTEMPTS or not isinstance(meant, Transient):
                    raise meant from error
                self.clock.sleep(attempt)
        raise AssertionError("unreachable")

    def _listening(self) -> bool:
        url = self.engine.url
        try:
            socket.create_connection((url.host or "localhost", url.port or 1433), timeout=LOGIN_TIMEOUT).close()
        except OSError:
            return False
        return True

    def read(self, statement: Selectable) -> list[Row]:
        """All rows, trimmed, GP's blank dates as None. Raises Transient or ConfigError."""
        with self.connect() as connection:
            return self.read_with(connection, statement)

    def read_with(self, connection: Connection, statement: Selectable) -> list[Row]:
        sql = self.text(statement)
        converters = [(column.key, _converter(column.type)) for column in statement.selected_columns]  # type: ignore[attr-defined]
        try:
            rows = run(connection, sql).fetchall()
        except sa.exc.DBAPIError as error:
            raise _as_read_error(error) from error
        return [{name: convert(value) for (name, convert), value in zip(converters, row, strict=True)} for row in rows]

    def read_in(self, column: Any, keys: Sequence[str], make: Callable[[Any], Select[Any]]) -> Iterator[Row]:
        """Rows whose ``column`` is among ``keys``, however many: ``make(condition)`` builds the statement of a chunk."""
        for chunk in chunks(list(dict.fromkeys(keys)), CHUNK):
            yield from self.read(make(column.in_(chunk)))

    def text(self, statement: Any) -> str:
        """The statement as T-SQL text with its literals."""
        return str(statement.compile(dialect=self.engine.dialect, compile_kwargs={"literal_binds": True}))

    def columns(self, table: str) -> frozenset[str]:
        """The columns that this release of GP has, from INFORMATION_SCHEMA. Raises ConfigError when the table is missing."""
        with self._lock:
            if table not in self._columns:
                self._columns |= self._read_columns(self.tables.database_of(table))
            found = self._columns.get(table) or self._columns_of(table)
        if not found:
            raise ConfigError(
                "no_table",
                f"GP's table {table} is not in {self.tables.database_of(table)}, or the login may not see it.",
                remedy="Check GPPS_GP__COMPANY, GPPS_GP__SYSTEM_DB and the login's rights (sql/grants.sql).",
            )
        return found

    def _read_columns(self, database: str) -> dict[str, frozenset[str]]:
        names = [name for name in tables() if self.tables.database_of(name) == database]
        schema = sa.table(
            "COLUMNS", sa.column("TABLE_NAME", sa.CHAR), sa.column("COLUMN_NAME", sa.CHAR),
            schema=f"{database}.INFORMATION_SCHEMA",
        ).alias("COLUMNS")  # fmt: skip
        found: dict[str, set[str]] = {name: set() for name in names}
        exact = {name.upper(): name for name in names}
        statement = sa.select(schema.c.TABLE_NAME, schema.c.COLUMN_NAME).where(schema.c.TABLE_NAME.in_(names))
        for row in self.read(statement):
            found[exact[row["TABLE_NAME"].upper()]].add(row["COLUMN_NAME"])
        return {name: frozenset(columns) for name, columns in found.items()}

    def _columns_of(self, table: str) -> frozenset[str]:
        """From the table itself: not every server shows another database's INFORMATION_SCHEMA. Empty when it is not there."""
        where = f"{identifier(self.tables.database_of(table))}.dbo.{identifier(table)}"
        with self.connect() as connection:
            try:
                found = frozenset(run(connection, f"SELECT * FROM {where} WHERE 1 = 0").keys())
            except sa.exc.DBAPIError as error:
                if isinstance(meant := _as_read_error(error), ConfigError) and meant.code == "no_table":
                    return frozenset()
                raise meant from error
        self._columns[table] = found
        return found

    @cached_property
    def company(self) -> Company:
        """Raises ConfigError when the system database does not list the company."""
        table = self.tables.SY01500
        rows = self.read(
            sa.select(table.c.CMPANYID, table.c.CMPNYNAM).where(table.c.INTERID.in_([self.settings.company]))
        )
        if not rows:
            raise ConfigError(
                "company_unknown",
                f"{self.settings.system_db} lists no company {self.settings.company} (SY01500.INTERID).",
                remedy="Set GPPS_GP__COMPANY to the company's INTERID, and GPPS_GP__SYSTEM_DB.",
            )
        return Company(self.settings.company_id or rows[0]["CMPANYID"], rows[0]["CMPNYNAM"])

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()


def run(connection: Connection, sql: str) -> sa.engine.CursorResult[Any]:
    """Send text as it is: the driver must not look for parameters in it."""
    return connection.execution_options(no_parameters=True).exec_driver_sql(sql)


def run_to_end(connection: Connection, sql: str, columns: Sequence[str]) -> tuple[Any, ...]:
    """Send a batch, read every result set to the end, and give the row of the one that has these columns.

    A site's own procedures may return result sets of their own, and an error may follow the rows: only at the end is it
    known that all went well. Raises the driver's own errors.
    """
    found: tuple[Any, ...] | None = None
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql)
        while True:
            if cursor.description is not None:
                rows = cursor.fetchall()
                if [column[0] for column in cursor.description] == list(columns) and rows:
                    found = tuple(rows[0])
            if not cursor.nextset():
                break
    finally:
        cursor.close()
    if found is None:
        raise pymssql.OperationalError(NO_RESULT, "the batch ended without its result")
    return found


def chunks(keys: Sequence[str], size: int = CHUNK) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def connect_arguments(settings: GpSettings, given: Mapping[str, Any]) -> dict[str, Any]:
    """pymssql's arguments; what the URL's query says wins. ``encryption=require`` for servers that demand it."""
    arguments: dict[str, Any] = {
        "timeout": settings.timeout,
        "login_timeout": LOGIN_TIMEOUT,
        "appname": "gp_prestashop",
        "charset": "UTF-8",  # on the wire text is UTF-16; this is the driver's side of it
        "autocommit": True,
        "tds_version": "7.4",  # SQL Server 2012 and later; older ones answer with their own version
    }
    if settings.encryption != "default":
        arguments["encryption"] = settings.encryption
    return {name: value for name, value in arguments.items() if name not in given}


def _url(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):  # ValueError: of a port that is no number
        url = None
    if url is None or not url.drivername.startswith("mssql"):
        raise ConfigError(
            "gp_url_wrong",
            "GPPS_GP__SQL_URL is no URL of a SQL Server.",
            remedy="Write mssql+pymssql://user:password@host:1433/COMPANY (percent-encode special characters).",
        )
    return url.set(drivername="mssql+pymssql")


def _as_read_error(error: sa.exc.DBAPIError) -> Exception:
    return translate(error, sent=False, what="a query")


def _converter(type_: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(type_, sa.String):
        return _text
    if isinstance(type_, GpDate):
        return _date
    return _same


def _text(value: str | None) -> str:
    return (value or "").rstrip(" ")


def _date(value: datetime | None) -> Any:
    """None for GP's blank date; a ``date`` when there is no time of day, else the naive ``datetime`` of the column."""
    if value is None or value == BLANK_DATE:
        return None
    return value.date() if value.time() == time() else value


def _same(value: Any) -> Any:
    return value

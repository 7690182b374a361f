"""The eConnect writer: stored procedures called directly, one document in one transaction, in two round trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gp_prestashop.engine.protocols import Outcome
from gp_prestashop.errors import ConfigError, GpPrestashopError, InDoubt
from gp_prestashop.gp.calls import Call, calls_of
from gp_prestashop.gp.custom_nodes import CustomNodes
from gp_prestashop.gp.database import DRIVER_ERRORS, GpDatabase, run, run_to_end
from gp_prestashop.gp.errors import decode, numbers_of
from gp_prestashop.gp.internet import keep_stored_addresses
from gp_prestashop.gp.reader import OpenTransaction, Reader
from gp_prestashop.gp.sql_errors import connection_lost, error_text, translate
from gp_prestashop.gp.transaction import COMMIT, RESULT_COLUMNS, ROLLBACK, render
from gp_prestashop.gp.writer import Action
from gp_prestashop.mapping.shapes import Document

__all__ = ["EconnectWriter"]


class EconnectWriter:
    """Implements :class:`~gp_prestashop.gp.writer.Writer`."""

    def __init__(self, database: GpDatabase, nodes: CustomNodes | None = None) -> None:
        self._database: Final = database
        self._nodes: Final = nodes or CustomNodes()
        self._texts: dict[int, str] = {}

    def write(self, document: Document, action: Action) -> Outcome:
        """See the protocol. Refusals carry all error numbers; everything was rolled back by then."""
        calls = self._nodes.around(document, calls_of(document, action))
        if action == "change":
            calls = keep_stored_addresses(self._database, calls)
        self.run(calls, f"the {document.type.replace('_', ' ')} {document.key}")
        return Outcome("created" if action == "create" else "changed", document.key)

    def run(self, calls: Sequence[Call], what: str, verify: Callable[[Reader], None] | None = None) -> None:
        """All calls as one transaction; ``what`` names it in errors. Raises as :meth:`write` does.

        ``verify`` reads what the transaction has made, before it is committed; whatever it raises rolls all back.
        """
        settings = self._database.settings
        sql = render(
            calls,
            company=settings.company,
            code_page=settings.code_page,
            lock_timeout=settings.timeout * 500,  # half of the query's time-out
        )
        with self._database.connect() as connection:
            refused = self._execute(connection, calls, sql, what)
            if refused is None:
                if verify is not None:
                    verify(OpenTransaction(self._database, connection))
                self._commit(connection, what)
        if refused is not None:
            raise self._decoded(*refused)

    def close(self) -> None:
        self._database.close()

    def _execute(
        self, connection: Connection, calls: Sequence[Call], sql: str, what: str
    ) -> tuple[Call, tuple[int, ...]] | None:
        """None when all calls succeeded; else the one that failed with its numbers, after the rollback."""
        try:
            step, state, errors = run_to_end(connection, sql, RESULT_COLUMNS)
        except DRIVER_ERRORS as error:
            raise translate(error, sent=True, what=what) from error
        if state == 0:
            return None
        try:
            run(connection, ROLLBACK)
        except DRIVER_ERRORS:
            connection.invalidate()  # closing it rolls back as well
        return calls[step], numbers_of(state, errors)

    def _commit(self, connection: Connection, what: str) -> None:
        try:
            run(connection, COMMIT)
        except DRIVER_ERRORS as error:
            if connection_lost(error):
                raise translate(error, sent=True, what=what) from error
            raise InDoubt("commit_failed", f"GP did not confirm {what}: {error_text(error).rstrip('.')}.") from error

    def _decoded(self, call: Call, numbers: tuple[int, ...]) -> GpPrestashopError:
        return decode(call, numbers, self._own_texts(numbers))

    def _own_texts(self, numbers: Sequence[int]) -> dict[int, str]:
        """GP's words from DYNAMICS..taErrorCode; without the right to read it, or without rows, the reference serves."""
        wanted = [n for n in numbers if n not in self._texts]
        if wanted:
            table = self._database.tables.taErrorCode
            statement = sa.select(table.c.ErrorCode, table.c.ErrorDesc).where(table.c.ErrorCode.in_(wanted))
            try:
                rows = self._database.read(statement)
            except ConfigError:
                rows = []
            self._texts |= dict.fromkeys(wanted, "") | {row["ErrorCode"]: row["ErrorDesc"] for row in rows}
        return {n: self._texts[n] for n in numbers if self._texts[n]}

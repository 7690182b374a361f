"""SQL Server's own errors, by number, for what Postgres or our interpreter refuses."""

from __future__ import annotations

import psycopg
from psycopg import errors

__all__ = ["SqlError", "as_sql_error"]


class SqlError(Exception):
    """An error as SQL Server numbers it. ``fatal`` ones roll the transaction back."""

    def __init__(self, number: int, message: str, severity: int = 16) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.severity = severity


def as_sql_error(error: psycopg.Error) -> SqlError:
    constraint = error.diag.constraint_name or ""
    table = error.diag.table_name or ""
    if isinstance(error, errors.UniqueViolation):
        return SqlError(
            2627,
            f"Violation of PRIMARY KEY constraint '{constraint}'. Cannot insert duplicate key in object 'dbo.{table}'.",
            14,
        )
    if isinstance(error, errors.CheckViolation) and constraint.startswith("len_"):
        return SqlError(2628, f"String or binary data would be truncated in table '{table}', column '{constraint}'.")
    if isinstance(error, errors.CheckViolation):
        return SqlError(547, f'The INSERT statement conflicted with the CHECK constraint "{constraint}".')
    if isinstance(error, errors.NotNullViolation):
        return SqlError(515, f"Cannot insert the value NULL into column '{error.diag.column_name}', table '{table}'.")
    if isinstance(error, errors.DeadlockDetected):
        return SqlError(
            1205,
            "Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
            13,
        )
    if isinstance(error, errors.LockNotAvailable):
        return SqlError(1222, "Lock request time out period exceeded.")
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName):
        return SqlError(208, f"Invalid object name: {error.diag.message_primary}.")
    if isinstance(error, errors.UndefinedColumn):
        return SqlError(207, f"Invalid column name: {error.diag.message_primary}.")
    return SqlError(102, f"Incorrect syntax: {error.diag.message_primary or error}.", 15)

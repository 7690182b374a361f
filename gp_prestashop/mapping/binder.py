"""Result types, as DuckDB's own binder finds them: DESCRIBE over typed columns, without a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from gp_prestashop.mapping.flow_errors import ExpressionError

__all__ = ["Binder"]

INEXACT = ("DOUBLE", "FLOAT")
KNOWN = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "VARCHAR", "DATE", "TIMESTAMP", "DECIMAL")


class Binder:
    """Asks a connection for the type of SQL over columns of known types."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def type_of(self, sql: str, columns: Mapping[str, str]) -> str:
        """The type, or ``NULL`` for a bare NULL. Raises ExpressionError when it does not bind or is inexact."""
        head = ", ".join(f'CAST(NULL AS {type_}) AS "{name}"' for name, type_ in columns.items()) or "NULL"
        try:
            row = self._connection.execute(f"DESCRIBE SELECT {sql} AS x FROM (SELECT {head}) t").fetchone()
        except duckdb.Error as error:
            raise ExpressionError(f"The expression does not fit together: {plain_reason(error)}") from None
        found = str(row[1]).strip('"')
        if found in INEXACT:
            raise ExpressionError(
                "The expression yields a binary fraction (DOUBLE), which is not exact.",
                "Use div(), round() or cast(… as decimal(p,s)).",
            )
        if found != "NULL" and found.partition("(")[0] not in KNOWN:
            raise ExpressionError(f"The expression yields {found}, which no column can take.")
        return found


def plain_reason(error: Exception) -> str:
    """DuckDB's first sentence, without its own column names and advice."""
    line = str(error).splitlines()[0]
    for prefix in (
        "Binder Error: ",
        "Conversion Error: ",
        "Out of Range Error: ",
        "Invalid Input Error: ",
        "Catalog Error: ",
    ):
        line = line.removeprefix(prefix)
    return line.split(" LINE ")[0].rstrip(".") + "."

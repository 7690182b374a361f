"""One call of an eConnect node procedure: its arguments, the databases, and the errors found so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gp_prestashop.sandbox.gp.calls import Definition, ProcedureResult, definitions
from gp_prestashop.sandbox.gp.values import BLANK_DATE, converted

__all__ = ["Node", "Row"]

Row = dict[str, Any]

# eConnect stores these in capitals.
_KEYS = frozenset(
    (
        "SOPNUMBE", "CUSTNMBR", "ITEMNMBR", "LOCNCODE", "BACHNUMB", "DOCID", "CURNCYID", "TAXSCHID", "ADRSCODE", "CSTPONBR",
        "PRSTADCD", "PRBTADCD", "STADDRCD", "SHIPMTHD", "TAXDTLID", "FRTSCHID", "MSCSCHID", "ITMTSHID", "PRCLEVEL",
        "PYMTRMID", "SLPRSNID", "SALSTERR", "CUSTCLAS", "CHEKBKID", "BatchCHEKBKID", "COMMNTID", "RATETPID", "UPSZONE",
        "CRCARDID", "ORIGNUMB", "DOCNUMBR", "APTODCNM", "APFRDCNM", "PRCHLDID",
    )
)  # fmt: skip


def _capitals(text: str) -> str:
    """As SQL Server's UPPER: sign by sign, and what has no capital of its own (ß, µ) stays."""
    return "".join(capital if (capital := sign.upper()).lower() == sign.lower() else sign for sign in text)


class Node:
    """Arguments by name without their prefix (`node["SOPTYPE"]`), and SQL with `{company}` and `{system}` for schemas.

    Rows come as dicts with lower-case names. Nothing is committed here.
    """

    def __init__(
        self,
        cursor: psycopg.Cursor[Any],
        company: str,
        system: str,
        definition: Definition,
        arguments: Mapping[str, object],
        now: datetime,
    ) -> None:
        """`company` and `system` are schema names; `now` is the server's local time, without a zone."""
        self._connection = cursor.connection
        self._cursor = cursor.connection.cursor(row_factory=dict_row)
        self.company = company
        self.system = system
        self.now = now
        self.definition = definition
        self._errors: set[int] = set()
        given = {name.lower(): value for name, value in arguments.items()}
        self.values: Row = {}
        for parameter in definition.signature.parameters:
            value = converted(given.get(parameter.name.lower(), parameter.default), parameter.sql_type)
            short = parameter.name[3:]
            self.values[short] = _capitals(value) if short in _KEYS and isinstance(value, str) else value

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __setitem__(self, name: str, value: object) -> None:
        self.values[name] = value

    @property
    def today(self) -> datetime:
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def clock_time(self) -> datetime:
        """The time of day as GP's time columns hold it: on 1900-01-01, to the second."""
        return self.now.replace(year=1900, month=1, day=1, microsecond=0)

    def child(self, name: str, arguments: Mapping[str, object]) -> Node:
        """A call of another procedure from within this one; `arguments` without their prefix."""
        definition = definitions()[name]
        named = {f"I_v{key}": value for key, value in arguments.items()}
        return Node(self._connection.cursor(), self.company, self.system, definition, named, self.now)

    # -- errors ----------------------------------------------------------------------------------------------------

    def error(self, number: int, *, when: bool = True) -> None:
        """Notes an error number of this procedure; validation goes on."""
        if when:
            if number not in self.definition.order:
                raise KeyError(number)
            self._errors.add(number)

    def absorb(self, numbers: Iterable[int], own: int) -> None:
        """The errors of a procedure called by this one, and this one's number for the failed call."""
        numbers = list(numbers)
        self._errors.update(numbers)
        self.error(own, when=bool(numbers))

    def replace_errors(self, numbers: Iterable[int]) -> None:
        """Forgets what was noted but these, where a callee reports the same under numbers of its own."""
        self._errors = set(numbers)

    @property
    def errors(self) -> tuple[int, ...]:
        """The numbers noted, in the order in which the procedure's text checks them."""
        order = self.definition.order
        return tuple(sorted(self._errors, key=lambda number: order.get(number, -1)))

    def result(self) -> ProcedureResult:
        numbers = self.errors
        text = " ".join(map(str, numbers))[:255]
        return ProcedureResult({"O_iErrorState": numbers[-1] if numbers else 0, "oErrString": text})

    def check_not_null(self, number: int, *, except_for: Iterable[str] = ()) -> bool:
        """The first check of every node: a parameter that has no NULL default must not be NULL."""
        skipped = {"USRDEFND1", "USRDEFND2", "USRDEFND3", "USRDEFND4", "USRDEFND5", *except_for}
        found = any(
            self.values[parameter.name[3:]] is None
            for parameter in self.definition.signature.parameters
            if (parameter.required or parameter.default is not None) and parameter.name[3:] not in skipped
        )
        self.error(number, when=found)
        return not found

    def check_range(self, numbers: Mapping[str, int], allowed: Iterable[int] = (0, 1)) -> None:
        """Flags and codes: each named parameter, when not NULL, must be one of `allowed`."""
        codes = set(allowed)
        for name, number in numbers.items():
            self.error(number, when=self.values[name] is not None and self.values[name] not in codes)

    def given(self, *names: str) -> bool:
        """Has any of these parameters a value: not NULL, not blank, not zero, no blank date?"""
        blanks = {None, "", Decimal(0), BLANK_DATE}
        return any(self.values[name] not in blanks for name in names)

    # -- SQL -------------------------------------------------------------------------------------------------------

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Executes; returns the number of rows touched."""
        self._cursor.execute(self._text(sql), self.values if values is None else values)
        return self._cursor.rowcount

    def one(self, sql: str, values: Mapping[str, object] | None = None) -> Row | None:
        self._cursor.execute(self._text(sql), self.values if values is None else values)
        return self._cursor.fetchone()

    def row(self, sql: str, values: Mapping[str, object] | None = None) -> Row:
        """The row of a query that always has one."""
        found = self.one(sql, values)
        if found is None:
            raise LookupError(sql)
        return found

    def all(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        self._cursor.execute(self._text(sql), self.values if values is None else values)
        return self._cursor.fetchall()

    def insert(self, table: str, row: Mapping[str, object], *, or_update: str = "") -> None:
        """Inserts one row of the company's `table`; `or_update` names the key columns of an upsert."""
        columns = ", ".join(name.lower() for name in row)
        marks = ", ".join(f"%({name})s" for name in row)
        sql = f"INSERT INTO {{company}}.{table.lower()} ({columns}) VALUES ({marks})"
        if or_update:
            key = {name.strip().lower() for name in or_update.split(",")}
            changed = ", ".join(f"{n.lower()} = excluded.{n.lower()}" for n in row if n.lower() not in key)
            sql += f" ON CONFLICT ({or_update.lower()}) DO UPDATE SET {changed}"
        self.run(sql, row)

    def update(self, table: str, row: Mapping[str, object], key: Mapping[str, object]) -> int:
        """Updates the rows of the company's `table` that have `key`."""
        changes = ", ".join(f"{name.lower()} = %({name})s" for name in row)
        where = " AND ".join(f"{name.lower()} = %(key_{name})s" for name in key)
        values = {**row, **{f"key_{name}": value for name, value in key.items()}}
        return self.run(f"UPDATE {{company}}.{table.lower()} SET {changes} WHERE {where}", values)

    def _text(self, sql: str) -> str:
        return sql.replace("{company}", self.company).replace("{system}", self.system)

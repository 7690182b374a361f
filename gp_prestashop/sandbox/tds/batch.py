"""Runs a T-SQL batch: variables, IF, EXEC, transactions, and statements handed on to Postgres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import psycopg

from gp_prestashop.sandbox.gp.values import ConversionError
from gp_prestashop.sandbox.tds import tokens
from gp_prestashop.sandbox.tds.arguments import bind
from gp_prestashop.sandbox.tds.constants import constants
from gp_prestashop.sandbox.tds.lexer import Words, literal
from gp_prestashop.sandbox.tds.session import Session
from gp_prestashop.sandbox.tds.sql_error import SqlError, as_sql_error
from gp_prestashop.sandbox.tds.translate import CHAR_LENGTHS, translate

__all__ = ["Batch"]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}


class Batch:
    """One SQL batch; ``run`` gives its whole answer.

    Each statement is read to its end whether it is executed or not: the untaken branch of an IF is only read.
    """

    def __init__(self, session: Session, sql: str) -> None:
        self._session: Final = session
        self._words: Final = Words(sql)
        self._variables: dict[str, Any] = {}
        self._answers: list[Callable[..., bytes]] = []
        self._kinds: Final[dict[str, Callable[..., None]]] = {
            "DECLARE": self._declare,
            "SET": self._set,
            "IF": self._if,
            "BEGIN": self._begin,
            "COMMIT": self._commit,
            "ROLLBACK": self._roll_back,
            "EXEC": self._exec,
            "EXECUTE": self._exec,
            "USE": self._use,
        }

    def run(self) -> bytes:
        failure: SqlError | None = None
        try:
            while self._words.more:
                self._statement(execute=True)
        except SqlError as error:
            failure = error
        except psycopg.Error as error:
            failure = as_sql_error(error)
            self._session.abandon()  # as with XACT_ABORT ON
        except ConversionError as error:
            failure = SqlError(8114, str(error))
        answers = [answer(more=True) for answer in self._answers[:-1]]
        if failure:
            answers += [answer(more=True) for answer in self._answers[-1:]]
            return b"".join(answers) + tokens.error(failure.number, failure.message, failure.severity)
        answers += [answer(more=False) for answer in self._answers[-1:]]
        return b"".join(answers) or tokens.done()

    def _statement(self, *, execute: bool) -> None:
        words = self._words
        if words.upper in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            text = words.statement()
            if execute:
                self._query(text)
        elif words.upper in self._kinds:
            self._kinds[words.next().upper()](execute=execute)
        elif not words.skip(";"):
            raise words.wrong()

    def _declare(self, *, execute: bool) -> None:
        words = self._words
        while True:
            name = words.take("variable").lower()
            words.take("word")
            words.parentheses()
            value = self._expression() if words.skip("=") else None
            if execute:
                self._variables[name] = value
            if not words.skip(","):
                return

    def _set(self, *, execute: bool) -> None:
        if self._words.kind != "variable":
            self._words.statement()  # options: SET NOCOUNT ON and the like change nothing here
            return
        name = self._words.take("variable").lower()
        self._words.expect("=")
        value = self._expression()
        if execute:
            self._variables[name] = value

    def _if(self, *, execute: bool) -> None:
        condition = self._condition()
        self._statement(execute=execute and condition)
        while self._words.skip(";"):
            pass
        if self._words.skip("ELSE"):
            self._statement(execute=execute and not condition)

    def _begin(self, *, execute: bool) -> None:
        if self._words.skip("TRAN", "TRANSACTION"):
            if execute:
                self._session.begin()
            return
        while not self._words.skip("END"):
            self._statement(execute=execute)

    def _commit(self, *, execute: bool) -> None:
        self._words.skip("TRAN", "TRANSACTION", "WORK")
        if execute:
            self._session.commit()

    def _roll_back(self, *, execute: bool) -> None:
        self._words.skip("TRAN", "TRANSACTION", "WORK")
        if execute:
            self._session.roll_back()

    def _use(self, *, execute: bool) -> None:
        name = self._words.name()
        if execute:
            database = self._session.use(name)
            self._answers.append(lambda more: tokens.env_database(database) + tokens.done(more=more))

    def _exec(self, *, execute: bool) -> None:
        words = self._words
        status: str | None = None
        if words.kind == "variable":
            status = words.take("variable").lower()
            words.expect("=")
        name = words.qualified_name()
        given: dict[str, Any] = {}
        outputs: dict[str, str] = {}  # the variable of each OUTPUT parameter
        while words.kind == "variable":
            parameter = words.take("variable")[1:]
            words.expect("=")
            variable = words.text.lower() if words.kind == "variable" else ""
            given[parameter] = self._expression()
            if words.skip("OUTPUT", "OUT"):
                outputs[parameter] = variable
            words.skip(",")
        if execute:
            self._call(name[0] if len(name) == 3 else self._session.database, name[-1], given, outputs, status)

    def _call(
        self, database: str, procedure: str, given: dict[str, Any], outputs: dict[str, str], status: str | None
    ) -> None:
        signature = self._session.host.signature(procedure)
        if signature is None:
            raise SqlError(2812, f"Could not find stored procedure '{procedure}'.")
        arguments = bind(procedure, signature, given)
        with self._session.connection.cursor() as cursor:
            try:
                result = self._session.host.execute(cursor, database, procedure, arguments)
            except LookupError as error:
                raise SqlError(2812, f"Could not find stored procedure '{database}.dbo.{procedure}'.") from error
        values = {name.lstrip("@").lower(): value for name, value in result.outputs.items()}
        for name, variable in outputs.items():
            if variable:
                self._variables[variable] = values.get(name.lower())
        if status:
            self._variables[status] = result.return_status

    def _query(self, text: str) -> None:
        if found := constants(text, self._variables, self._session):
            names, row = found
            self._answers.append(lambda more: tokens.result_set(names, [row], more=more))
            return
        translation = translate(text, self._session.database)
        cursor = self._session.connection.execute(translation.sql.encode())
        if not translation.reads or cursor.description is None:
            count = cursor.rowcount
            self._answers.append(lambda more: tokens.done(more=more, rows=count))
            return
        columns = [column.name for column in cursor.description]
        widths = [CHAR_LENGTHS.get(column) for column in columns]
        rows = [
            [v.ljust(w) if w and isinstance(v, str) else v for v, w in zip(row, widths, strict=True)]
            for row in cursor.fetchall()
        ]
        names = [translation.spelt(column) for column in columns]
        self._answers.append(lambda more: tokens.result_set(names, rows, more=more))

    def _condition(self) -> bool:
        left = self._expression()
        compare = COMPARISONS.get(self._words.text)
        if compare is None:
            raise self._words.wrong()
        self._words.next()
        right = self._expression()
        return left is not None and right is not None and compare(left, right)

    def _expression(self) -> Any:
        kind, text = self._words.kind, self._words.next()
        if text == "-":
            return -self._expression()
        if text.upper() == "@@TRANCOUNT":
            return self._session.transactions
        if kind != "variable":
            return literal(kind, text)
        if text.lower() not in self._variables:
            raise SqlError(137, f'Must declare the scalar variable "{text}".', 15)
        return self._variables[text.lower()]

"""Runs a T-SQL batch: variables, IF, EXEC, transactions, and statements handed on to Postgres."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import psycopg

from gp_prestashop.sandbox.gp.calls import Parameter
from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.gp.values import ConversionError
from gp_prestashop.sandbox.tds import tokens
from gp_prestashop.sandbox.tds.sql_error import SqlError, as_sql_error
from gp_prestashop.sandbox.tds.translate import CHAR_LENGTHS, translate

__all__ = ["Batch", "Session"]

TOKEN = re.compile(
    r"\s+|--[^\n]*|/\*.*?\*/|(?P<string>N?'(?:[^']|'')*')|(?P<bracket>\[[^\]]+\])|(?P<variable>@@?\w+)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_#][\w#$]*)|(?P<mark><>|<=|>=|!=|[(),;=<>.*+\-/%])",
    re.DOTALL,
)
STATEMENTS = {"SELECT", "INSERT", "UPDATE", "DELETE", "EXEC", "EXECUTE", "SET", "DECLARE", "IF", "BEGIN", "END", "COMMIT", "ROLLBACK", "USE", "ELSE", "PRINT"}  # fmt: skip
VERSION = "Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64) \n\tSandbox"
NO_TRANSACTION = "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION."
NO_COMMIT = "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION."

Token = tuple[str, str, int]  # kind, text, position


class Session:
    """One connection's state: its Postgres connection, its database, its transaction count."""

    def __init__(self, connection: psycopg.Connection[Any], host: EconnectHost, company: str, system: str) -> None:
        self.connection = connection
        self.host = host
        self.databases = {company.lower(): company, system.lower(): system, "master": company, "tempdb": "tempdb"}
        self.database = company
        self.transactions = 0

    def rollback(self) -> None:
        if self.transactions:
            self.connection.execute("ROLLBACK")
        self.transactions = 0


class Batch:
    """One SQL batch; ``run`` gives its whole answer."""

    def __init__(self, session: Session, sql: str) -> None:
        self._session = session
        self._sql = sql
        self._tokens = _tokenize(sql)
        _check_blocks(self._tokens)
        self._at = 0
        self._variables: dict[str, Any] = {}
        self._answers: list[Callable[..., bytes]] = []

    def run(self) -> bytes:
        failure: SqlError | None = None
        try:
            while self._at < len(self._tokens):
                self._statement(execute=True)
        except SqlError as error:
            failure = error
        except psycopg.Error as error:
            failure = as_sql_error(error)
            self._session.rollback()  # as with XACT_ABORT ON
        except ConversionError as error:
            failure = SqlError(8114, str(error))
        answers = [answer(more=True) for answer in self._answers[:-1]]
        if failure:
            answers += [answer(more=True) for answer in self._answers[-1:]]
            return b"".join(answers) + tokens.error(failure.number, failure.message, failure.severity)
        answers += [answer(more=False) for answer in self._answers[-1:]]
        return b"".join(answers) or tokens.done()

    # The grammar

    def _statement(self, *, execute: bool) -> None:
        word = self._peek().upper()
        if word == ";":
            self._at += 1
        elif word == "DECLARE":
            self._declare(execute=execute)
        elif word == "SET":
            self._set(execute=execute)
        elif word == "IF":
            self._if(execute=execute)
        elif word == "BEGIN":
            self._begin(execute=execute)
        elif word in ("COMMIT", "ROLLBACK"):
            self._end_transaction(word, execute=execute)
        elif word in ("EXEC", "EXECUTE"):
            self._exec(execute=execute)
        elif word == "USE":
            self._at += 1
            name = self._name()
            if execute:
                self._use(name)
        elif word in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            text = self._rest_of_statement()
            if execute:
                self._query(text)
        else:
            raise SqlError(102, f"Incorrect syntax near '{self._peek()}'.", 15)

    def _declare(self, *, execute: bool) -> None:
        self._at += 1
        while True:
            name = self._take("variable").lower()
            self._take("word")
            self._parentheses()
            value = None
            if self._peek() == "=":
                self._at += 1
                value = self._expression()
            if execute:
                self._variables[name] = value
            if self._peek() != ",":
                return
            self._at += 1

    def _set(self, *, execute: bool) -> None:
        self._at += 1
        if self._kind() != "variable":
            self._rest_of_statement()  # options: SET NOCOUNT ON and the like change nothing here
            return
        name = self._take("variable").lower()
        self._expect("=")
        value = self._expression()
        if execute:
            self._variables[name] = value

    def _if(self, *, execute: bool) -> None:
        self._at += 1
        condition = self._condition()
        self._statement(execute=execute and condition)
        while self._peek() == ";":
            self._at += 1
        if self._peek().upper() == "ELSE":
            self._at += 1
            self._statement(execute=execute and not condition)

    def _begin(self, *, execute: bool) -> None:
        self._at += 1
        if self._peek().upper() in ("TRAN", "TRANSACTION"):
            self._at += 1
            if execute:
                if not self._session.transactions:
                    self._session.connection.execute("BEGIN")
                self._session.transactions += 1
            return
        while self._peek().upper() != "END":
            if self._at >= len(self._tokens):
                raise SqlError(102, "Incorrect syntax: BEGIN without END.", 15)
            self._statement(execute=execute)
        self._at += 1

    def _end_transaction(self, word: str, *, execute: bool) -> None:
        self._at += 1
        if self._peek().upper() in ("TRAN", "TRANSACTION", "WORK"):
            self._at += 1
        if not execute:
            return
        session = self._session
        if not session.transactions:
            raise SqlError(3903, NO_TRANSACTION) if word == "ROLLBACK" else SqlError(3902, NO_COMMIT)
        if word == "ROLLBACK":
            session.rollback()
            return
        session.transactions -= 1
        if not session.transactions:
            session.connection.execute("COMMIT")

    def _exec(self, *, execute: bool) -> None:
        self._at += 1
        status: str | None = None
        if self._kind() == "variable":
            status = self._take("variable").lower()
            self._expect("=")
        database, procedure = self._qualified_name()
        given: dict[str, Any] = {}
        outputs: dict[str, str] = {}
        while self._kind() == "variable":
            name = self._take("variable")[1:]
            self._expect("=")
            variable = self._peek().lower() if self._kind() == "variable" else None
            given[name] = self._expression()
            if self._peek().upper() in ("OUTPUT", "OUT"):
                self._at += 1
                outputs[name] = variable or ""
            if self._peek() == ",":
                self._at += 1
        if execute:
            self._call(database, procedure, given, outputs, status)

    def _call(
        self, database: str, procedure: str, given: dict[str, Any], outputs: dict[str, str], status: str | None
    ) -> None:
        signature = self._session.host.signature(procedure)
        if signature is None:
            raise SqlError(2812, f"Could not find stored procedure '{procedure}'.")
        known = {p.name.lstrip("@").lower(): p for p in signature.parameters}
        known_outputs = {p.name.lstrip("@").lower() for p in signature.outputs}
        arguments: dict[str, object] = {}
        for name, value in given.items():
            if name.lower() in known_outputs:
                continue
            parameter = known.get(name.lower())
            if parameter is None:
                raise SqlError(8145, f"@{name} is not a parameter for procedure {procedure}.")
            arguments[parameter.name.lstrip("@")] = _converted(value, parameter)
        for parameter in signature.parameters:
            if parameter.required and parameter.name.lstrip("@") not in arguments:
                message = (
                    f"Procedure or function '{procedure}' expects parameter '{parameter.name}', which was not supplied."
                )
                raise SqlError(201, message)
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

    def _use(self, name: str) -> None:
        database = self._session.databases.get(name.lower())
        if database is None:
            raise SqlError(911, f"Database '{name}' does not exist. Make sure that the name is entered correctly.")
        self._session.database = database
        self._answers.append(lambda more: tokens.env_database(database) + tokens.done(more=more))

    # Queries

    def _query(self, text: str) -> None:
        if constants := _constants(text, self._variables, self._session):
            names, row = constants
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
        operator = self._peek()
        self._at += 1
        right = self._expression()
        if left is None or right is None:
            return False
        result = {"=": left == right, "<>": left != right, "!=": left != right}.get(operator)
        if result is None:
            result = {">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}.get(operator)
        if result is None:
            raise SqlError(102, f"Incorrect syntax near '{operator}'.", 15)
        return bool(result)

    def _expression(self) -> Any:
        if self._at >= len(self._tokens):
            raise SqlError(102, "Incorrect syntax: the batch ends in the middle.", 15)
        kind, text, _ = self._tokens[self._at]
        self._at += 1
        if text == "-":
            return -self._expression()
        if kind == "variable":
            if text.upper() == "@@TRANCOUNT":
                return self._session.transactions
            if text.lower() not in self._variables:
                raise SqlError(137, f'Must declare the scalar variable "{text}".', 15)
            return self._variables[text.lower()]
        return _literal(kind, text)

    # Tokens

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self, kind: str) -> str:
        if self._kind() != kind:
            raise SqlError(102, f"Incorrect syntax near '{self._peek()}'.", 15)
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _expect(self, text: str) -> None:
        if self._peek() != text:
            raise SqlError(102, f"Incorrect syntax near '{self._peek()}'.", 15)
        self._at += 1

    def _parentheses(self) -> None:
        if self._peek() == "(":
            while self._peek() != ")":
                self._at += 1
            self._at += 1

    def _name(self) -> str:
        text = self._peek()
        self._at += 1
        return text.strip("[]")

    def _qualified_name(self) -> tuple[str, str]:
        parts = [self._name()]
        while self._peek() == ".":
            self._at += 1
            parts.append("" if self._peek() == "." else self._name())
        return (parts[0] if len(parts) == 3 else self._session.database), parts[-1]

    def _rest_of_statement(self) -> str:
        """Text up to ``;``, or up to the next statement at the same depth."""
        start, depth = self._tokens[self._at][2], 0
        first = self._at
        while self._at < len(self._tokens):
            kind, text, _ = self._tokens[self._at]
            depth += {"(": 1, ")": -1}.get(text, 0)
            inside_set = self._tokens[first][1].upper() == "UPDATE" and text.upper() == "SET"
            inside_union = text.upper() == "SELECT" and self._tokens[self._at - 1][1].upper() in (
                "ALL",
                "UNION",
                "INTO",
                ")",
            )
            in_case = text.upper() in ("END", "ELSE") and _open_case(self._tokens[first : self._at])
            if (
                depth == 0
                and self._at > first
                and (
                    text == ";"
                    or (kind == "word" and text.upper() in STATEMENTS and not (inside_set or inside_union or in_case))
                )
            ):
                break
            self._at += 1
        end = self._tokens[self._at][2] if self._at < len(self._tokens) else len(self._sql)
        return self._sql[start:end]


def _open_case(before: list[Token]) -> bool:
    words = [text.upper() for kind, text, _ in before if kind == "word"]
    return words.count("CASE") > words.count("END")


def _tokenize(sql: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(sql):
        match = TOKEN.match(sql, at)
        if match is None:
            raise SqlError(102, f"Incorrect syntax near '{sql[at : at + 10]}'.", 15)
        if match.lastgroup:
            found.append((match.lastgroup, match[0], at))
        at = match.end()
    return found


def _check_blocks(found: list[Token]) -> None:
    """A batch is parsed before any of it runs: a BEGIN or CASE without its END is refused as a whole."""
    words = [text.upper() for kind, text, _ in found if kind == "word"]
    blocks = sum(
        word == "BEGIN" and following not in {"TRAN", "TRANSACTION"}
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )
    if blocks + words.count("CASE") > words.count("END"):
        raise SqlError(102, "Incorrect syntax: BEGIN without END.", 15)


def _literal(kind: str, text: str) -> Any:
    if kind == "string":
        return text[text.index("'") + 1 : -1].replace("''", "'")
    if kind == "number":
        return Decimal(text) if "." in text else int(text)
    if text.upper() == "NULL":
        return None
    raise SqlError(102, f"Incorrect syntax near '{text}'.", 15)


def _converted(value: Any, parameter: Parameter) -> Any:
    """The argument in its parameter's type; char parameters are cut silently, as SQL Server does."""
    kind = parameter.sql_type.lower()
    if value is None:
        return None
    try:
        if kind.startswith(("char", "varchar")):
            size = re.search(r"\((\d+)\)", kind)
            text = value if isinstance(value, str) else str(value)
            return text[: int(size[1])] if size else text
        if kind.startswith("numeric"):
            return Decimal(str(value))
        if kind == "datetime":
            return datetime.fromisoformat(value) if isinstance(value, str) and value else (value or None)
        if kind in ("int", "integer", "smallint", "tinyint"):
            return int(value)
    except (ValueError, InvalidOperation) as error:
        raise SqlError(8114, f"Error converting data type varchar to {kind}.") from error
    return value


def _constants(text: str, variables: dict[str, Any], session: Session) -> tuple[list[str], list[Any]] | None:
    """SELECTs without tables: variables, and what drivers ask a server when they connect."""
    lowered = text.lower()
    answers: list[tuple[str, Any]] = [
        ("@@version", VERSION),
        ("schema_name()", "dbo"),
        ("db_name()", session.database),
        ("test max support", "test max support"),
        ("fn_listextendedproperty", None),
        ("has_perms_by_name", 1),
        ("databasepropertyex", "SQL_Latin1_General_CP1_CI_AS"),
        ("collationproperty", 1252),
        ("transaction_isolation_level", "READ COMMITTED"),
        ("sys.system_views", "dm_exec_sessions"),
        ("@@spid", 51),
    ]
    for marker, value in answers:
        if marker in lowered:
            return [""], [value]
    if re.fullmatch(r"\s*select\s+getutcdate\(\)\s*(as\s+\S+\s*)?", lowered):
        return ["now"], [datetime.now(UTC).replace(tzinfo=None)]
    if re.search(r"\bfrom\b", lowered):
        return None
    names: list[str] = []
    values: list[Any] = []
    for part in re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", re.sub(r"(?is)^\s*select\s+", "", text)):
        match = re.fullmatch(
            r"\s*(?P<value>@@?\w+|N?'(?:[^']|'')*'|-?\d+(?:\.\d+)?|NULL)(?:\s+(?:AS\s+)?(?P<name>\[[^\]]+\]|\w+))?\s*",
            part,
            re.IGNORECASE | re.DOTALL,
        )
        if match is None:
            return None
        word = match["value"]
        if word.upper() == "@@TRANCOUNT":
            found: Any = session.transactions
        elif word.startswith("@"):
            if word.lower() not in variables:
                raise SqlError(137, f'Must declare the scalar variable "{word}".', 15)
            found = variables[word.lower()]
        else:
            found = _literal("string" if "'" in word else "number" if word[-1].isdigit() else "word", word.lstrip("-"))
        names.append((match["name"] or "").strip("[]"))
        values.append(found)
    return names, values

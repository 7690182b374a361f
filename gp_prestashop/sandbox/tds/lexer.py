"""The words of a batch, and a place among them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from gp_prestashop.sandbox.tds.sql_error import SqlError

__all__ = ["Words", "literal"]

TOKEN = re.compile(
    r"\s+|--[^\n]*|/\*.*?\*/|(?P<string>N?'(?:[^']|'')*')|(?P<bracket>\[[^\]]+\])|(?P<variable>@@?\w+)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_#][\w#$]*)|(?P<mark><>|<=|>=|!=|[(),;=<>.*+\-/%])",
    re.DOTALL,
)
STATEMENTS = {"SELECT", "INSERT", "UPDATE", "DELETE", "EXEC", "EXECUTE", "SET", "DECLARE", "IF", "BEGIN", "END", "COMMIT", "ROLLBACK", "USE", "ELSE", "PRINT"}  # fmt: skip
BEFORE_INNER_SELECT = {"ALL", "UNION", "INTO", ")"}

Token = tuple[str, str, int]  # kind, text, position


class Words:
    """The batch's tokens, read from left to right. Raises SqlError 102 for text that is no T-SQL."""

    def __init__(self, sql: str) -> None:
        self._sql: Final = sql
        self._tokens: Final = _tokenize(sql)
        self._at = 0
        _check_blocks(self._tokens)

    @property
    def more(self) -> bool:
        return self._at < len(self._tokens)

    @property
    def text(self) -> str:
        """The word here; blank at the end."""
        return self._tokens[self._at][1] if self.more else ""

    @property
    def upper(self) -> str:
        return self.text.upper()

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0] if self.more else ""

    def next(self) -> str:
        """The word here, and on."""
        if not self.more:
            raise SqlError(102, "Incorrect syntax: the batch ends in the middle.", 15)
        self._at += 1
        return self._tokens[self._at - 1][1]

    def skip(self, *texts: str) -> bool:
        """Past the word here if it is one of these."""
        found = self.more and self.upper in texts
        self._at += found
        return found

    def take(self, kind: str) -> str:
        if self.kind != kind:
            raise self.wrong()
        return self.next()

    def expect(self, text: str) -> None:
        if not self.skip(text):
            raise self.wrong()

    def wrong(self) -> SqlError:
        return SqlError(102, f"Incorrect syntax near '{self.text}'.", 15)

    def parentheses(self) -> None:
        """Past what stands in parentheses here, if anything does."""
        if self.text == "(":
            while self.next() != ")":
                pass

    def name(self) -> str:
        return self.next().strip("[]")

    def qualified_name(self) -> list[str]:
        """``database``, ``schema`` (may be blank) and name, as many as are given."""
        parts = [self.name()]
        while self.skip("."):
            parts.append("" if self.text == "." else self.name())
        return parts

    def statement(self) -> str:
        """Text up to ``;``, or up to the next statement at the same depth."""
        first, depth = self._at, 0
        while self.more:
            depth += {"(": 1, ")": -1}.get(self.text, 0)
            if depth == 0 and self._at > first and (self.text == ";" or self._begins_another(first)):
                break
            self._at += 1
        end = self._tokens[self._at][2] if self.more else len(self._sql)
        return self._sql[self._tokens[first][2] : end]

    def _begins_another(self, first: int) -> bool:
        if self.kind != "word" or self.upper not in STATEMENTS:
            return False
        inside_set = self._tokens[first][1].upper() == "UPDATE" and self.upper == "SET"
        inside_union = self.upper == "SELECT" and self._tokens[self._at - 1][1].upper() in BEFORE_INNER_SELECT
        in_case = self.upper in ("END", "ELSE") and _open_case(self._tokens[first : self._at])
        return not (inside_set or inside_union or in_case)


def literal(kind: str, text: str) -> Any:
    """A string, number or NULL. Raises SqlError 102 for anything else."""
    if kind == "string":
        return text[text.index("'") + 1 : -1].replace("''", "'")
    if kind == "number":
        return Decimal(text) if "." in text else int(text)
    if text.upper() == "NULL":
        return None
    raise SqlError(102, f"Incorrect syntax near '{text}'.", 15)


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


def _open_case(before: list[Token]) -> bool:
    words = [text.upper() for kind, text, _ in before if kind == "word"]
    return words.count("CASE") > words.count("END")

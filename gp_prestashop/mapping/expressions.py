"""Map expressions: SQL expressions, parsed by sqlglot and checked against a list of what is allowed.

Functions are parsed as plain calls by name; which names exist, and with which arguments, is the function library's
affair (functions.py). Nothing that is not listed here gets past :func:`parse_expression`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError, TokenError

from gp_prestashop.mapping.flow_errors import ExpressionError

__all__ = ["column_path", "offset_of", "parse_expression"]

MAX_LENGTH = 4000  # characters
MAX_NODES = 600
MAX_DEPTH = 40
MAX_DIGITS = 38

ALLOWED: tuple[type, ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Mod, exp.DPipe, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like,
    exp.ILike, exp.And, exp.Or, exp.Not, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam,
    exp.Anonymous, exp.NullSafeEQ, exp.NullSafeNEQ,
)  # fmt: skip

PARTS: dict[type, frozenset[str]] = {
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Column: frozenset({"this", "table", "db", "catalog"}),
    exp.Like: frozenset({"this", "expression", "negate"}),
    exp.ILike: frozenset({"this", "expression", "negate"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.DataType: frozenset({"this", "expressions"}),
    exp.Anonymous: frozenset({"this", "expressions"}),
    exp.DPipe: frozenset({"this", "expression", "safe"}),  # how sqlglot would write it in other dialects
}
BOTH = frozenset({"this", "expression"})

HINTS: dict[type, str] = {
    exp.Div: "Use div(a, b, decimals), which is exact.",
    exp.IntDiv: "Use div(a, b, 0, 1), which is exact.",
    exp.Pow: "Multiply instead; money is exact here.",
    exp.Subquery: "Use total(), count(), first(), lookup() or value().",
    exp.Select: "Use total(), count(), first(), lookup() or value().",
    exp.Window: "Use line_number(), allocate(), together() or total().",
    exp.Interval: "Use add_days(date, n).",
}


KEPT_WORDS = frozenset({
    "AND", "OR", "NOT", "IS", "NULL", "TRUE", "FALSE", "IN", "BETWEEN", "LIKE", "ILIKE", "CASE", "WHEN", "THEN", "ELSE", "END",
    "CAST", "TRY_CAST", "AS", "DISTINCT", "FROM", "SELECT", "DATE", "TIMESTAMP", "DATETIME", "INT", "INTEGER", "BIGINT",
    "SMALLINT", "DECIMAL", "NUMERIC", "VARCHAR", "CHAR", "TEXT", "STRING", "BOOLEAN", "BOOL", "DOUBLE", "FLOAT", "REAL",
})  # fmt: skip


class MapDialect(DuckDB):  # type: ignore[misc]
    """DuckDB's expressions with every function kept as a plain call, and without the words of statements.

    A word that is no keyword here is a name, so that a column may be called ``order`` or ``group``.
    """

    class Tokenizer(DuckDB.Tokenizer):  # type: ignore[misc]
        KEYWORDS: ClassVar[dict[str, Any]] = {
            word: token
            for word, token in DuckDB.Tokenizer.KEYWORDS.items()
            if word.upper() in KEPT_WORDS or not word.replace(" ", "").replace("_", "").isalnum()
        }

    class Parser(DuckDB.Parser):  # type: ignore[misc]
        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser for name, parser in DuckDB.Parser.FUNCTION_PARSERS.items() if name in ("CAST", "TRY_CAST")
        }
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: parser for name, parser in DuckDB.Parser.NO_PAREN_FUNCTION_PARSERS.items() if name == "CASE"
        }


def parse_expression(text: str) -> exp.Expression:
    """The checked syntax tree. Raises ExpressionError naming what is not allowed, and where."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression is longer than {MAX_LENGTH} characters.", "Give parts of it names in let."
        )
    if (at := next((i for i, c in enumerate(text) if ord(c) < 32 and c not in "\n\r\t"), None)) is not None:
        raise ExpressionError("Control characters are not allowed.", offset=at)
    try:
        trees = MapDialect().parse(text)
    except ParseError as error:
        raise _parse_error(text, error) from None
    except TokenError:
        raise ExpressionError("A quote or a comment is opened and not closed.", offset=0) from None
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise ExpressionError(f"This is no expression ({type(error).__name__}).", offset=0) from None
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError("There must be exactly one expression.", offset=0)
    _check(trees[0])
    return trees[0]


def column_path(column: exp.Column) -> tuple[str, ...]:
    """``order_details.taxes.id`` as its parts."""
    return tuple(part.name for part in column.parts)


def offset_of(node: exp.Expression) -> int | None:
    """Where the node stands in its expression, as near as sqlglot knows."""
    starts = [found.meta["start"] for found in _walk(node) if "start" in found.meta]
    return min(starts, default=None)


def _check(tree: exp.Expression) -> None:
    count = 0
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > MAX_NODES:
            raise ExpressionError(f"The expression has more than {MAX_NODES} parts.", "Give parts of it names in let.")
        if depth > MAX_DEPTH:
            raise ExpressionError(
                f"The expression is nested more than {MAX_DEPTH} deep.", "Give parts of it names in let."
            )
        _check_node(node)
        stack += [(child, depth + 1) for child in node.iter_expressions()]


def _check_node(node: exp.Expression) -> None:
    kind = type(node)
    if kind not in ALLOWED:
        what = "Dividing with /" if kind is exp.Div else kind.__name__
        raise ExpressionError(f"{what} is not allowed in an expression.", HINTS.get(kind, ""), offset_of(node))
    if isinstance(node, exp.Literal) and not node.is_string:
        _check_number(node)
    if isinstance(node, exp.Anonymous) and not isinstance(node.this, str):
        raise ExpressionError("A function is called by its plain name.", offset=offset_of(node))
    if extra := {key for key, value in node.args.items() if value} - PARTS.get(kind, BOTH):
        what = (
            "in takes a list of values in brackets." if kind is exp.In else f"{', '.join(extra)} is not allowed here."
        )
        raise ExpressionError(what, offset=offset_of(node))
    if isinstance(node, exp.Column) and any(type(part) is not exp.Identifier for part in node.parts):
        raise ExpressionError("* is not allowed in an expression.", offset=offset_of(node))


def _check_number(node: exp.Literal) -> None:
    text = str(node.this)
    if not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit():
        hint = "Write it with a decimal point: 0.005" if "e" in text.lower() else ""
        raise ExpressionError(f"{text} is not a plain decimal number.", hint, offset_of(node))
    if len(text.replace(".", "")) > MAX_DIGITS:
        raise ExpressionError(f"A number has at most {MAX_DIGITS} digits.", offset=offset_of(node))


def _parse_error(text: str, error: ParseError) -> ExpressionError:
    found = error.errors[0] if error.errors else {}
    what = str(found.get("description") or "it cannot be parsed").split(" for <class")[0]
    line, column = int(found.get("line") or 1), int(found.get("col") or 1)
    before = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    near = str(found.get("highlight") or "")
    offset = max(before + column - max(len(near), 1), 0)
    return ExpressionError(f"The expression cannot be read{f' at {near!r}' if near else ''}: {what}.", offset=offset)


def _walk(node: exp.Expression) -> Iterator[exp.Expression]:
    return iter(node.walk())

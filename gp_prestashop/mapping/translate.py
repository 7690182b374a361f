"""From a checked syntax tree to a compiled value: every node becomes SQL again from scratch, with its own error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol

from sqlglot import exp

from gp_prestashop.mapping.expressions import column_path, offset_of
from gp_prestashop.mapping.flow_errors import ExpressionError, did_you_mean
from gp_prestashop.mapping.functions import Context, combine, first_error
from gp_prestashop.mapping.library import LIBRARY
from gp_prestashop.mapping.values import Value, decimal_parts, error_text, quote, spell_decimal

__all__ = ["Scope", "translate"]

MOST_TEXT = 32_768
CASTS = {
    "VARCHAR": "VARCHAR", "TEXT": "VARCHAR", "CHAR": "VARCHAR", "INT": "INTEGER", "BIGINT": "BIGINT", "SMALLINT": "INTEGER",
    "DATE": "DATE", "TIMESTAMP": "TIMESTAMP", "DATETIME": "TIMESTAMP", "TIMESTAMPNTZ": "TIMESTAMP", "BOOLEAN": "BOOLEAN",
}  # fmt: skip
WORDS = {
    "INTEGER": "a whole number",
    "BIGINT": "a whole number",
    "DATE": "a date",
    "TIMESTAMP": "a date and time",
    "BOOLEAN": "true or false",
}
BINARY: dict[type, str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<",
    exp.LTE: "<=", exp.Like: "LIKE", exp.ILike: "ILIKE", exp.NullSafeEQ: "IS NOT DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}  # fmt: skip
COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)


class Scope(Context, Protocol):
    """A context that also knows names."""

    def resolve(self, path: tuple[str, ...]) -> Value: ...


def translate(tree: exp.Expression, scope: Scope) -> Value:
    """Compile a whole expression. Raises ExpressionError with the offset of the offending piece."""
    value = _node(tree, scope)
    if value.type:
        return value
    return value.but(type=scope.type_of(value.sql, value.uses))


def _node(node: exp.Expression, scope: Scope) -> Value:
    try:
        return _translators(node)(node, scope)
    except ExpressionError as error:
        if error.offset is None:
            error.offset = offset_of(node)
        raise


def _translators(node: exp.Expression) -> Callable[[exp.Expression, Scope], Value]:
    kind = type(node)
    if kind in BINARY:
        return _binary
    if kind not in TRANSLATORS:
        raise ExpressionError(f"{kind.__name__} is not allowed here.")
    return TRANSLATORS[kind]


def _typed(sql: str, parts: Sequence[Value], scope: Scope, **changes: object) -> Value:
    value = combine(sql, "", parts, calls=False)
    return value.but(type=scope.type_of(sql, value.uses), **changes)


def _literal(node: exp.Expression, scope: Scope) -> Value:
    text = str(node.this)
    if isinstance(node, exp.Boolean):
        return Value("true" if node.this else "false", "BOOLEAN", atomic=True)
    if node.args["is_string"]:
        return Value(quote(text), "VARCHAR", atomic=True, literal=text)
    if "." in text:
        whole, _, fraction = text.partition(".")
        sql = f"{whole or '0'}.{fraction or '0'}"
        return Value(sql, scope.type_of(sql, ()), atomic=True)
    return Value(text, scope.type_of(text, ()), atomic=True, literal=int(text))


def _null(_node: exp.Expression, _scope: Scope) -> Value:
    return Value("NULL", "NULL", nullable=True, atomic=True)


def _column(node: exp.Expression, scope: Scope) -> Value:
    assert isinstance(node, exp.Column)  # noqa: S101
    return scope.resolve(column_path(node))


def _paren(node: exp.Expression, scope: Scope) -> Value:
    inner = _node(node.this, scope)
    return inner if inner.atomic else inner.but(sql=f"({inner.sql})")


def _negative(node: exp.Expression, scope: Scope) -> Value:
    inner = _node(node.this, scope)
    value = _typed(f"(-{inner.sql})", [inner], scope)
    return value.but(literal=-inner.literal) if isinstance(inner.literal, int) else value


def _not(node: exp.Expression, scope: Scope) -> Value:
    inner = _node(node.this, scope)
    return _typed(f"(NOT {_truth(inner)})", [inner], scope)


def _binary(node: exp.Expression, scope: Scope) -> Value:
    left, right = _node(node.this, scope), _node(node.expression, scope)
    if isinstance(node, COMPARED):
        _same_kind(left, right)
    word = f"NOT {BINARY[type(node)]}" if node.args.get("negate") else BINARY[type(node)]
    return _typed(f"({left.sql} {word} {right.sql})", [left, right], scope)


def _same_kind(left: Value, right: Value) -> None:
    """DuckDB would read text as a number row by row; here that is said with cast()."""
    for one, other in ((left, right), (right, left)):
        if one.type == "VARCHAR" and not isinstance(one.literal, str) and other.type not in ("VARCHAR", "NULL", ""):
            raise ExpressionError(
                f"Text cannot be compared with {other.type.lower()}.", f"Use cast(… as {other.type.lower()})."
            )

    for one, other in ((left, right), (right, left)):
        if isinstance(one.literal, str) and one.type == "VARCHAR" and not _reads_as(one.literal, other.type):
            raise ExpressionError(f"“{one.literal}” is not {WORDS.get(other.type, 'a number')}.")


def _reads_as(text: str, type_: str) -> bool:
    """Whether a constant can be compared with values of a type."""
    try:
        if decimal_parts(type_) is not None:
            return Decimal(text).is_finite()
        if type_ in ("DATE", "TIMESTAMP"):
            datetime.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return False
    return type_ != "BOOLEAN" or text.lower() in ("true", "false", "1", "0")


def _mod(node: exp.Expression, scope: Scope) -> Value:
    left, right = scope.hoist(_node(node.this, scope)), scope.hoist(_node(node.expression, scope))
    site = scope.site("division_by_zero", "{0} cannot be divided by zero.")
    value = _typed(f"({left.sql} % nullif({right.sql}, 0))", [left, right], scope)
    error = f"CASE WHEN {right.sql} = 0 THEN {error_text(site, [left.sql])} END"
    return value.but(error=first_error([value.error, error]))


def _join(node: exp.Expression, scope: Scope) -> Value:
    left, right = _node(node.this, scope), _node(node.expression, scope)
    return _typed(f"({left.sql} || {right.sql})", [left, right], scope, grows=True)


def _truth(value: Value) -> str:
    if value.type not in ("BOOLEAN", "NULL"):
        raise ExpressionError(f"A condition is wanted here, not {value.type.lower()}.", "Compare it with something.")
    return value.sql


def _and_or(node: exp.Expression, scope: Scope) -> Value:
    """The right side's errors count only where the left side does not decide."""
    word, decided = ("AND", "FALSE") if isinstance(node, exp.And) else ("OR", "TRUE")
    left, right = _node(node.this, scope), _node(node.expression, scope)
    _truth(left), _truth(right)
    if right.error is None:
        return combine(f"({left.sql} {word} {right.sql})", "BOOLEAN", [left, right], calls=False)
    left = scope.hoist(left)
    value = combine(f"({left.sql} {word} {right.sql})", "BOOLEAN", [left, right], calls=False)
    lazy = f"CASE WHEN {left.sql} IS {decided} THEN NULL ELSE {right.error} END"
    return value.but(error=first_error([left.error, lazy]))


def _is(node: exp.Expression, scope: Scope) -> Value:
    inner = _node(node.this, scope)
    what = node.expression
    word = (
        "NULL"
        if isinstance(what, exp.Null)
        else ("TRUE" if what.this else "FALSE")
        if isinstance(what, exp.Boolean)
        else None
    )
    if word is None:
        raise ExpressionError("is takes null, true or false.")
    value = combine(f"({inner.sql} IS {word})", "BOOLEAN", [inner], calls=False)
    return value.but(inputs=frozenset())


def _in(node: exp.Expression, scope: Scope) -> Value:
    inner = _node(node.this, scope)
    choices = [_node(choice, scope) for choice in node.expressions]
    for choice in choices:
        _same_kind(inner, choice)
    return _typed(f"({inner.sql} IN ({', '.join(choice.sql for choice in choices)}))", [inner, *choices], scope)


def _between(node: exp.Expression, scope: Scope) -> Value:
    inner, low, high = (_node(node.args[key], scope) for key in ("this", "low", "high"))
    _same_kind(inner, low)
    _same_kind(inner, high)
    return _typed(f"({inner.sql} BETWEEN {low.sql} AND {high.sql})", [inner, low, high], scope)


def _case(node: exp.Expression, scope: Scope) -> Value:
    subject = node.this
    pairs = []
    for branch in node.args["ifs"]:
        condition = exp.EQ(this=subject.copy(), expression=branch.this) if subject is not None else branch.this
        pairs.append((_node(condition, scope), _node(branch.args["true"], scope)))
    default = node.args.get("default")
    return choose(pairs, _node(default, scope) if default is not None else None, scope)


def choose(pairs: Sequence[tuple[Value, Value]], default: Value | None, scope: Scope) -> Value:
    """CASE, where only the branch that is taken can be wrong."""
    conditions = [condition for condition, _ in pairs]
    results = [result for _, result in pairs] + ([default] if default is not None else [])
    for condition in conditions:
        _truth(condition)
    fallible = any(part.error is not None or part.warns for part in (*conditions, *results))
    if fallible:
        conditions = [scope.hoist(condition) for condition in conditions]
    arms = " ".join(f"WHEN {c.sql} THEN {r.sql}" for c, r in zip(conditions, results, strict=False))
    tail = f" ELSE {default.sql}" if default is not None else ""
    value = _typed(f"(CASE {arms}{tail} END)", [*conditions, *results], scope)
    value = value.but(nullable=value.nullable or default is None, error=None)
    if value.warns:
        value = _warn_of_the_taken(value, conditions, results, scope)
    if not fallible:
        return value
    steps = []
    for condition, result in zip(conditions, results, strict=False):
        if condition.error is not None:
            steps.append(f"WHEN {condition.error} IS NOT NULL THEN {condition.error}")
        steps.append(f"WHEN {condition.sql} THEN {result.error or 'NULL'}")
    otherwise = default.error if default is not None and default.error is not None else "NULL"
    return value.but(error=f"CASE {' '.join(steps)} ELSE {otherwise} END")


def _warn_of_the_taken(value: Value, conditions: Sequence[Value], results: Sequence[Value], scope: Scope) -> Value:
    """Warnings of branches that are not taken are not told."""
    warns = frozenset().union(*(condition.warns for condition in conditions))
    for index, result in enumerate(results):
        for warning in sorted(result.warns):
            before = " ".join(f"WHEN {condition.sql} THEN NULL" for condition in conditions[:index])
            own = f'WHEN {conditions[index].sql} THEN "{warning}"' if index < len(conditions) else f'ELSE "{warning}"'
            sql = f"(CASE {before} {own} END)" if before or index < len(conditions) else f'"{warning}"'
            told = scope.hoist(Value(sql, "VARCHAR", uses=value.uses, nullable=True))
            warns |= told.inputs
    return value.but(warns=warns, uses=value.uses | warns)


def _coalesce(args: Sequence[Value], scope: Scope) -> Value:
    """An argument can be wrong only where those before it were missing."""
    parts = [scope.hoist(arg) if index < len(args) - 1 else arg for index, arg in enumerate(args)]
    value = _typed(f"coalesce({', '.join(part.sql for part in parts)})", parts, scope)
    error = parts[-1].error
    for part in reversed(parts[:-1]):
        lazy = f"CASE WHEN {part.sql} IS NULL THEN {error} END" if error is not None else None
        error = first_error([part.error, lazy])
    return value.but(error=error, nullable=parts[-1].nullable)


def _call(node: exp.Expression, scope: Scope) -> Value:
    name = str(node.this).lower()
    args = [_node(arg, scope) for arg in node.expressions]
    if name == "coalesce" and args:
        return _coalesce(args, scope)
    if name == "if" and len(args) == 3:
        return choose([(args[0], args[1])], args[2], scope)
    found = LIBRARY.get(name)
    if found is None:
        suggestion = HINTS.get(name) or did_you_mean(name, [*LIBRARY, "coalesce", "if"])
        raise ExpressionError(f"There is no function {name}().", suggestion)
    if len(args) < found.least or (found.most is not None and len(args) > found.most):
        raise ExpressionError(f"{name}() is called with {len(args)} arguments.", f"Write {found.signature}.")
    value = found.build(scope, args)
    return value if value.type else value.but(type=scope.type_of(value.sql, value.uses))


HINTS = {
    "avg": "Use div(total(…), count(…), decimals).",
    "power": "Multiply instead; money is exact here.",
    "pow": "Multiply instead; money is exact here.",
    "sqrt": "It is not exact.",
    "ln": "It is not exact.",
    "sum": "Use total('frame.column').",
    "ifnull": "Use coalesce(a, b).",
    "substring": "Use substr(text, from, n).",
    "concat_ws": "Use concat() or ||.",
    "current_date": "A map gives the same result on every day: use a column.",
    "now": "A map gives the same result on every day: use a column.",
    "random": "A map gives the same result every time.",
}


def _cast(node: exp.Expression, scope: Scope) -> Value:
    wanted = _cast_type(node.args["to"])
    inner = _node(node.this, scope)
    lenient = isinstance(node, exp.TryCast)
    if _always_fits(inner.type, wanted):
        return combine(f"CAST({inner.sql} AS {wanted})", wanted, [inner], calls=False)
    part = scope.hoist(inner)
    value = combine(f"TRY_CAST({part.sql} AS {wanted})", wanted, [part], calls=False)
    scope.type_of(value.sql, value.uses)
    if lenient:
        return value.but(nullable=True)
    site = scope.site("bad_cast", f"“{{0}}” cannot be read as {WORDS.get(wanted, 'a number')}.")
    error = f"CASE WHEN {part.sql} IS NOT NULL AND {value.sql} IS NULL THEN {error_text(site, [part.sql])} END"
    return value.but(error=first_error([part.error, error]))


def _cast_type(to: exp.Expression) -> str:
    kind = to.this.value if hasattr(to.this, "value") else str(to.this)
    parameters = [int(str(parameter.this)) for parameter in to.expressions]
    if kind == "DECIMAL":
        width, scale = (parameters + [0] * (2 - len(parameters)))[:2] if parameters else (0, 0)
        if not parameters or len(parameters) > 2 or not 0 < width <= 38 or not 0 <= scale <= width:
            sentence = "A decimal says how many digits it has, and how many of them are decimals."
            raise ExpressionError(sentence, "Write decimal(19,5).")
        return spell_decimal(width, scale)
    if kind not in CASTS:
        known = f"Use one of {', '.join(sorted(set(CASTS.values())))}."
        hint = "It is not exact: write decimal(19,5)." if kind in ("DOUBLE", "FLOAT") else known
        raise ExpressionError(f"Casting to {kind.lower()} is not allowed.", hint)
    return CASTS[kind]


def _always_fits(given: str, wanted: str) -> bool:
    if (
        given in (wanted, "NULL")
        or wanted == "VARCHAR"
        or (given, wanted) in (("DATE", "TIMESTAMP"), ("TIMESTAMP", "DATE"))
    ):
        return True
    a, b = decimal_parts(given), decimal_parts(wanted)
    return (
        a is not None and b is not None and a[1] <= b[1] and a[0] - a[1] <= b[0] - b[1] and wanted.startswith("DECIMAL")
    )


TRANSLATORS: dict[type, Callable[[exp.Expression, Scope], Value]] = {
    exp.Literal: _literal,
    exp.Boolean: _literal,
    exp.Null: _null,
    exp.Column: _column,
    exp.Paren: _paren,
    exp.Neg: _negative,
    exp.Not: _not,
    exp.Mod: _mod,
    exp.DPipe: _join,
    exp.And: _and_or,
    exp.Or: _and_or,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Anonymous: _call,
}

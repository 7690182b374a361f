"""What becomes of a value that is sent: cast to the target's type, and held where it would lose something."""

from __future__ import annotations

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.functions import first_error
from gp_prestashop.mapping.scope import Finish, FrameScope
from gp_prestashop.mapping.shapes import Column
from gp_prestashop.mapping.values import Value, decimal_parts, error_text, is_decimal, is_integer

__all__ = ["as_let", "as_output"]

WRITTEN = {"VARCHAR": "varchar", "DATE": "date", "TIMESTAMP": "timestamp", "BOOLEAN": "boolean"}


def as_let(scope: FrameScope, name: str, value: Value) -> Value:
    """A let keeps its type; a value that vanished without a reason is an error."""
    return _not_vanished(scope, name, value)


def as_output(column: Column) -> Finish:
    """The finish of an output: the target column's type, length, precision and need of a value."""

    def finish(scope: FrameScope, name: str, value: Value) -> Value:
        value = scope.keep(_not_vanished(scope, name, value))
        value = _cast(scope, column, value)
        if column.required:
            site = scope.site("missing", f"{column.name} must have a value.", "Complete the record, or the map.")
            error = f"CASE WHEN {value.sql} IS NULL THEN {error_text(site)} END"
            value = value.but(error=first_error([value.error, error]))
        return value

    return finish


def _not_vanished(scope: FrameScope, name: str, value: Value) -> Value:
    if not value.calls or value.nullable or not value.inputs:
        return value
    kept = scope.keep(value)
    inputs = sorted(value.inputs - kept.inputs)
    if not inputs:
        return kept
    site = scope.site("null_result", f"{name} comes out empty although everything it is made of has a value.")
    given = " AND ".join(f'"{column}" IS NOT NULL' for column in inputs)
    error = f"CASE WHEN {kept.sql} IS NULL AND {given} THEN {error_text(site)} END"
    return kept.but(error=first_error([kept.error, error]), uses=kept.uses | value.inputs, atomic=False)


def _cast(scope: FrameScope, column: Column, value: Value) -> Value:
    wanted, given = column.type, value.type
    if given == "NULL":
        return value.but(sql=f"CAST(NULL AS {wanted})", type=wanted, atomic=False)
    if wanted == "VARCHAR":
        return _text(scope, column, value)
    numbers = decimal_parts(given), decimal_parts(wanted)
    if numbers[0] is not None and numbers[1] is not None:
        return _number(scope, column, value)
    if given == "BOOLEAN" and is_integer(wanted):
        return value.but(sql=f"CAST({value.sql} AS {wanted})", type=wanted, atomic=False)
    if given == wanted or (given, wanted) == ("DATE", "TIMESTAMP"):
        return value.but(sql=f"CAST({value.sql} AS {wanted})", type=wanted, atomic=False)
    spelled = WRITTEN.get(wanted, wanted.lower())
    raise ExpressionError(f"{column.name} takes {wanted.lower()}, not {given.lower()}.", f"Use cast(… as {spelled}).")


def _text(scope: FrameScope, column: Column, value: Value) -> Value:
    if value.type != "VARCHAR" and not is_integer(value.type):
        raise ExpressionError(
            f"{column.name} takes text, not {value.type.lower()}.", "Use cast(… as varchar) or strftime()."
        )
    if is_integer(value.type):
        value = scope.keep(value.but(sql=f"CAST({value.sql} AS VARCHAR)", type="VARCHAR", atomic=False))
    if column.max_length is None:
        return value
    site = scope.site(
        "too_long",
        f"{column.name} takes {column.max_length} characters, and “{{0}}” has more.",
        f"Shorten it in the record, or cut it with fit(…, {column.max_length}) in the map.",
    )
    error = f"CASE WHEN length({value.sql}) > {column.max_length} THEN {error_text(site, [value.sql])} END"
    return value.but(error=first_error([value.error, error]), atomic=False)


def _number(scope: FrameScope, column: Column, value: Value) -> Value:
    given, wanted = decimal_parts(value.type), decimal_parts(column.type)
    assert given is not None and wanted is not None  # noqa: S101, PT018
    cast = scope.keep(
        value.but(sql=f"TRY_CAST({value.sql} AS {column.type})", type=column.type, error=None, atomic=False)
    )
    result = cast.but(sources=value.sources, uses=cast.uses | value.uses, nullable=value.nullable, atomic=False)
    errors = [value.error]
    fits = (given[0] - given[1] <= wanted[0] - wanted[1] and is_decimal(column.type)) or value.type == column.type
    if not fits:
        site = scope.site("too_large", f"{{0}} is too large for {column.name} ({column.type}).")
        errors.append(
            f"CASE WHEN {value.sql} IS NOT NULL AND {cast.sql} IS NULL THEN {error_text(site, [value.sql])} END"
        )
    if given[1] > wanted[1]:
        site = scope.site(
            "too_precise",
            f"{column.name} takes {wanted[1]} decimals, and {{0}} has more.",
            f"Round it in the map: round(…, {wanted[1]}).",
        )
        errors.append(f"CASE WHEN {cast.sql} <> {value.sql} THEN {error_text(site, [value.sql])} END")
    return result.but(error=first_error(errors), inputs=cast.inputs)

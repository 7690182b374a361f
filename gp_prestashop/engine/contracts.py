"""Contracts: pandera schemas generated from shapes, checked before and after the map.

What the target would truncate or refuse for its form (length, precision, choices, missing fields) is caught here,
for each record by itself. pandas and pandera are imported when first needed: they take longer than most commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem, ResourceShape, SourceRecord

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = ["check_documents", "check_records", "frame_contract"]

_ROW = "__row__"  # position in the list of rows: the index pandera reports


@lru_cache(maxsize=256)
def frame_contract(frame: Frame) -> pa.DataFrameSchema:
    """The pandera schema of one frame; columns that the data does not bring are not asked for."""
    import pandera.pandas as pa

    return pa.DataFrameSchema({column.name: _column_contract(column) for column in frame.columns}, strict=False)


def check_records(shape: ResourceShape, records: Sequence[SourceRecord]) -> list[Problem]:
    """Problems of raw records against the source's contract: the key is there, required fields are not blank."""
    rows = [{c.name: _blank_to_none(r.raw.get(c.name)) for c in shape.main.columns} for r in records]
    required = Frame(shape.main.name, tuple(Column(c.name, required=c.required) for c in shape.main.columns))
    keys = [record.key for record in records]
    problems = [
        _as_problem(keys[row], column, check, value, "source")
        for row, column, check, value in _violations(required, rows)
    ]
    twice = {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    problems += [Problem(key, "duplicate_key", f"The source sent record {key} twice in one answer.") for key in twice]
    return problems


def check_documents(shape: DocumentShape, documents: Sequence[Document]) -> list[Problem]:
    """Problems of mapped documents against the target's contract."""
    problems: list[Problem] = []
    for frame in shape.frames:
        rows, keys = _rows_of(documents, frame.name)
        if rows:
            problems += [
                _as_problem(keys[row], column, check, value, frame.name)
                for row, column, check, value in _violations(frame, rows)
            ]
    return problems


def _rows_of(documents: Iterable[Document], frame: str) -> tuple[list[Mapping[str, Any]], list[str]]:
    rows: list[Mapping[str, Any]] = []
    keys: list[str] = []
    for document in documents:
        for row in document.frames.get(frame, ()):
            rows.append(row)
            keys.append(document.source_key)
    return rows, keys


def _violations(frame: Frame, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str, str, Any]]:
    """(row, column, check, value) of each violation. Columns absent from all rows count as all null."""
    import pandas as pd
    import pandera.errors

    names = [column.name for column in frame.columns if column.required or any(column.name in row for row in rows)]
    wanted = Frame(frame.name, tuple(c for c in frame.columns if c.name in names), frame.path, frame.many)
    data = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names})
    try:
        frame_contract(wanted).validate(data, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples(index=False):
            if case.index is not None and not pd.isna(case.index):
                yield int(case.index), str(case.column), str(case.check), case.failure_case


def _column_contract(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks: list[pa.Check] = []
    if column.max_length is not None:
        checks.append(_element_check(f"at most {column.max_length} characters", _fits(column.max_length)))
    if column.choices:
        checks.append(_element_check(f"one of {', '.join(map(str, column.choices))}", _one_of(column.choices)))
    if column.type.startswith("DECIMAL("):
        precision, scale = (int(part) for part in column.type[8:-1].split(","))
        checks.append(_element_check(f"a number of {precision} digits, {scale} decimals", _decimal(precision, scale)))
    # No dtype: all data comes as objects, and pandera looks for geopandas on the disk each time that it checks one.
    return pa.Column(None, checks=checks, nullable=not column.required, required=column.required, coerce=False)


def _element_check(name: str, test: Any) -> pa.Check:
    import pandera.pandas as pa

    return pa.Check(test, element_wise=True, name=name, error=name)


def _fits(length: int) -> Any:
    return lambda value: len(str(value)) <= length


def _one_of(choices: tuple[str | int, ...]) -> Any:
    return lambda value: value in choices


def _decimal(precision: int, scale: int) -> Any:
    def test(value: Any) -> bool:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        _, digits, exponent = number.normalize().as_tuple()
        if not isinstance(exponent, int):
            return False
        return -exponent <= scale and len(digits) + exponent <= precision - scale

    return test


def _as_problem(key: str, column: str, check: str, value: Any, where: str) -> Problem:
    if check == "not_nullable":
        return Problem(key, "missing", f"{column} is required and empty ({where}).", column=column)
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return Problem(key, "contract", f"{column} must be {check}, and is “{shown}” ({where}).", column=column)


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value

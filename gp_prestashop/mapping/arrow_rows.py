"""Arrow columns from Python values, and back."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["numbers", "ordered", "rows_of", "texts", "values_of"]

FEW = 1000


def texts(values: Sequence[str | None]) -> pa.Array:
    if len(values) > FEW:
        return pa.array(values, pa.string())
    builder = pa.lib.StringBuilder()  # pa.array imports pandas first, which takes longer than all the rest
    builder.append_values(values)
    return builder.finish()


def numbers(values: Sequence[int]) -> pa.Array:
    """As 64 bits."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(array("q", values))])


def ordered(table: pa.Table) -> pa.Table:
    """By record, then row."""
    return table.take(pc.sort_indices(table, [("r", "ascending"), ("i", "ascending")]))


def rows_of(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(values_of(column) for column in table.columns), strict=True)


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """Python's values; a decimal keeps its scale. Decimals and dates, dear to make, are made once each."""
    type_ = column.type
    if not column.num_chunks:
        return []
    if not (pa.types.is_decimal(type_) or pa.types.is_temporal(type_)):
        values: list[Any] = column.to_pylist()
        return values
    encoded = column.combine_chunks().dictionary_encode()
    known: list[Any] = (
        [Decimal(text) for text in encoded.dictionary.cast(pa.string()).to_pylist()]
        if pa.types.is_decimal(type_)
        else encoded.dictionary.to_pylist()
    )
    places = encoded.indices.to_pylist()
    return [None if place is None else known[place] for place in places]

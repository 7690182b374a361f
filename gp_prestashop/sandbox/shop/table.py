"""One resource's rows in memory, with indexes that are kept as rows change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["Row", "Table"]

Row = dict[str, Any]  # field → text or None, i18n fields → {language id: text}, "associations" → {name: [rows]}

_LAST = 1 << 62


class Table:
    """Rows by id. A stored row is never changed in place: a change stores another row."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.ids: list[int] = []
        self._equal: dict[str, dict[str, list[int]]] = {}
        self._ordered: dict[str, list[tuple[str, int]]] = {}
        self._last = 0

    def next_id(self) -> int:
        """As MySQL's auto_increment: a number is used once, even if its row goes."""
        self._last += 1
        return self._last

    def start_after(self, identifier: int) -> None:
        """The next id is above this one, as if rows had been there and gone."""
        self._last = max(self._last, identifier)

    def put(self, row: Row) -> None:
        """Add the row, or replace the one with its id."""
        identifier = int(row["id"])
        old = self.rows.get(identifier)
        self.rows[identifier] = row
        if old is None:
            if not self.ids or identifier > self.ids[-1]:
                self.ids.append(identifier)
            else:
                insort(self.ids, identifier)
            self._last = max(self._last, identifier)
        for field, index in self._equal.items():
            self._move(index, identifier, () if old is None else _keys(old, field), _keys(row, field))
        for field, ordered in self._ordered.items():
            if old is not None:
                ordered.pop(bisect_left(ordered, (_text(old, field), identifier)))
            insort(ordered, (_text(row, field), identifier))

    def remove(self, identifier: int) -> None:
        row = self.rows.pop(identifier)
        self.ids.pop(bisect_left(self.ids, identifier))
        for field, index in self._equal.items():
            self._move(index, identifier, _keys(row, field), ())
        for field, ordered in self._ordered.items():
            ordered.pop(bisect_left(ordered, (_text(row, field), identifier)))

    def having(self, field: str, values: Iterable[str]) -> list[int]:
        """Ids of the rows whose field has one of these values, ascending; ``@categories``: whose association has the id."""
        if field == "id":
            return sorted({int(value) for value in values if value.isdigit() and int(value) in self.rows})
        index = self._equal.get(field)
        if index is None:
            index = self._equal[field] = {}
            for identifier in self.ids:
                for key in _keys(self.rows[identifier], field):
                    index.setdefault(key, []).append(identifier)
        found = [index.get(value, []) for value in set(values)]
        return list(found[0]) if len(found) == 1 else sorted(one for ids in found for one in ids)

    def between(self, field: str, low: str | None, high: str | None, *, inclusive: bool) -> list[int]:
        """Ids of the rows whose text lies in this range; texts compare as they are (dates)."""
        ordered = self._ordered.get(field)
        if ordered is None:
            ordered = self._ordered[field] = sorted((_text(self.rows[i], field), i) for i in self.ids)
        start = 0 if low is None else _from(ordered, low, inclusive=inclusive)
        stop = len(ordered) if high is None else _to(ordered, high, inclusive=inclusive)
        return sorted(identifier for _, identifier in ordered[start:stop])

    def after(self, identifier: int) -> Sequence[int]:
        """Ids above this one, ascending."""
        return self.ids[bisect_right(self.ids, identifier) :]

    def before(self, identifier: int) -> Sequence[int]:
        """Ids below this one, ascending."""
        return self.ids[: bisect_left(self.ids, identifier)]

    def within(self, low: int, high: int) -> Sequence[int]:
        """Ids from ``low`` to ``high``, both included, ascending."""
        return self.ids[bisect_left(self.ids, low) : bisect_right(self.ids, high)]

    @staticmethod
    def _move(index: dict[str, list[int]], identifier: int, old: Sequence[str], new: Sequence[str]) -> None:
        for key in old:
            if key not in new:
                ids = index[key]
                ids.pop(bisect_left(ids, identifier))
        for key in new:
            if key not in old:
                insort(index.setdefault(key, []), identifier)


def _keys(row: Row, field: str) -> tuple[str, ...]:
    """What an index files the row under: its text, or the ids of an association."""
    if not field.startswith("@"):
        return (_text(row, field),)
    return tuple({str(one["id"]) for one in row.get("associations", {}).get(field[1:], [])})


def _from(ordered: list[tuple[str, int]], low: str, *, inclusive: bool) -> int:
    return bisect_left(ordered, (low, 0)) if inclusive else bisect_right(ordered, (low, _LAST))


def _to(ordered: list[tuple[str, int]], high: str, *, inclusive: bool) -> int:
    return bisect_right(ordered, (high, _LAST)) if inclusive else bisect_left(ordered, (high, 0))


def _text(row: Row, field: str) -> str:
    value = row.get(field)
    return "" if value is None else str(value)

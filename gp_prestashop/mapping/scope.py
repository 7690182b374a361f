"""Names: what an expression may call what, in the record, in a mapped frame and in the header."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from gp_prestashop.mapping.aggregates import Aggregates
from gp_prestashop.mapping.catalog import Catalog
from gp_prestashop.mapping.expressions import parse_expression
from gp_prestashop.mapping.flow_errors import DependsOnBrokenError, ExpressionError, did_you_mean
from gp_prestashop.mapping.relation import Relation, Shared
from gp_prestashop.mapping.shapes import Frame
from gp_prestashop.mapping.translate import translate
from gp_prestashop.mapping.values import Value

__all__ = ["REPEATED", "REPETITION", "Definition", "Finish", "FrameScope", "Report"]

REPEATED, REPETITION = "repeated", "repetition"  # the table of numbers, and its column
Report = Callable[[tuple[str | int, ...], str | None, ExpressionError], None]
Finish = Callable[["FrameScope", str, Value], Value]


@dataclass(frozen=True, slots=True)
class Definition:
    """A let or an output: its expression, where it stands in the file, and what is done to its value last."""

    text: str
    path: tuple[str | int, ...]
    is_output: bool
    finish: Finish


class FrameScope(Relation):
    """The rows of one mapped frame (or of the record, when ``record`` is None), with the names in sight.

    ``own`` is the source frame that rows come from; None where there is one row for each record, or ``repeat`` of them.
    """

    def __init__(
        self,
        name: str,
        table: str,
        shared: Shared,
        catalog: Catalog,
        report: Report,
        own: Frame | None = None,
        record: FrameScope | None = None,
        mapped: dict[str, list[FrameScope]] | None = None,
        repeat: int | None = None,
    ) -> None:
        super().__init__(name, shared)
        self.repeat = repeat
        self.fan = repeat or 1
        self.table = table
        self.catalog = catalog
        self.report = report
        self.own = own
        self.record = record
        self.mapped = dict(mapped or {})
        self.definitions: dict[str, Definition] = {}
        self.values: dict[str, Value] = {}
        self.exports: set[str] = set()  # own columns that other relations use
        self.aggregates = Aggregates(self)
        self._broken: set[str] = set()
        self._open: list[str] = []
        if own is not None:
            catalog.touch(own)

    @property
    def frames(self) -> list[Frame]:
        """The source frames whose row each of our rows is in, nearest first; without the main frame."""
        return [self.own, *self.catalog.ancestors(self.own)] if self.own is not None else []

    # Definitions.

    def define(self, name: str) -> Value:
        """The compiled value of a let or output. What is wrong in it is reported once."""
        if name in self.values:
            return self.values[name]
        if name in self._broken:
            raise DependsOnBrokenError(f"{name} is broken.")
        if name in self._open:
            circle = " → ".join([*self._open[self._open.index(name) :], name])
            raise ExpressionError(f"{name} depends on itself: {circle}.")
        definition = self.definitions[name]
        self._open.append(name)
        try:
            with self.owned(f"{self.name}.{name}"):
                value = definition.finish(self, name, translate(parse_expression(definition.text), self))
                self.values[name] = self.keep(value)
        except ExpressionError as error:
            self._broken.add(name)
            if not isinstance(error, DependsOnBrokenError):
                self.report(definition.path, definition.text, error)
            raise DependsOnBrokenError(f"{name} is broken.") from error
        finally:
            self._open.pop()
        return self.values[name]

    @contextmanager
    def owned(self, owner: str) -> Iterator[None]:
        """Cells made meanwhile serve this name."""
        self.owner.append(owner)
        try:
            yield
        finally:
            self.owner.pop()

    # Names.

    def resolve(self, path: tuple[str, ...]) -> Value:
        *prefix, name = path
        return self._qualified(".".join(prefix), name) if prefix else self._plain(name)

    def aggregate(self, kind: Literal["sum", "count", "first", "min", "max"], path: str) -> Value:
        return self.aggregates.value(kind, path)

    def take(self, other: FrameScope, value: Value) -> Value:
        """A column of another relation, joined to our rows."""
        for column in value.uses:
            self.need(other.table, column, self.shared.types[column])
            other.exports.add(column)
        return value

    def _plain(self, name: str) -> Value:
        if name == REPETITION and self.repeat is not None:
            return self.need(REPEATED, REPETITION, "BIGINT").but(inputs=frozenset())
        source = self._source(name)
        if name in self.definitions and self._open[-1:] != [name]:
            if source is not None:
                where = "an output" if self.definitions[name].is_output else "a let"
                raise ExpressionError(
                    f"{name} is both {where} of {self.name} and a column of {source[1]}.",
                    f"Write out.{name} or {'record' if source[1] == self.catalog.resource.name else source[1]}.{name}.",
                )
            return self.define(name)
        if source is not None:
            return source[0]()
        if name in self.definitions:
            return self.define(name)  # says that it depends on itself
        if self.record is not None and name in self.record.definitions:
            return self.take(self.record, self.record.define(name))
        raise ExpressionError(f"There is no {name} here.", did_you_mean(name, self._names()))

    def _qualified(self, prefix: str, name: str) -> Value:
        if prefix == "out":
            if name not in self.definitions:
                raise ExpressionError(f"{self.name} has no {name}.", did_you_mean(name, self.definitions))
            return self.define(name)
        if prefix in ("record", self.catalog.resource.name):
            return self._of_record(name)
        frame = self.catalog.resource.frame(prefix)
        parts = self.mapped.get(prefix, [])
        if frame is not None and (frame in self.frames or self.catalog.is_single(frame)) and frame.column(name):
            return self._frame_column(frame, name)
        if parts and any(name in part.definitions for part in parts):
            return self._of_mapped(prefix, parts, name)
        self._refuse(prefix, name, frame, parts)
        raise AssertionError("unreachable")

    def _refuse(self, prefix: str, name: str, frame: Frame | None, parts: Sequence[FrameScope]) -> None:
        if frame is None and not parts:
            known = ["record", "out", *self.mapped, *(f.name for f in self.catalog.resource.frames)]
            raise ExpressionError(f"There is no frame {prefix} here.", did_you_mean(prefix, known))
        columns = [column.name for column in frame.columns] if frame else []
        columns += [one for part in parts for one in part.definitions]
        if name not in columns:
            raise ExpressionError(f"{prefix} has no {name}.", did_you_mean(name, columns))
        raise ExpressionError(
            f"{prefix} has many rows here, so {prefix}.{name} is no single value.",
            f"Use total('{prefix}.{name}') or first('{prefix}.{name}').",
        )

    def _source(self, name: str) -> tuple[Callable[[], Value], str] | None:
        """How to read a source column of this plain name, and whose it is."""
        for frame in self.frames:
            if frame.column(name):
                return partial(self._frame_column, frame, name), frame.name
        if self.catalog.resource.main.column(name):
            return partial(self.main_column, name), self.catalog.resource.name
        return None

    def _of_record(self, name: str) -> Value:
        if self.catalog.resource.main.column(name):
            return self.main_column(name)
        if self.record is not None and name in self.record.definitions:
            return self.take(self.record, self.record.define(name))
        if self.record is None and name in self.definitions:
            return self.define(name)
        known = [column.name for column in self.catalog.resource.main.columns]
        known += list((self.record or self).definitions)
        raise ExpressionError(f"The record has no {name}.", did_you_mean(name, known))

    def main_column(self, name: str) -> Value:
        """A column of the record itself."""
        if self.record is not None:
            return self.take(self.record, self.record.main_column(name))
        return self.read(self.catalog.resource.main, name)

    def _frame_column(self, frame: Frame, name: str) -> Value:
        if self.record is not None and frame not in self.frames:
            return self.take(self.record, self.record.read(frame, name))
        return self.read(frame, name)

    def read(self, frame: Frame, name: str) -> Value:
        """A column of a source frame whose row is joined to ours."""
        column = frame.column(name)
        if column is None:
            raise ExpressionError(f"{frame.name} has no {name}.")
        table, internal, type_ = self.catalog.use(frame, column)
        return self.need(table, internal, type_, frozenset({f"{frame.name}.{name}"}))

    def _of_mapped(self, prefix: str, parts: Sequence[FrameScope], name: str) -> Value:
        """The mapped row made from the source row that ours is in."""
        if len(parts) != 1 or parts[0].own is None or parts[0].own not in self.frames:
            self._refuse(prefix, name, None, parts)
        value = parts[0].define(name)
        if parts[0].definitions[name].is_output:  # its own frame reports what is wrong with it
            value = value.but(error=None, uses=value.inputs, warns=frozenset())
        return self.take(parts[0], value)

    def _names(self) -> Iterable[str]:
        yield from [REPETITION] if self.repeat is not None else []
        yield from self.definitions
        for frame in [*self.frames, self.catalog.resource.main]:
            yield from (column.name for column in frame.columns)
        if self.record is not None:
            yield from self.record.definitions

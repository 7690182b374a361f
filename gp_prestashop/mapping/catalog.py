"""The source frames that a program reads: which columns it uses, and how frames hang together."""

from __future__ import annotations

from gp_prestashop.mapping.program import SourceTable
from gp_prestashop.mapping.relation import Shared
from gp_prestashop.mapping.shapes import Column, Frame, ResourceShape

__all__ = ["Catalog"]

KINDS = {"DATE": "a date", "TIMESTAMP": "a date and time", "BOOLEAN": "yes or no", "VARCHAR": "text"}


class Catalog:
    """Source frames by name. The main frame is ``s0``; it has the resource's name."""

    def __init__(self, resource: ResourceShape, shared: Shared) -> None:
        self.resource = resource
        self.shared = shared
        self.used: dict[str, dict[str, tuple[str, str, int]]] = {resource.main.name: {}}

    def table(self, frame: Frame) -> str:
        return f"s{self.resource.frames.index(frame)}"

    def use(self, frame: Frame, column: Column) -> tuple[str, str, str]:
        """Table, internal column and type of a source column, which is read from now on."""
        self.touch(frame)
        columns = self.used[frame.name]
        if column.name not in columns:
            kind = KINDS.get(column.type, "a number")
            sentence = f"{column.name} of {frame.name} is “{{0}}”, which is not {kind}."
            site = self.shared.site("bad_value", sentence, "Correct the record where it comes from.")
            columns[column.name] = (f"{self.table(frame)}_{len(columns)}", column.type, site)
        return self.table(frame), *columns[column.name][:2]

    def touch(self, frame: Frame) -> None:
        """The frame's rows are needed, and those of the frames that it is in."""
        for one in (frame, *self.ancestors(frame)):
            self.used.setdefault(one.name, {})

    def ancestors(self, frame: Frame) -> list[Frame]:
        """The frames that this one's rows are inside of, nearest first, without the main frame."""
        found = [
            one
            for one in self.resource.frames
            if one.path and one.path == frame.path[: len(one.path)] and one is not frame
        ]
        return sorted(found, key=lambda one: -len(one.path))

    def is_single(self, frame: Frame) -> bool:
        """At most one row for each record: an object inside the record."""
        return not frame.many and not any(one.many for one in self.ancestors(frame))

    def tables(self) -> list[SourceTable]:
        """All used frames, parents before children."""
        frames = sorted((f for f in self.resource.frames if f.name in self.used), key=lambda f: len(f.path))
        return [self._table(frame) for frame in frames]

    def _table(self, frame: Frame) -> SourceTable:
        above = self.ancestors(frame)
        parent = above[0] if above else self.resource.main
        is_main = frame is self.resource.main
        columns = tuple((name, *used) for name, used in self.used[frame.name].items())
        path = frame.path[len(parent.path) :]
        return SourceTable(self.table(frame), path, None if is_main else self.table(parent), frame.many, columns)

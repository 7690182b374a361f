"""Procedures of the site that flows declare as nodes of a document (``target.nodes``): called like eConnect's own.

They take a parameter ``@I_v<column>`` for each column and the two outputs of every eConnect procedure, so that what they
write stands or falls with the document. What they wrote cannot be read back by us; a change of the document calls them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.reference import Parameter, SqlType
from gp_prestashop.mapping.column_types import declared_column
from gp_prestashop.mapping.model import CustomNode, Flow
from gp_prestashop.mapping.shapes import Column, Document

__all__ = ["CustomNodes"]


@dataclass(frozen=True, slots=True)
class _Node:
    procedure: str
    parameters: dict[str, Parameter]
    after: bool


class CustomNodes:
    """By document and frame."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, str], _Node] = {}

    def declare(self, flow: Flow) -> None:
        for frame, node in flow.target.nodes.items():
            self._nodes[flow.target.document, frame] = _node(node)

    def used(self, document: Document) -> list[str]:
        """Frames of the document that have rows for such procedures."""
        return [frame for type_, frame in self._nodes if type_ == document.type and document.frames.get(frame)]

    def around(self, document: Document, calls: Sequence[Call]) -> list[Call]:
        """The document's calls with those of its nodes before and after."""
        before: list[Call] = []
        after: list[Call] = []
        for frame in self.used(document):
            node = self._nodes[document.type, frame]
            for row in document.frames[frame]:
                given = {name: value for name, value in row.items() if value is not None}
                call = Call(node.procedure, frame, given, node.parameters)
                (after if node.after else before).append(call)
        return [*before, *calls, *after]

    def not_read(self, document: Document, there: Existing) -> Existing:
        """A document with such rows is never known to be the same."""
        if not there.ours or not there.same or not self.used(document):
            return there
        difference = {frame: ("not read", f"{len(document.frames[frame])} rows") for frame in self.used(document)}
        return replace(there, same=False, difference=difference)


def _node(node: CustomNode) -> _Node:
    columns = [declared_column(name, type_) for name, type_ in node.columns.items()]
    parameters = {one.name: Parameter(one.name, _sql_type(one), one.name in node.required) for one in columns}
    return _Node(node.procedure, parameters, node.after)


def _sql_type(column: Column) -> SqlType:
    if column.type == "VARCHAR":
        return SqlType("varchar" if column.max_length else "text", column.max_length)
    if column.type in ("DATE", "TIMESTAMP"):
        return SqlType("datetime")
    if column.type.startswith("DECIMAL"):
        width, scale = (int(part) for part in column.type[8:-1].split(","))
        return SqlType("numeric", width, scale)
    return SqlType({"BOOLEAN": "tinyint", "BIGINT": "bigint"}.get(column.type, "int"))

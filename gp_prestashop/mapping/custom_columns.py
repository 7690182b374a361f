"""Shapes with what a flow declares: fields of shop modules, GP tables and views, a site's own eConnect nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gp_prestashop.mapping.column_types import declared_column
from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.scope import Report
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame, ResourceShape

__all__ = ["declared_document", "declared_resource"]

TABLE = re.compile(r"^[A-Za-z_]\w{0,127}$")


def declared_resource(flow: Flow, known: ResourceShape | None, report: Report) -> ResourceShape | None:
    """The resource with the flow's ``source.columns``; a table or view by its columns and key where it is not known."""
    source = flow.source
    if known is None:
        return _table(flow, report) if source.key and source.columns else None
    if source.key:
        report(("source", "key"), None, ExpressionError(f"{known.name} has its own key, {known.key}."))
    return replace(known, frames=_extended(known.frames, source.columns, ("source", "columns"), report))


def declared_document(flow: Flow, known: DocumentShape, report: Report) -> DocumentShape:
    """The document with the flow's ``target.columns`` and a frame for each of its ``target.nodes``."""
    target = flow.target
    frames = list(_extended(known.frames, target.columns, ("target", "columns"), report))
    for name, node in target.nodes.items():
        if known.frame(name) is not None:
            report(("target", "nodes", name), None, ExpressionError(f"{known.name} has a frame {name} of its own."))
            continue
        missing = [column for column in node.required if column not in node.columns]
        if missing:
            sentence = f"{', '.join(missing)} is required and not among the columns."
            report(("target", "nodes", name, "required"), None, ExpressionError(sentence))
        columns = [declared_column(one, type_) for one, type_ in node.columns.items()]
        frames.append(Frame(name, tuple(replace(one, required=one.name in node.required) for one in columns), (name,)))
    return replace(known, frames=tuple(frames))


def _table(flow: Flow, report: Report) -> ResourceShape | None:
    source = flow.source
    if not TABLE.match(source.resource):
        report(("source", "resource"), None, ExpressionError(f"{source.resource} is no name of a table or view."))
        return None
    for name in source.key:
        if name not in source.columns:
            report(("source", "key"), None, ExpressionError(f"{name} is not among source.columns."))
    columns = tuple(
        replace(declared_column(name, type_), required=name in source.key) for name, type_ in source.columns.items()
    )
    return ResourceShape(
        source.system,
        source.resource,
        "|".join(source.key),
        (Frame(source.resource, columns),),
        changed=source.changed_by,
    )


def _extended(
    frames: Sequence[Frame], declared: Mapping[str, str], path: tuple[str, ...], report: Report
) -> tuple[Frame, ...]:
    """The frames with more columns; a path to a frame that there is not makes one, of a list in the record."""
    found = list(frames)
    for name, type_ in declared.items():
        prefix, _, column = name.rpartition(".")
        place = next((i for i, one in enumerate(found) if one.name == prefix), None) if prefix else 0
        if place is None:
            found.append(Frame(prefix, (), tuple(prefix.split("."))))
            place = len(found) - 1
        new = declared_column(column, type_)
        if (old := found[place].column(column)) is not None:
            if not _alike(old, new):
                sentence = f"{found[place].name} has a {column} of its own, of another type ({old.type.lower()})."
                report((*path, name), None, ExpressionError(sentence, "Leave it out here."))
            continue
        found[place] = replace(found[place], columns=(*found[place].columns, new))
    return tuple(found)


def _alike(old: Column, new: Column) -> bool:
    return old.type == new.type

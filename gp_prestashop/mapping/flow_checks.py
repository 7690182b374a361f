"""The heads of a flow against the shapes: its resource, its document, its key, its partitions and needs."""

from __future__ import annotations

from collections.abc import Mapping

from gp_prestashop.mapping.flow_errors import ExpressionError, did_you_mean
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.scope import Report
from gp_prestashop.mapping.shapes import DocumentShape, ResourceShape

__all__ = ["check_heads"]


def check_heads(
    flow: Flow, resources: Mapping[str, ResourceShape], documents: Mapping[str, DocumentShape], report: Report
) -> None:
    """Report everything outside the expressions that the shapes do not know."""
    resource = resources.get(flow.source.resource)
    if resource is None:
        _unknown(("source", "resource"), "a resource", flow.source.resource, resources, report)
    else:
        if flow.source.system != resource.system:
            _unknown(("source", "system"), "the system of this resource", flow.source.system, [resource.system], report)
        _check_columns(flow, resource, report)
    document = documents.get(flow.target.document)
    if document is None:
        _unknown(("target", "document"), "a document", flow.target.document, documents, report)
    else:
        if flow.target.system != document.system:
            _unknown(("target", "system"), "the system of this document", flow.target.system, [document.system], report)
        if flow.target.key not in document.key:
            _unknown(("target", "key"), f"a key of {document.name}", flow.target.key, document.key, report)
        for name in flow.target.owns:
            if name not in flow.map.header.columns:
                _unknown(("target", "owns"), "a column of the header's map", name, flow.map.header.columns, report)
        if flow.target.key in document.key and flow.target.key not in flow.map.header.columns:
            report(
                ("map", "header"), None, ExpressionError(f"The header must map {flow.target.key}, the document's key.")
            )
        _check_frames(flow, document, report)


def _check_columns(flow: Flow, resource: ResourceShape, report: Report) -> None:
    main = [column.name for column in resource.main.columns]
    if flow.source.changed_by is not None and flow.source.changed_by not in main:
        _unknown(("source", "changed_by"), f"a column of {resource.name}", flow.source.changed_by, main, report)
    if flow.partitions is not None and flow.partitions.by is not None:
        columns = [*main, *(f"{frame.name}.{column.name}" for frame in resource.frames[1:] for column in frame.columns)]
        if flow.partitions.by not in columns:
            _unknown(("partitions", "by"), f"a column of {resource.name}", flow.partitions.by, main, report)
    elif flow.partitions is not None and flow.partitions.daily not in main:
        _unknown(("partitions", "daily"), f"a column of {resource.name}", str(flow.partitions.daily), main, report)
    for needed, paths in flow.needs.items():
        for path in [paths] if isinstance(paths, str) else paths:
            prefix, _, name = path.rpartition(".")
            frame = resource.frame(prefix) if prefix else resource.main
            if frame is None:
                _unknown(
                    ("needs", needed), f"a frame of {resource.name}", prefix, [f.name for f in resource.frames], report
                )
            elif frame.column(name) is None:
                _unknown(("needs", needed), f"a column of {frame.name}", name, [c.name for c in frame.columns], report)


def _check_frames(flow: Flow, document: DocumentShape, report: Report) -> None:
    names = [frame.name for frame in document.frames]
    for name in flow.map.frames:
        if name not in names or name == "header":
            _unknown(("map", name), f"a frame of {document.name}", name, names[1:], report)
    for index, check in enumerate(flow.check):
        if check.frame != "header" and check.frame not in flow.map.frames:
            known = ["header", *flow.map.frames]
            _unknown(("check", index, "frame"), "a frame that is mapped", check.frame, known, report)


def _unknown(path: tuple[str | int, ...], what: str, name: str, known: object, report: Report) -> None:
    names = [str(one) for one in known]  # type: ignore[attr-defined]
    suggestion = did_you_mean(name, names) or (f"Known: {', '.join(names)}." if 0 < len(names) < 30 else "")
    report(path, None, ExpressionError(f"{name} is not {what}.", suggestion))

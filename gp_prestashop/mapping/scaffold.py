"""First drafts of flow files and overlays: complete enough to be valid, commented enough to be gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gp_prestashop.mapping.schema import FLOW_TYPE, OVERLAY_TYPE
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame, ResourceShape
from gp_prestashop.mapping.values import decimal_parts

__all__ = ["SCHEMA_FILE", "new_flow", "new_overlay"]

SCHEMA_FILE = ".schema.json"  # beside the flow, made by the same command
EDITOR = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"


def new_flow(name: str, resource: ResourceShape, document: DocumentShape, key: str) -> str:
    """A flow that is switched off and maps what the document cannot do without, each by a column of the same name where
    the source has one."""
    header, *frames = document.frames
    wanted = [column for column in header.columns if column.required or column.name == key]
    lines = [
        *_comment(f"{resource.name} of {resource.system} to {document.name} of {document.system}."),
        *_comment("Columns to map from: " + ", ".join(column.name for column in resource.main.columns)),
        *(line for frame in resource.frames[1:] for line in _source_frame(frame)),
        f"type: {FLOW_TYPE}",
        "attributes:",
        f"  name: {name}",
        f"  title: {resource.name} to {document.name}",
        "  enabled: false  # true once the map is complete",
        f"  source: {{system: {resource.system}, resource: {resource.name}{_changed(resource)}}}",
        *([f"  partitions: {{daily: {resource.created}}}"] if resource.created else []),
        "  # accept:",
        '  #   wanted: {assert: "…", because: "why all others are left out"}',
        f"  target: {{system: {document.system}, document: {document.name}, key: {key}}}",
        "  map:",
        *(line for frame in frames for line in _target_frame(frame)),
        "    header:",
        *(f"      {column.name}: {_draft(column, resource)}{_hint(column)}" for column in wanted),
        *_comment("    More columns: " + ", ".join(c.name for c in header.columns if c not in wanted), "      "),
        "  triggers: {poll: 5m}",
    ]
    return EDITOR + "\n".join(lines) + "\n"


def new_overlay(flow: str, parts: Sequence[str]) -> str:
    """An overlay that changes nothing yet."""
    lines = [
        *_comment(
            f"What differs from the shipped flow {flow}; only that. gp-prestashop flows show {flow} prints the whole."
        ),
        f"type: {OVERLAY_TYPE}",
        "attributes:",
        f"  flow: {flow}",
        "  # off: [check.some_code]",
        *_comment(
            "What can be switched off, beside columns (map.header.COMMENT) and frames (map.taxes): "
            + ", ".join(one for one in parts if not one.startswith("map.")),
            "  ",
        ),
        "  map:",
        "    header: {}",
    ]
    return EDITOR + "\n".join(lines) + "\n"


def _changed(resource: ResourceShape) -> str:
    return f", changed_by: {resource.changed}" if resource.changed else ""


def _source_frame(frame: Frame) -> Iterator[str]:
    yield from _comment(f"Rows of {frame.name}: " + ", ".join(column.name for column in frame.columns))


def _target_frame(frame: Frame) -> Iterator[str]:
    needed = [column.name for column in frame.columns if column.required]
    yield f"    # {frame.name}:"
    yield "    #   from: record  # or rows of the source"
    yield from (f'    #   {name}: "…"' for name in needed)


def _draft(column: Column, resource: ResourceShape) -> str:
    alike = next((one for one in resource.main.columns if one.name.lower() == column.name.lower()), None)
    if alike is None:
        return '"null"'
    numbers = decimal_parts(alike.type) is not None and decimal_parts(column.type) is not None
    same = alike.type == column.type or numbers or (column.type == "VARCHAR" and decimal_parts(alike.type) is not None)
    return f'"{alike.name}"' if same else f'"cast({alike.name} as {column.type.lower()})"'


def _hint(column: Column) -> str:
    size = f"at most {column.max_length} characters" if column.max_length else column.type.lower()
    return "  # " + "; ".join(part for part in (column.title, size) if part)


def _comment(text: str, indent: str = "") -> Iterator[str]:
    """Lines of a comment, not longer than an editor shows."""
    line = ""
    for word in text.split():
        if line and len(indent) + len(line) + len(word) > 118:
            yield f"{indent}# {line}"
            line = ""
        line = f"{line} {word}".strip()
    yield f"{indent}# {line}"

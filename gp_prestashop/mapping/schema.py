"""JSON schemas of flow files and overlays, for editors: completion, descriptions, red underlines.

The general ones are shipped as ``schemas/*.json``; with a resource and a document at hand the schema also knows the
columns that the map may name.
"""

from __future__ import annotations

import copy
from typing import Any

from gp_prestashop.mapping.model import EXPRESSION_SCHEMA, Flow
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame, ResourceShape

__all__ = ["FLOW_TYPE", "OVERLAY_TYPE", "flow_json_schema", "overlay_json_schema"]

FLOW_TYPE = "gp_prestashop.Flow"
OVERLAY_TYPE = "gp_prestashop.Overlay"


def flow_json_schema(resource: ResourceShape | None = None, document: DocumentShape | None = None) -> dict[str, Any]:
    """JSON schema of a whole flow file."""
    inner = Flow.model_json_schema(by_alias=True, mode="validation")
    definitions = inner.pop("$defs")
    if document is not None:
        definitions["FlowMap"] = _map_schema(definitions, resource, document)
    return _file("flow", FLOW_TYPE, inner, definitions)


def overlay_json_schema(resource: ResourceShape | None = None, document: DocumentShape | None = None) -> dict[str, Any]:
    """JSON schema of an overlay: the same keys, none of them required, and what only overlays have."""
    whole = flow_json_schema(resource, document)
    definitions = {name: _optional(schema) for name, schema in whole["$defs"].items()}
    for name in ("HoldRule", "WithdrawRule", "Check"):
        definitions[name]["required"] = ["code"]
    inner = _optional(whole["properties"]["attributes"])
    inner["description"] = "What differs from the shipped flow."
    inner["properties"] = {
        "flow": {"type": "string", "description": "The flow that this changes"},
        "off": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Parts that are switched off: map.lines.COMMNTID, check.totals, hold.overpayment",
        },
        "base": {
            "type": "object",
            "additionalProperties": {"type": ["string", "null"]},
            "description": "What the shipped flow said when this was written; kept by gp-prestashop flows diff --accept",
        },
        **{name: one for name, one in inner["properties"].items() if name != "name"},
    }
    inner["required"] = ["flow"]
    return _file("overlay", OVERLAY_TYPE, inner, definitions)


def _file(what: str, type_: str, inner: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"gp_prestashop {what}",
        "type": "object",
        "properties": {"type": {"const": type_}, "attributes": inner},
        "required": ["type", "attributes"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: copy.deepcopy(value) for key, value in schema.items() if key != "required"}


def _map_schema(definitions: dict[str, Any], resource: ResourceShape | None, document: DocumentShape) -> dict[str, Any]:
    """The map with the document's frames and columns by name, and nothing else."""
    header, *frames = document.frames
    either = {}
    for frame in frames:
        part = _part_schema(definitions["FramePart"], frame)
        if resource is not None:
            sources = ["record", *(one.name for one in resource.frames if one.path)]
            part["properties"]["from"] = {"enum": sources, "description": "The rows that this frame's come from"}
        either[frame.name] = {"anyOf": [part, {"type": "array", "items": part}]}
    found = dict(definitions["FlowMap"])
    found["properties"] = {
        "let": definitions["FlowMap"]["properties"]["let"],
        "header": _part_schema(definitions["MapPart"], header),
        **either,
    }
    found["additionalProperties"] = False
    return found


def _part_schema(part: dict[str, Any], frame: Frame) -> dict[str, Any]:
    schema = copy.deepcopy(part)
    schema["properties"] |= {
        column.name: {**EXPRESSION_SCHEMA, "description": _told(column)} for column in frame.columns
    }
    schema["additionalProperties"] = False
    return schema


def _told(column: Column) -> str:
    """``Customer name; text, at most 65 characters; required``."""
    kind = {"VARCHAR": "text"}.get(column.type, column.type.lower())
    length = f", at most {column.max_length} characters" if column.max_length else ""
    choices = f"one of {', '.join(map(str, column.choices))}" if column.choices else ""
    parts = [column.title, f"{kind}{length}", choices, "required" if column.required else ""]
    return "; ".join(part for part in parts if part)

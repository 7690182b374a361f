"""First drafts of flows and overlays as files, each with the schema that editors complete it with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gp_prestashop.engine.protocols import Source, Target
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.flow_errors import did_you_mean
from gp_prestashop.mapping.loader import FLOW_FILE, LoadedFlow
from gp_prestashop.mapping.overlay import OVERLAY_FILE, part_names
from gp_prestashop.mapping.scaffold import SCHEMA_FILE, new_flow, new_overlay
from gp_prestashop.mapping.schema import flow_json_schema, overlay_json_schema
from gp_prestashop.mapping.shapes import DocumentShape, ResourceShape

__all__ = ["write_flow_draft", "write_overlay_draft"]


def write_flow_draft(
    folder: Path,
    name: str,
    ends: tuple[str, str, str | None],
    sources: Mapping[str, Source],
    targets: Mapping[str, Target],
) -> Path:
    """``ends``: system.resource, system.document, and the key where the document has several. Raises ConfigError."""
    source, target, key = ends
    resources = {f"{system}.{one}": shape for system, s in sources.items() for one, shape in s.resources().items()}
    documents = {f"{system}.{one}": shape for system, t in targets.items() for one, shape in t.documents().items()}
    resource: ResourceShape = _chosen("The source", source, resources)
    document: DocumentShape = _chosen("The target", target, documents)
    if key is not None and key not in document.key:
        raise ConfigError(
            "bad_option", f"{document.name} has no key {key}.", remedy=f"Its keys: {', '.join(document.key)}"
        )
    chosen = key or ("id" if "id" in document.key else document.key[-1])
    text = new_flow(name, resource, document, chosen)
    return _write(folder, FLOW_FILE, text, flow_json_schema(resource, document))


def write_overlay_draft(
    folder: Path, loaded: LoadedFlow, sources: Mapping[str, Source], targets: Mapping[str, Target]
) -> Path:
    """An overlay of this flow that changes nothing yet. Raises ConfigError."""
    flow, schema = loaded.flow, overlay_json_schema()
    if flow is not None and flow.source.system in sources and flow.target.system in targets:
        schema = overlay_json_schema(
            sources[flow.source.system].resources().get(flow.source.resource),
            targets[flow.target.system].documents().get(flow.target.document),
        )
    names = list(part_names(loaded.template)) if loaded.template is not None else []
    return _write(folder, OVERLAY_FILE, new_overlay(loaded.name, names), schema)


def _chosen(what: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        remedy = did_you_mean(name, known) or f"Choose from: {', '.join(sorted(known))}."
        raise ConfigError("bad_option", f"{what} {name or '(nothing)'} is not known.", remedy=remedy)
    return known[name]


def _write(folder: Path, name: str, text: str, schema: Mapping[str, Any]) -> Path:
    path = folder / name
    if path.exists():
        raise ConfigError("file_exists", f"{path} is there already.", remedy="Edit it, or remove it first.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (folder / SCHEMA_FILE).write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path

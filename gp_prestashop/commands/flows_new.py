"""``flows new`` and ``flows schema``: first drafts of flows and overlays, and what editors complete them with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gp_prestashop.commands.output import console, explained_errors, print_json
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.flow_errors import did_you_mean
from gp_prestashop.mapping.loader import FLOW_FILE
from gp_prestashop.mapping.overlay import OVERLAY_FILE, part_names
from gp_prestashop.mapping.scaffold import SCHEMA_FILE, new_flow, new_overlay
from gp_prestashop.mapping.schema import flow_json_schema, overlay_json_schema
from gp_prestashop.mapping.shapes import DocumentShape, ResourceShape
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import Wired, connect

__all__ = ["new_command", "schema_command"]

Overlay = Annotated[bool, typer.Option("--overlay", help="An overlay of the flow of this name.")]


def new_command(
    name: Annotated[str, typer.Argument(help="The new flow's name; with --overlay the flow to be changed.")],
    source: Annotated[str, typer.Option("--from", help="system.resource, for example prestashop.customers.")] = "",
    target: Annotated[str, typer.Option("--to", help="system.document, for example gp.customer.")] = "",
    key: Annotated[str | None, typer.Option(help="The document's key column, where it has several.")] = None,
    *,
    overlay: Overlay = False,
) -> None:
    """Write the first draft of a flow, or of an overlay, into $GPPS_HOME/flows, with the schema for your editor."""
    with explained_errors():
        settings = load_settings()
        wired = connect(settings)
        folder = settings.home / "flows" / name
        if overlay:
            path = _draft_overlay(wired, folder, name)
        else:
            path = _draft_flow(wired, folder, name, source, target, key)
        console.print(f"{path}", soft_wrap=True, markup=False)
        console.print("Next: edit it, then gp-prestashop flows validate.")


def schema_command(
    flow: Annotated[str | None, typer.Argument(help="A flow, whose columns the schema shall know.")] = None,
    *,
    overlay: Annotated[bool, typer.Option("--overlay", help="The schema of overlays.")] = False,
) -> None:
    """The JSON schema of flow files or overlays, for editors."""
    with explained_errors():
        make = overlay_json_schema if overlay else flow_json_schema
        if flow is None:
            print_json(make())
            return
        wired = connect(load_settings())
        if flow not in wired.flows:
            raise ConfigError("unknown_flow", f"There is no working flow named {flow}.", remedy="See: flows list.")
        print_json(make(wired.flows[flow].resource, wired.flows[flow].document))


def _draft_overlay(wired: Wired, folder: Path, name: str) -> Path:
    loaded = next((one for one in wired.loaded if one.name == name), None)
    if loaded is None or loaded.template is None:
        known = did_you_mean(name, [one.name for one in wired.loaded])
        raise ConfigError("unknown_flow", f"There is no flow named {name}.", remedy=known or "See: flows list.")
    flow = loaded.flow
    schema = overlay_json_schema()
    if flow is not None and flow.target.system in wired.targets:
        schema = overlay_json_schema(
            wired.sources[flow.source.system].resources().get(flow.source.resource),
            wired.targets[flow.target.system].documents().get(flow.target.document),
        )
    return _write(folder, OVERLAY_FILE, new_overlay(name, list(part_names(loaded.template))), schema)


def _draft_flow(wired: Wired, folder: Path, name: str, source: str, target: str, key: str | None) -> Path:
    if any(loaded.name == name for loaded in wired.loaded):
        raise ConfigError("flow_exists", f"A flow named {name} is there already.", remedy="Use --overlay to change it.")
    resources = {
        f"{system}.{one}": shape for system, s in wired.sources.items() for one, shape in s.resources().items()
    }
    documents = {
        f"{system}.{one}": shape for system, t in wired.targets.items() for one, shape in t.documents().items()
    }
    resource: ResourceShape = _chosen("--from", source, resources)
    document: DocumentShape = _chosen("--to", target, documents)
    if key is not None and key not in document.key:
        raise ConfigError(
            "bad_option", f"{document.name} has no key {key}.", remedy=f"Its keys: {', '.join(document.key)}"
        )
    text = new_flow(name, resource, document, key or document.key[-1])
    return _write(folder, FLOW_FILE, text, flow_json_schema(resource, document))


def _chosen(option: str, name: str, known: dict[str, Any]) -> Any:
    if name not in known:
        remedy = did_you_mean(name, known) or f"Choose from: {', '.join(sorted(known))}."
        raise ConfigError("bad_option", f"{option} {name or '(nothing)'} is not known.", remedy=remedy)
    return known[name]


def _write(folder: Path, name: str, text: str, schema: dict[str, Any]) -> Path:
    path = folder / name
    if path.exists():
        raise ConfigError("file_exists", f"{path} is there already.", remedy="Edit it, or remove it first.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (folder / SCHEMA_FILE).write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path

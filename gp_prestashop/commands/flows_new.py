"""``flows new`` and ``flows schema``: first drafts of flows and overlays, and what editors complete them with."""

from __future__ import annotations

from typing import Annotated

import typer

from gp_prestashop.commands.output import console, explained_errors, print_json
from gp_prestashop.drafts import write_flow_draft, write_overlay_draft
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.flow_errors import did_you_mean
from gp_prestashop.mapping.schema import flow_json_schema, overlay_json_schema
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect

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
        loaded = next((one for one in wired.loaded if one.name == name), None)
        if overlay and (loaded is None or loaded.template is None):
            known = did_you_mean(name, [one.name for one in wired.loaded])
            raise ConfigError("unknown_flow", f"There is no flow named {name}.", remedy=known or "See: flows list.")
        if loaded is not None and not overlay:
            raise ConfigError(
                "flow_exists", f"A flow named {name} is there already.", remedy="Use --overlay to change it."
            )
        if loaded is not None:
            path = write_overlay_draft(folder, loaded, wired.sources, wired.targets)
        else:
            path = write_flow_draft(folder, name, (source, target, key), wired.sources, wired.targets)
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

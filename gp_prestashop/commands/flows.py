"""``flows list|show|validate``: flows as they are loaded, and what is wrong with the broken ones."""

from __future__ import annotations

from typing import Annotated

import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect

__all__ = ["app"]

app = typer.Typer(help="Flows: what moves, from where to where, by which map.", no_args_is_help=True)


@app.command("list")
def list_flows(*, as_json: Json = False) -> None:
    """All flows, the broken ones as well."""
    with explained_errors():
        wired = connect(load_settings())
        rows = [
            (f.name, f"{f.resource.system}.{f.resource.name}", f"{f.document.system}.{f.document.name}", "ready")
            for f in wired.flows.values()
        ] + [(b.name, "", "", f"broken: {b.errors[0]}") for b in wired.broken]
        if as_json:
            print_json([dict(zip(("name", "source", "target", "state"), row, strict=True)) for row in rows])
        else:
            print_table("flows", ["flow", "from", "to", "state"], rows)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A flow's name.")],
    *,
    lineage: Annotated[
        bool, typer.Option("--lineage", help="Each target column and the source columns it comes from.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One flow: its file, or its column lineage."""
    with explained_errors():
        wired = connect(load_settings())
        if name not in wired.flows:
            raise ConfigError(
                "unknown_flow", f"There is no working flow named {name}.", remedy="See: gp-prestashop flows list."
            )
        flow = wired.flows[name]
        if lineage:
            columns = flow.compiled.lineage()
            if as_json:
                print_json({column: list(sources) for column, sources in columns.items()})
            else:
                print_table(f"{name}: lineage", ["target", "source"], [(c, ", ".join(s)) for c, s in columns.items()])
        elif as_json:
            print_json(flow.flow.model_dump(mode="json", by_alias=True, exclude_none=True))
        else:
            console.print((wired.path_of(name)).read_text(encoding="utf-8"), markup=False)


@app.command()
def validate(*, as_json: Json = False) -> None:
    """Read and compile every flow; exit code 1 when one is broken."""
    with explained_errors():
        wired = connect(load_settings())
        errors = [(loaded.name, str(error)) for loaded in wired.broken for error in loaded.errors]
        if as_json:
            print_json(
                {"ok": not errors, "flows": list(wired.flows), "errors": [{"flow": f, "error": e} for f, e in errors]}
            )
        else:
            for flow, error in errors:
                console.print(f"[red]{flow}[/]: {error}", soft_wrap=True)
            console.print(f"{len(wired.flows)} flows are valid, {len(wired.broken)} broken.")
        if errors:
            raise typer.Exit(1)

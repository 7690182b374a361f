"""``flows list|show|validate|diff|new|schema``: flows as they are loaded, and what is wrong with the broken ones."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from gp_prestashop.commands.flows_new import new_command, schema_command
from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.loader import LoadedFlow
from gp_prestashop.mapping.three_way import Change, changes, with_base
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import Wired, connect

__all__ = ["app"]

app = typer.Typer(help="Flows: what moves, from where to where, by which map.", no_args_is_help=True)
app.command("new")(new_command)
app.command("schema")(schema_command)

Name = Annotated[str, typer.Argument(help="A flow's name.")]


@app.command("list")
def list_flows(*, as_json: Json = False) -> None:
    """All flows: those that run, those that are switched off, the broken ones."""
    with explained_errors():
        wired = connect(load_settings())
        rows = [
            (
                f.name,
                f"{f.resource.system}.{f.resource.name}",
                f"{f.document.system}.{f.document.name}",
                "ready" + _overlaid(_loaded(wired, f.name)),
            )
            for f in wired.flows.values()
        ]
        for loaded in wired.off:
            flow = loaded.flow
            if flow is not None:
                ends = (f"{flow.source.system}.{flow.source.resource}", f"{flow.target.system}.{flow.target.document}")
                rows.append((loaded.name, *ends, f"off, broken: {loaded.errors[0]}" if loaded.errors else "off"))
        rows += [(b.name, "", "", f"broken: {b.errors[0]}") for b in wired.broken]
        if as_json:
            print_json([dict(zip(("name", "source", "target", "state"), row, strict=True)) for row in rows])
        else:
            print_table("flows", ["flow", "from", "to", "state"], rows)


@app.command()
def show(
    name: Name,
    *,
    lineage: Annotated[
        bool, typer.Option("--lineage", help="Each target column, its expression, the source columns it comes from.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One flow with its overlays: the whole of it, or its column lineage."""
    with explained_errors():
        wired = connect(load_settings())
        loaded = _loaded(wired, name)
        if lineage:
            _show_lineage(wired, name, as_json=as_json)
        elif as_json and loaded.flow is not None:
            print_json(loaded.flow.model_dump(mode="json", by_alias=True, exclude_none=True))
        else:
            for path in (loaded.path, *(overlay.path for overlay in loaded.overlays)):
                console.print(f"[bold]{escape(str(path))}[/]", soft_wrap=True)
                console.print(path.read_text(encoding="utf-8"), markup=False)


@app.command()
def validate(*, as_json: Json = False) -> None:
    """Read and compile every flow; exit code 1 when one is broken. Fields that changed on both sides are warned of."""
    with explained_errors():
        wired = connect(load_settings())
        errors = [(loaded.name, str(error)) for loaded in wired.broken for error in loaded.errors]
        warnings = [(loaded.name, _warning(change)) for loaded in wired.loaded for change in _conflicts(loaded)]
        warnings += [(loaded.name, f"(off) {error}") for loaded in wired.off for error in loaded.errors]
        if as_json:
            print_json(
                {
                    "ok": not errors,
                    "flows": list(wired.flows),
                    "off": [loaded.name for loaded in wired.off],
                    "errors": [{"flow": f, "error": e} for f, e in errors],
                    "warnings": [{"flow": f, "warning": w} for f, w in warnings],
                }
            )
        else:
            for flow, error in errors:
                console.print(f"[red]{escape(flow)}[/]: {escape(error)}", soft_wrap=True)
            for flow, warning in warnings:
                console.print(f"[yellow]{escape(flow)}[/]: {escape(warning)}", soft_wrap=True)
            off = f", {len(wired.off)} off" if wired.off else ""
            console.print(f"{len(wired.flows)} flows are valid{off}, {len(wired.broken)} broken.")
        if errors:
            raise typer.Exit(1)


@app.command()
def diff(
    name: Annotated[str | None, typer.Argument(help="A flow's name; all flows that have overlays without it.")] = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Note in the overlays what the shipped flow says now.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What overlays change, against what the shipped flow said when they were written and says now; exit code 1 on a
    field that changed on both sides."""
    with explained_errors():
        wired = connect(load_settings())
        flows = [_loaded(wired, name)] if name else [loaded for loaded in wired.loaded if loaded.overlays]
        if accept:
            flows = [_accepted(loaded) for loaded in flows]
        found = {loaded.name: changes(loaded) for loaded in flows}
        if as_json:
            print_json([{"flow": flow, **_as_json(change)} for flow, some in found.items() for change in some])
        else:
            _print_changes(found)
        if any(change.state == "conflict" for some in found.values() for change in some):
            raise typer.Exit(1)


def _accepted(loaded: LoadedFlow) -> LoadedFlow:
    """The same flow, its overlays written anew with their base."""
    from gp_prestashop.mapping.loader import load_flow

    for overlay in loaded.overlays:
        if overlay.errors:
            raise ConfigError("overlay_broken", str(overlay.errors[0]))
        text = with_base(overlay, loaded)
        temporary = overlay.path.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(overlay.path)
    return load_flow(loaded.path, [overlay.path for overlay in loaded.overlays])


def _loaded(wired: Wired, name: str) -> LoadedFlow:
    for loaded in wired.loaded:
        if loaded.name == name:
            return loaded
    raise ConfigError("unknown_flow", f"There is no flow named {name}.", remedy="See: gp-prestashop flows list.")


def _show_lineage(wired: Wired, name: str, *, as_json: bool) -> None:
    if name not in wired.flows:
        raise ConfigError(
            "flow_not_ready", f"{name} does not run, so it has no lineage.", remedy="See: flows validate."
        )
    flow = wired.flows[name]
    told = flow.compiled.expressions()
    rows = [(column, told.get(column, ""), list(sources)) for column, sources in flow.compiled.lineage().items()]
    if as_json:
        print_json({column: {"expression": text, "sources": sources} for column, text, sources in rows})
    else:
        shown = [(column, text, ", ".join(sources)) for column, text, sources in rows]
        print_table(f"{name}: lineage", ["target", "expression", "source"], shown)


def _conflicts(loaded: LoadedFlow) -> list[Change]:
    return [change for change in changes(loaded) if change.state == "conflict"] if loaded.flow is not None else []


def _overlaid(loaded: LoadedFlow) -> str:
    if not loaded.overlays:
        return ""
    conflicts = len(_conflicts(loaded))
    return ", overlaid" + (f", {conflicts} changed on both sides (flows diff {loaded.name})" if conflicts else "")


def _warning(change: Change) -> str:
    return f"{change.file}:{change.line}: {change.sentence()}"


def _print_changes(found: dict[str, list[Change]]) -> None:
    if not any(found.values()):
        console.print("No overlay changes anything.")
    colours = {"conflict": "red", "unrecorded": "yellow", "same": "dim"}
    for flow, some in found.items():
        if some:
            console.print(f"[bold]{flow}[/]")
        for change in some:
            colour = colours.get(change.state, "default")
            console.print(f"  [{colour}]{change.state}[/] ", end="", soft_wrap=True)
            console.print(f"{_warning(change)}", markup=False, soft_wrap=True)
    if any(change.state == "unrecorded" for some in found.values() for change in some):
        console.print("gp-prestashop flows diff --accept records what the shipped flows say now.")


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "part": change.part,
        "state": change.state,
        "then": change.base,
        "now": change.template,
        "overlay": change.overlay,
        "file": str(change.file),
        "line": change.line,
    }

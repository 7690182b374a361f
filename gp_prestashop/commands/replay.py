"""``replay FLOW``: the map as it is and as it would be, over recorded records, with the difference."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.replay import Difference, Outcome, Replay, replay
from gp_prestashop.engine.stand_ins import StandIns
from gp_prestashop.errors import ConfigError
from gp_prestashop.flow_settings import FlowSettings
from gp_prestashop.mapping.loader import LoadedFlow, load_flow
from gp_prestashop.mapping.overlay import read_overlay
from gp_prestashop.mapping.references import CachedReferences, References
from gp_prestashop.mapping.schema import FLOW_TYPE
from gp_prestashop.mapping.shapes import SourceRecord
from gp_prestashop.mapping.yaml_file import UnreadableError, read_yaml
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import Wired, connect, database

__all__ = ["replay_command"]

STATES = ("pending", "held", "delivered", "ignored", "dead", "in_doubt")
PAGE = 500
SHOWN = 20  # documents in full


def replay_command(
    flow: Annotated[str, typer.Argument(help="A flow's name.")],
    overlay: Annotated[
        list[Path], typer.Option(help="The overlay to try in place of the site's own (or a whole flow file).")
    ],
    last: Annotated[int, typer.Option(min=1, help="How many recorded records, the newest by their keys.")] = 1000,
    *,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask neither the shop nor GP: look-up lists stand in for themselves.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the map as it is with the map as it would be, over records that the ledger holds.

    Shows which documents, fields and amounts would differ. Nothing is written; look-up lists are read as they are now.
    """
    with explained_errors():
        settings = load_settings()
        wired = connect(settings)
        if flow not in wired.flows:
            raise ConfigError("unknown_flow", f"There is no working flow named {flow}.", remedy="See: flows list.")
        values = FlowSettings(settings, wired.target).without_target() if offline else None
        old, new = changed_flow(wired, flow, None, values), changed_flow(wired, flow, overlay, values)
        with database(settings) as url:
            engine = wired.engine(url)
            try:
                references = engine.parts.references
                stand_ins = StandIns(references, wired.lists, ("ledger", "unseen"))
                asked: References = CachedReferences(stand_ins if offline else references)
                result = replay(old, new, recorded(engine, flow, last), asked)
            finally:
                engine.parts.ledger.close()
        if as_json:
            print_json({**result.as_json(), "stand_ins": list(stand_ins.used)})
        else:
            _print(flow, result, list(stand_ins.used))


def changed_flow(
    wired: Wired, name: str, files: Sequence[Path] | None, values: Mapping[str, str] | None = None
) -> EngineFlow:
    """The flow with these overlays in place of its own (None: as it is), compiled. Raises ConfigError with all that is
    wrong."""
    loaded = next(one for one in wired.loaded if one.name == name)
    if files is None:
        files = [one.path for one in loaded.overlays]
    changed = _whole(files[0]) if len(files) == 1 else None
    if changed is None:
        for file in files:
            overlay = read_overlay(file)
            if not overlay.errors and overlay.flow != name:
                raise ConfigError("other_flow", f"{file} changes the flow {overlay.flow}, not {name}.")
        changed = load_flow(loaded.path, files)
    ready = wired.compile(changed, values)
    if isinstance(ready, LoadedFlow):
        raise ConfigError("flow_broken", "\n".join(map(str, ready.errors)))
    return ready


def _whole(file: Path) -> LoadedFlow | None:
    """The file as a flow of its own, if it is one."""
    try:
        data = read_yaml(file).data
    except UnreadableError as error:
        raise ConfigError("overlay_broken", str(error)) from None
    return load_flow(file) if isinstance(data, dict) and data.get("type") == FLOW_TYPE else None


def recorded(engine: Engine, flow: str, last: int) -> Iterator[list[SourceRecord]]:
    """The newest recorded records, in pages. Those whose personal data was erased have no payload, and are left out."""
    keys = deque(engine.parts.ledger.record_keys(flow), maxlen=last)
    wanted = list(keys)
    for start in range(0, len(wanted), PAGE):
        items = engine.parts.ledger.work(flow, wanted[start : start + PAGE], states=STATES, limit=PAGE)
        yield [SourceRecord(item.key, item.raw) for item in items]


def _print(flow: str, result: Replay, stand_ins: Sequence[str]) -> None:
    console.print(
        f"[bold]{flow}[/]: {result.records} recorded records, {result.same} come out the same, "
        f"{len(result.differences)} differ."
    )
    moved = [(old, new, count) for (old, new), count in sorted(result.fates.items()) if old != new]
    if moved:
        print_table("what becomes of records", ["now", "then", "records"], moved)
    if columns := result.columns():
        print_table("fields that differ", ["field", "records"], list(columns.items()))
    sums = [(name, old, new, f"{new - old:+f}") for name, (old, new) in sorted(result.amounts.items()) if old != new]
    if sums:
        print_table("amounts", ["field", "now", "then", "difference"], [tuple(map(_shown, row)) for row in sums])
    for one in result.differences[:SHOWN]:
        _print_one(one)
    if len(result.differences) > SHOWN:
        console.print(f"… and {len(result.differences) - SHOWN} more (--json prints all).")
    if stand_ins:
        console.print(f"Not asked, stood in for: {', '.join(stand_ins)}.", soft_wrap=True)


def _print_one(one: Difference) -> None:
    console.print(f"[bold]{escape(one.key)}[/] {escape(f'{_told(one.old)} → {_told(one.new)}')}", soft_wrap=True)
    for change in one.fields:
        place = f"{change.frame}[{change.row}]" if change.frame != "header" else "header"
        line = f"    {place}.{change.column}: {_shown(change.old)} → {_shown(change.new)}"
        console.print(line, markup=False, soft_wrap=True)


def _told(outcome: Outcome) -> str:
    if outcome.document is not None:
        return outcome.document.key
    return f"{outcome.fate} ({outcome.code}: {outcome.sentence})"


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)

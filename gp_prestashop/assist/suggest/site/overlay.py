"""Accepted suggestions as an overlay: ``$GPPS_HOME/flows/<flow>/overlay.yaml``, which holds only what differs from the flow.

Nothing that a person wrote is replaced: a column that the flow or the overlay maps already is left alone and said so. Every
expression is compiled with the flow, as it would stand with the overlay, before it is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML

from gp_prestashop.assist.suggest.site.decisions import Decision
from gp_prestashop.assist.suggest.site.expressions import drafted
from gp_prestashop.assist.suggest.site.live import ALIASES
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.loader import LoadedFlow, load_flow, load_flows
from gp_prestashop.mapping.overlay import OVERLAY_FILE, read_overlay
from gp_prestashop.mapping.schema import OVERLAY_TYPE
from gp_prestashop.mapping.three_way import with_base
from gp_prestashop.wiring import Wired, flow_folders

__all__ = ["Judge", "Place", "Written", "place_of", "with_expression", "write_overlay"]

Judge: TypeAlias = "Callable[[Place, EngineFlow], str]"
# Where a table's columns stand in a document: (document, frame).
_PLACES = {
    "SOP10100": ("sales_order", "header"), "SOP10200": ("sales_order", "lines"), "SOP10105": ("sales_order", "taxes"), "SOP10106": ("sales_order", "user_defined"),
    "RM00101": ("customer", "header"), "RM00102": ("customer", "addresses"), "SOP10103": ("deposit", "header"),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One column of one frame of one flow."""

    flow: EngineFlow
    frame: str
    column: str

    @property
    def mapped(self) -> str:
        """The flow's own expression for the column; blank when it has none."""
        flow = self.flow.flow
        if self.frame == "header":
            return flow.map.header.columns.get(self.column, "")
        parts = flow.map.frames.get(self.frame, [])
        return next((part.columns[self.column] for part in parts if self.column in part.columns), "")


@dataclass(frozen=True)
class Written:
    """What became of one accepted suggestion: ``why_not`` says why it is not in the overlay, ``new`` that it was put there now."""

    decision: Decision
    flow: str
    frame: str
    column: str
    expression: str
    why_not: str = ""
    new: bool = False


def place_of(wired: Wired, source: str, target: str) -> Place:
    """The flow, frame and column that a pair belongs to. Raises ConfigError when no flow maps that resource there."""
    resource = source.partition(".")[0]
    owner, _, column = target.partition(".")
    document, frame = _PLACES.get(owner, (owner, "header"))
    for flow in wired.flows.values():
        if flow.document.name != document or not _reads(flow, resource):
            continue
        shape = flow.document.frame(frame)
        name = next((n for n in (column, ALIASES.get(column, column)) if shape is not None and shape.column(n)), None)
        if name is None:
            raise ConfigError(
                "not_writable", f"{owner}.{column} is no column that the document {document} takes in its {frame}."
            )
        return Place(flow, frame, name)
    raise ConfigError(
        "no_flow",
        f"No flow makes {document} from the shop's {resource}.",
        remedy=f"Add a site flow in $GPPS_HOME/flows first (see: gp-prestashop flows show {document}).",
    )


def _reads(flow: EngineFlow, resource: str) -> bool:
    parts = [part.from_ for frame in flow.flow.map.frames.values() for part in frame]
    return resource == flow.resource.name or resource in parts


def write_overlay(wired: Wired, home: Path, accepted: Sequence[Decision], judge: Judge | None = None) -> list[Written]:
    """Write what was accepted and is not mapped yet. Each that does not compile, or that is mapped, is returned with the reason.

    ``judge`` says what else speaks against a flow with an expression that no person has looked at; blank: nothing.
    """
    results: list[Written] = []
    by_flow: dict[str, list[tuple[Place, Decision]]] = {}
    for decision in accepted:
        try:
            place = place_of(wired, decision.source, decision.target)
        except ConfigError as error:
            results.append(
                Written(decision, "", "", decision.target.partition(".")[2], decision.expression or "", error.sentence)
            )
            continue
        by_flow.setdefault(place.flow.name, []).append((place, decision))
    for name, places in by_flow.items():
        results += _write_one(wired, home / "flows" / name / OVERLAY_FILE, name, places, judge)
    return results


def with_expression(wired: Wired, place: Place, expression: str) -> tuple[EngineFlow | None, str]:
    """The flow as it would be with an expression in that place, or what the compiler says against it."""
    flow = place.flow.name
    document = {"type": OVERLAY_TYPE, "attributes": {"flow": flow, "map": {place.frame: {place.column: expression}}}}
    return _compiled(wired, Path(OVERLAY_FILE), document)


def _write_one(
    wired: Wired, path: Path, flow: str, places: Sequence[tuple[Place, Decision]], judge: Judge | None
) -> list[Written]:
    yaml = YAML()
    document: Any = (
        yaml.load(path.read_text("utf-8"))
        if path.exists()
        else {"type": OVERLAY_TYPE, "attributes": {"flow": flow, "map": {}}}
    )
    overlay = document["attributes"].setdefault("map", {})
    results: list[Written] = []
    changed = False
    for place, decision in places:
        expression = decision.expression or _draft(wired, place, decision)
        new = False
        frame = overlay.setdefault(place.frame, {})
        if place.column in frame:
            why = (
                ""
                if frame[place.column] == expression
                else f"the overlay maps {place.column} already: {frame[place.column]}"
            )
        elif mapped := place.mapped:
            why = f"the flow maps {place.column} already: {mapped}"
        else:
            frame[place.column] = expression
            tried, why = _compiled(wired, path, document)
            if tried is not None and judge is not None and not decision.manual:
                why = judge(place, tried)
            new = not why
            changed |= new
            if why:
                del frame[place.column]
        if not frame:
            del overlay[place.frame]
        results.append(Written(decision, flow, place.frame, place.column, expression, why, new))
    if changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as file:
            yaml.dump(document, file)
        temporary.replace(path)
        path.write_text(with_base(read_overlay(path), _loaded(wired, flow)), "utf-8")
    return results


def _draft(wired: Wired, place: Place, decision: Decision) -> str:
    resource, _, field = decision.source.partition(".")
    shape = wired.source.resources().get(resource)
    frame = place.flow.document.frame(place.frame)
    target = frame.column(place.column) if frame is not None else None
    if target is None:
        raise ConfigError("not_writable", f"{place.column} is no column of {place.frame}.")
    lists = {**wired.source.lookup_lists(), **wired.target.lookup_lists()}
    return drafted(
        field,
        shape.main.column(field) if shape is not None else None,
        target,
        resource=resource,
        flows=wired.flows,
        lists=lists,
    )


def _compiled(wired: Wired, path: Path, document: Any) -> tuple[EngineFlow | None, str]:
    """The flow with this overlay in the place of the one that is there, or what the compiler says against it."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        with trial.open("w", encoding="utf-8") as file:
            YAML().dump(document, file)
        flow = next(one for one in wired.loaded if one.name == document["attributes"]["flow"])
        others = [overlay.path for overlay in flow.overlays if overlay.path != path]
        tried = wired.compile(load_flow(flow.path, [*others, trial]))
    if isinstance(tried, EngineFlow):
        return tried, ""
    first = tried.errors[0]
    return None, f"{first.message} {first.suggestion or ''}".strip()


def _loaded(wired: Wired, flow: str) -> LoadedFlow:
    return next(one for one in load_flows(flow_folders(wired.settings)) if one.name == flow)

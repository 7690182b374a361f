"""Flows as files: each ``defs.yaml``, with the overlays that change it; one broken file never stops the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gp_prestashop.mapping.flow_errors import FlowError, did_you_mean
from gp_prestashop.mapping.merge import Node, as_data, origins, tree
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.overlay import OVERLAY_FILE, Overlay, apply_overlay, read_overlay
from gp_prestashop.mapping.rules import RULES_FILE
from gp_prestashop.mapping.schema import FLOW_TYPE
from gp_prestashop.mapping.yaml_file import DataPath, Marks, UnreadableError, YamlFile, read_yaml

__all__ = ["FLOW_FILE", "FLOW_TYPE", "LoadedFlow", "Marks", "load_flow", "load_flows"]

FLOW_FILE = "defs.yaml"
PLAIN = re.compile(r"^[A-Za-z0-9_]+$")


@dataclass(frozen=True, slots=True)
class LoadedFlow:
    """One flow with its overlays. ``flow`` is None when ``errors`` say that it cannot be used.

    ``origins`` says for each value of the whole in which file it stands (0 the flow's own, then the overlays) and where.
    """

    name: str
    path: Path
    flow: Flow | None
    errors: tuple[FlowError, ...] = ()
    marks: Marks = field(default_factory=Marks, repr=False)
    overlays: tuple[Overlay, ...] = ()
    template: Node | None = field(default=None, repr=False)
    origins: Mapping[DataPath, tuple[int, DataPath]] = field(default_factory=dict, repr=False)

    @property
    def rules(self) -> tuple[Path, ...]:
        """The ``rules.py`` beside the flow's own file and beside its overlays."""
        folders = dict.fromkeys(path.parent for path in (self.path, *(overlay.path for overlay in self.overlays)))
        return tuple(folder / RULES_FILE for folder in folders if (folder / RULES_FILE).is_file())

    def error(
        self, path: DataPath, message: str, suggestion: str = "", *, at: tuple[str, int] | None = None
    ) -> FlowError:
        """An error at a value of ``attributes``; ``at``: the value's text, and the offset in it."""
        file, marks, place = self.path, self.marks, path
        whole = path
        while whole and whole not in self.origins:
            whole = whole[:-1]
        if whole in self.origins:
            layer, place = self.origins[whole]
            if layer:
                file, marks = self.overlays[layer - 1].path, self.overlays[layer - 1].file.marks
            else:
                place = (*place, *path[len(whole) :])
        text, offset = at or (None, None)
        return FlowError(file, *marks.locate(("attributes", *place), text, offset), message, suggestion)


def load_flows(folders: Sequence[Path]) -> list[LoadedFlow]:
    """Every ``defs.yaml`` under these folders with its overlays, in order of folder and path.

    A name used twice breaks the later file; an overlay of no flow is a broken entry of its own.
    """
    overlays: dict[str, list[Overlay]] = {}
    for path in _files(folders, OVERLAY_FILE):
        one = read_overlay(path)
        overlays.setdefault(one.flow, []).append(one)
    loaded: list[LoadedFlow] = []
    first: dict[str, LoadedFlow] = {}
    for path in _files(folders, FLOW_FILE):
        flow = _load(path, overlays)
        if flow.flow is None and not PLAIN.match(flow.name):  # Dagster shows it too, and takes plain names only
            flow = replace(flow, name=_free(re.sub(r"\W", "_", flow.name, flags=re.ASCII) or "_", first))
        if flow.name in first:
            message = f"A flow named {flow.name} is already in {first[flow.name].path}."
            error = flow.error(("name",), message, "Give this one another name.")
            flow = replace(flow, flow=None, errors=(*flow.errors, error), name=_free(flow.name, first))
        first[flow.name] = flow
        loaded.append(flow)
    for name, some in overlays.items():
        if name not in first:
            loaded += _orphans(name, some, first)
    return loaded


def load_flow(path: Path, overlays: Sequence[Path] = ()) -> LoadedFlow:
    """Read and validate one flow with these overlays; whatever is wrong with it is in ``errors``, all of it."""
    read = [read_overlay(one) for one in overlays]
    return _load(path, None, read)


def _load(path: Path, by_flow: Mapping[str, Sequence[Overlay]] | None, given: Sequence[Overlay] = ()) -> LoadedFlow:
    try:
        file = read_yaml(path)
    except UnreadableError as error:
        return LoadedFlow(path.parent.name, path, None, error.errors)
    errors = list(_wrong_head(file))
    attributes = file.data.get("attributes") if isinstance(file.data, Mapping) else None
    name = path.parent.name
    if not isinstance(attributes, Mapping):
        return LoadedFlow(name, path, None, tuple(errors), file.marks)
    if isinstance(attributes.get("name"), str):
        name = str(attributes["name"])
    overlays = tuple(given if by_flow is None else by_flow.get(name, ()))
    return _validated(name, file, attributes, overlays, errors)


def _validated(
    name: str, file: YamlFile, attributes: Mapping[str, Any], overlays: tuple[Overlay, ...], errors: list[FlowError]
) -> LoadedFlow:
    template = whole = tree(attributes, 0)
    if not overlays:
        loaded = LoadedFlow(name, file.path, None, (), file.marks, template=template)
        return _modelled(loaded, attributes, errors)
    if own := _model_errors(LoadedFlow(name, file.path, None, (), file.marks), attributes):
        errors += own  # an overlay is no remedy for a broken flow, whose form it cannot rely on
    for overlay in overlays:
        errors += overlay.errors
    if not errors:
        for layer, overlay in enumerate(overlays, 1):
            whole, wrong = apply_overlay(whole, overlay, layer)
            errors += wrong
    loaded = LoadedFlow(name, file.path, None, (), file.marks, overlays, template, dict(origins(whole)))
    return replace(loaded, errors=tuple(errors)) if errors else _modelled(loaded, as_data(whole), errors)


def _modelled(loaded: LoadedFlow, attributes: Any, errors: list[FlowError]) -> LoadedFlow:
    try:
        flow = Flow.model_validate(attributes)
    except ValidationError as error:
        errors += [_model_error(loaded, one) for one in error.errors()]
        return replace(loaded, errors=tuple(errors))
    return replace(loaded, errors=tuple(errors)) if errors else replace(loaded, flow=flow)


def _model_errors(loaded: LoadedFlow, attributes: Any) -> list[FlowError]:
    return list(_modelled(loaded, attributes, []).errors)


def _wrong_head(file: YamlFile) -> Iterator[FlowError]:
    path, data, marks = file.path, file.data, file.marks
    if not isinstance(data, Mapping):
        yield FlowError(path, 1, 1, f"A flow file holds two keys: type: {FLOW_TYPE} and attributes.")
        return
    for key in data:
        if key not in ("type", "attributes"):
            suggestion = did_you_mean(key, ["type", "attributes"])
            yield FlowError(path, *marks.locate((key,)), f"{key} is not a key of a flow file.", suggestion)
    if data.get("type") != FLOW_TYPE:
        yield FlowError(path, *marks.locate(("type",)), f"type must be {FLOW_TYPE}.")
    if not isinstance(data.get("attributes"), Mapping):
        yield FlowError(path, *marks.locate(("attributes",)), "attributes is missing: it holds the flow.")


def _model_error(loaded: LoadedFlow, error: Any) -> FlowError:
    location = _data_path(error["loc"])
    listed = _is_listed(loaded, location[:3])
    where = ".".join(str(step) for step in location if listed or step != 0)
    if error["type"] == "extra_forbidden":
        suggestion = did_you_mean(str(error["loc"][-1]), _keys_beside(error["loc"]))
        return loaded.error(location, f"{where} is not a key of a flow.", suggestion)
    if error["type"] == "missing":
        return loaded.error(location, f"{where} is missing.")
    return loaded.error(location, f"{where}: {str(error['msg']).removeprefix('Value error, ')}.")


def _is_listed(loaded: LoadedFlow, path: DataPath) -> bool:
    """Whether the file has a list there; the model has one also where a frame has one part only."""
    if loaded.origins:
        return path in loaded.origins and loaded.origins[path][1][-1:] == path[-1:]
    return ("attributes", *path) in loaded.marks.places


def _data_path(location: Sequence[str | int]) -> DataPath:
    """The model's path as the file has it: frames and columns stand directly in their parents there."""
    made_up = ("frames", "columns") if location[:1] == ("map",) else ()
    return tuple(step for step in location if step not in (*made_up, "str", "list[str]", "[key]"))


def _keys_beside(location: Sequence[str | int]) -> list[str]:
    model: Any = Flow
    for step in location[:-1]:
        info = model.model_fields.get(str(step)) if isinstance(model, type) and issubclass(model, BaseModel) else None
        if info is None:
            continue
        model = next((one for one in _types(info.annotation) if issubclass(one, BaseModel)), model)
    return [info.alias or name for name, info in model.model_fields.items()]


def _types(annotation: Any) -> Iterator[type]:
    """All classes that an annotation names, however deep."""
    if isinstance(annotation, type) and not getattr(annotation, "__args__", ()):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _types(inner)


def _orphans(name: str, overlays: Iterable[Overlay], first: dict[str, LoadedFlow]) -> Iterator[LoadedFlow]:
    for overlay in overlays:
        place = overlay.file.marks.locate(("attributes", "flow"))
        unknown = FlowError(overlay.path, *place, f"There is no flow {name}.", did_you_mean(name, first))
        plain = re.sub(r"\W", "_", f"overlay_{name}", flags=re.ASCII)
        flow = LoadedFlow(_free(plain, first), overlay.path, None, overlay.errors or (unknown,))
        first[flow.name] = flow
        yield flow


def _free(name: str, taken: Mapping[str, object]) -> str:
    """A name that no other has, so that all of them can be shown."""
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, 10_000))) if one not in taken)


def _files(folders: Sequence[Path], name: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob(name)) if folder.is_dir() else []

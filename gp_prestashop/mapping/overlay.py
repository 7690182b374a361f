"""Overlays: what a site changes in a shipped flow. ``$GPPS_HOME/flows/<any folder>/overlay.yaml`` holds only what differs.

``flow`` names the flow, ``off`` parts of it that are left out; ``base`` remembers what the shipped flow said when the
overlay was written (see three_way.py). All other keys are a flow's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gp_prestashop.mapping.flow_errors import FlowError, did_you_mean
from gp_prestashop.mapping.merge import BY_CODE, OWN_KEYS, Node, listed, merged, tree
from gp_prestashop.mapping.schema import OVERLAY_TYPE
from gp_prestashop.mapping.yaml_file import DataPath, UnreadableError, YamlFile, read_yaml

__all__ = ["OVERLAY_FILE", "Overlay", "apply_overlay", "part_names", "read_overlay"]

OVERLAY_FILE = "overlay.yaml"
OWN = ("flow", "off", "base")
FIXED: tuple[DataPath, ...] = (
    ("name",), ("source", "system"), ("source", "resource"), ("target", "system"), ("target", "document"), ("target", "key"),
)  # fmt: skip
_INDEX = re.compile(r"^(.*)\[(\d+)\]$")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay file. ``errors`` are those of its form; what it makes of the flow is checked with the flow."""

    file: YamlFile
    flow: str
    changes: Mapping[str, Any]
    off: tuple[str, ...] = ()
    base: Mapping[str, str | None] | None = None
    errors: tuple[FlowError, ...] = ()

    @property
    def path(self) -> Path:
        return self.file.path


def read_overlay(path: Path) -> Overlay:
    """Never raises: an overlay that cannot be read has its folder's name as its flow, and errors."""
    try:
        file = read_yaml(path)
    except UnreadableError as error:
        return Overlay(YamlFile(path, {}), path.parent.name, {}, errors=error.errors)
    errors = list(_wrong(file))
    attributes = file.data.get("attributes") if isinstance(file.data, Mapping) else None
    if errors or not isinstance(attributes, Mapping):
        flow = attributes.get("flow") if isinstance(attributes, Mapping) else None
        return Overlay(file, str(flow or path.parent.name), {}, errors=tuple(errors))
    base = attributes.get("base")
    return Overlay(
        file,
        str(attributes["flow"]),
        {key: value for key, value in attributes.items() if key not in OWN},
        tuple(map(str, attributes.get("off", ()))),
        None if base is None else {str(key): None if value is None else str(value) for key, value in base.items()},
    )


def _wrong(file: YamlFile) -> Iterator[FlowError]:
    def error(path: DataPath, message: str, suggestion: str = "") -> FlowError:
        return FlowError(file.path, *file.marks.locate(path), message, suggestion)

    if not isinstance(file.data, Mapping):
        yield error((), f"An overlay holds two keys: type: {OVERLAY_TYPE} and attributes.")
        return
    for key in file.data:
        if key not in ("type", "attributes"):
            yield error((key,), f"{key} is not a key of an overlay.", did_you_mean(key, ["type", "attributes"]))
    if file.data.get("type") != OVERLAY_TYPE:
        yield error(("type",), f"type must be {OVERLAY_TYPE}.")
    attributes = file.data.get("attributes")
    if not isinstance(attributes, Mapping):
        yield error(("attributes",), "attributes is missing: it holds what differs.")
        return
    if not isinstance(attributes.get("flow"), str):
        yield error(("attributes", "flow"), "flow is missing: it names the flow that this changes.")
    if not isinstance(attributes.get("off", []), list):
        yield error(("attributes", "off"), "off is a list of parts: [check.totals, map.lines.COMMNTID].")
    if not isinstance(attributes.get("base") or {}, Mapping):
        yield error(("attributes", "base"), "base is kept by gp-prestashop flows diff --accept.")
    for path in FIXED:
        inner: Any = attributes
        for step in path:
            inner = inner.get(step) if isinstance(inner, Mapping) else None
        if inner is not None:
            what = ".".join(map(str, path))
            yield error(("attributes", *path), f"{what} cannot be changed by an overlay.", "Write a flow of your own.")


def apply_overlay(below: Node, overlay: Overlay, layer: int) -> tuple[Node, list[FlowError]]:
    """The flow's tree with the overlay's parts switched off, then its changes over it."""
    errors: list[FlowError] = []
    for index, name in enumerate(overlay.off):
        less = _without(below, name)
        if less is None:
            place = overlay.file.marks.locate(("attributes", "off", index))
            suggestion = did_you_mean(name, part_names(below)) or "Write it as flows show prints it: check.totals."
            errors.append(FlowError(overlay.path, *place, f"{overlay.flow} has no part {name}.", suggestion))
        else:
            below = less
    return merged(below, tree(overlay.changes, layer)), errors


def part_names(node: Node) -> Iterator[str]:
    """What can be switched off, as ``off`` names it, each once."""
    return iter(dict.fromkeys(_names(node)))


def _names(node: Node) -> Iterator[str]:
    for key, inner in node.value.items():
        if key in BY_CODE:
            yield from (f"{key}.{entry.value['code'].value}" for entry in inner.value if "code" in entry.value)
        elif key == "map":
            yield from _map_names(inner)
        elif key in ("source", "target"):
            continue
        elif isinstance(inner.value, dict):
            yield from (f"{key}.{name}" for name in inner.value)
        elif key not in ("name", "title", "enabled"):
            yield key


def _map_names(node: Node) -> Iterator[str]:
    for frame, inner in node.value.items():
        if frame == "let":
            yield from (f"map.let.{name}" for name in inner.value)
            continue
        if frame not in OWN_KEYS:
            yield f"map.{frame}"
        for part in listed(inner):
            for name, value in part.value.items():
                if name == "from":
                    continue
                yield from (
                    (f"map.{frame}.let.{one}" for one in value.value) if name == "let" else [f"map.{frame}.{name}"]
                )


def _without(node: Node, name: str) -> Node | None:
    """The tree without that part; None when there is no such part. ``map.taxes[1]`` is one part of a frame."""
    steps = name.split(".")
    match = _INDEX.match(steps[-1])
    index = int(match[2]) if match else None
    if match:
        steps[-1] = match[1]
    return _cut(node, steps, index, ())


def _cut(node: Node, steps: list[str], index: int | None, path: DataPath) -> Node | None:
    head, rest = steps[0], steps[1:]
    if isinstance(node.value, list):
        return _cut_of_list(node, steps, index, path)
    if not isinstance(node.value, dict) or head not in node.value:
        return None
    inner = dict(node.value)
    if rest:
        less = _cut(inner[head], rest, index, (*path, head))
        if less is None:
            return None
        inner[head] = less
    elif index is not None:
        parts = listed(inner[head])
        if index >= len(parts):
            return None
        inner[head] = Node([*parts[:index], *parts[index + 1 :]], inner[head].layer, inner[head].path)
    else:
        del inner[head]
    return Node(inner, node.layer, node.path)


def _cut_of_list(node: Node, steps: list[str], index: int | None, path: DataPath) -> Node | None:
    """A rule by its code, or a column of all parts of a frame that have it."""
    if path and path[-1] in BY_CODE and len(path) == 1:
        kept = [one for one in node.value if str(one.value["code"].value) != steps[0]]
        return Node(kept, node.layer, node.path) if len(kept) < len(node.value) and len(steps) == 1 else None
    less = [_cut(part, steps, index, path) for part in node.value]
    if all(one is None for one in less):
        return None
    parts = [part if one is None else one for one, part in zip(less, node.value, strict=True)]
    return Node(parts, node.layer, node.path)

"""Flow data as trees that know which file each value stands in, and how an overlay changes a flow's tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from gp_prestashop.mapping.yaml_file import DataPath

__all__ = ["Node", "Value", "as_data", "find", "listed", "merged", "origins", "tree"]

Value: TypeAlias = "dict[str, Node] | list[Node] | str | int | float | bool | None"
BY_CODE = frozenset({"hold", "withdraw", "check"})  # lists whose entries are known by their codes
OWN_KEYS = ("let", "header")


@dataclass(frozen=True, slots=True)
class Node:
    """A value, and where it stands: the number of its file, its path in that file's attributes."""

    value: Any
    layer: int
    path: DataPath


def tree(data: Any, layer: int, path: DataPath = ()) -> Node:
    """Plain data as a tree; the short form of ``accept`` and single frame parts are written out."""
    if isinstance(data, Mapping):
        inner = {str(key): tree(value, layer, (*path, str(key))) for key, value in data.items()}
        return Node(inner, layer, path)
    if isinstance(data, list):
        return Node([tree(value, layer, (*path, index)) for index, value in enumerate(data)], layer, path)
    if path == ("accept",) and isinstance(data, str):
        rule = Node({"assert": Node(data, layer, path)}, layer, path)
        return Node({"accept": rule}, layer, path)
    return Node(data, layer, path)


def as_data(node: Node) -> Any:
    """The plain data again."""
    if isinstance(node.value, dict):
        return {key: as_data(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [as_data(value) for value in node.value]
    return node.value


def origins(node: Node, path: DataPath = ()) -> Iterator[tuple[DataPath, tuple[int, DataPath]]]:
    """For every value: its path in the whole → the number of its file and its path there."""
    yield path, (node.layer, node.path)
    if isinstance(node.value, dict):
        for key, value in node.value.items():
            yield from origins(value, (*path, key))
    elif isinstance(node.value, list):
        for index, value in enumerate(node.value):
            yield from origins(value, (*path, index))


def listed(node: Node) -> list[Node]:
    """The parts of a frame, which may be written as one."""
    return list(node.value) if isinstance(node.value, list) else [node]


def find(node: Node, path: DataPath) -> Node | None:
    for step in path:
        inner = node.value
        if isinstance(inner, dict) and step in inner:
            node = inner[str(step)]
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            node = inner[step]
        else:
            return None
    return node


def merged(below: Node | None, above: Node, path: DataPath = ()) -> Node:
    """``above`` over ``below``: mappings key by key, rules and checks by their codes, frame parts one by one (one part
    over all of them); anything else is replaced."""
    if below is None:
        return above
    if len(path) == 1 and path[0] in BY_CODE and isinstance(below.value, list) and isinstance(above.value, list):
        return _by_code(below, above, path)
    if len(path) == 2 and path[0] == "map" and path[1] not in OWN_KEYS:
        return _parts(below, above, path)
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        inner = dict(below.value)
        for key, value in above.value.items():
            inner[key] = merged(inner.get(key), value, (*path, key))
        return Node(inner, above.layer, above.path)
    return above


def _by_code(below: Node, above: Node, path: DataPath) -> Node:
    entries = list(below.value)
    places = {_code(entry): index for index, entry in enumerate(entries)}
    for entry in above.value:
        index = places.get(_code(entry))
        if _code(entry) is None or index is None:
            entries.append(entry)
        else:
            entries[index] = merged(entries[index], entry, (*path, index))
    return Node(entries, above.layer, above.path)


def _code(entry: Node) -> str | None:
    code = entry.value.get("code") if isinstance(entry.value, dict) else None
    return None if code is None else str(code.value)


def _parts(below: Node, above: Node, path: DataPath) -> Node:
    parts = listed(below)
    pick: Callable[[int], Node | None]
    if isinstance(above.value, list):
        pick, count = (lambda index: above.value[index] if index < len(above.value) else None), len(above.value)
    else:
        pick, count = (lambda _index: above), 1
    changed = []
    for index, part in enumerate(parts):
        over = pick(index)
        changed.append(part if over is None else merged(part, over, (*path, index)))
    more = above.value[len(parts) : count] if isinstance(above.value, list) else []
    return Node([*changed, *more], above.layer, above.path)

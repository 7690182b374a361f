"""YAML as data only: line and column kept, no templating, no aliases; what is wrong has its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gp_prestashop.mapping.flow_errors import FlowError

__all__ = ["DataPath", "Marks", "UnreadableError", "YamlFile", "plain", "read_yaml"]

MAX_BYTES = 1_000_000

DataPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """Where each value of a file is: its path in the data → line and column, counted from 0, and the file's lines."""

    places: Mapping[DataPath, tuple[int, int]] = field(default_factory=dict)
    lines: Sequence[str] = ()

    def locate(self, path: DataPath, text: str | None = None, offset: int | None = None) -> tuple[int, int]:
        """Line and column, from 1, of a value, or of a character in it when it stands on one line as it is written."""
        if path not in self.places:  # the model lists a frame's parts also where the file has one part and no list
            path = tuple(step for step in path if step != 0)
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (0, 0))
        if offset is not None and text and line < len(self.lines):
            written = self.lines[line][column:]
            start = written.find(text)
            if start in (0, 1):
                return line + 1, column + start + offset + 1
        return line + 1, column + 1


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One file as it was read. ``data`` is plain: dicts with text keys, lists, scalars."""

    path: Path
    data: Any
    marks: Marks = field(default_factory=Marks, repr=False)


class UnreadableError(Exception):
    """The file is no data that a flow could be in."""

    def __init__(self, *errors: FlowError) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


def read_yaml(path: Path) -> YamlFile:
    """Raises UnreadableError, with the place of what is wrong."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(FlowError(path, 1, 1, "The file is larger than 1 MB."))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(FlowError(path, 1, 1, f"The file cannot be read: {error}.")) from None
    if templated := list(_templates(path, text)):
        raise UnreadableError(*templated)
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        raise UnreadableError(_yaml_error(path, error)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise UnreadableError(FlowError(path, 1, 1, f"This is not YAML: {error}.")) from None
    if _shares(data, set()):
        raise UnreadableError(FlowError(path, 1, 1, "YAML aliases (*name) are refused: write it out."))
    return YamlFile(path, plain(data), Marks(dict(_places(data)), text.splitlines()))


def _templates(path: Path, text: str) -> Iterator[FlowError]:
    for number, line in enumerate(text.splitlines(), 1):
        for piece in ("{{", "{%"):
            if piece in line:
                yield FlowError(path, number, line.index(piece) + 1, f"Templates ({piece}) are refused in flow files.")


def _yaml_error(path: Path, error: MarkedYAMLError) -> FlowError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(error.problem or error.context or "it cannot be parsed").splitlines()[0]
    return FlowError(path, line, column, f"This is not YAML: {problem}.")


def _places(node: Any, path: DataPath = ()) -> Iterator[tuple[DataPath, tuple[int, int]]]:
    """Every value's place; a key's own place stands for mappings and lists, whose first value starts elsewhere."""
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            here = (*path, str(key))
            container = isinstance(value, CommentedMap | CommentedSeq)
            yield here, node.lc.key(key) if container or value is None else node.lc.value(key)
            yield from _places(value, here)
    elif isinstance(node, CommentedSeq):
        for index, value in enumerate(node):
            yield (*path, index), node.lc.item(index)
            yield from _places(value, (*path, index))


def _shares(node: Any, seen: set[int]) -> bool:
    """Whether a mapping or list stands in two places: expanded, a small file of aliases would fill the memory."""
    if not isinstance(node, CommentedMap | CommentedSeq):
        return False
    if id(node) in seen or getattr(node, "merge", None):
        return True
    seen.add(id(node))
    return any(_shares(value, seen) for value in (node.values() if isinstance(node, CommentedMap) else node))


def plain(node: Any) -> Any:
    """Plain dicts, lists and scalars; keys as text."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    return node

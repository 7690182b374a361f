"""Reads flow files: YAML data only, line and column kept, no templating; one broken file never stops the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gp_prestashop.mapping.flow_errors import FlowError, did_you_mean
from gp_prestashop.mapping.model import Flow

__all__ = ["FLOW_TYPE", "LoadedFlow", "Marks", "load_flow", "load_flows"]

FLOW_FILE = "defs.yaml"
FLOW_TYPE = "gp_prestashop.Flow"
MAX_BYTES = 1_000_000

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """Where each value of a file is: its path in the data → line and column, counted from 0, and the file's lines."""

    places: Mapping[Path_, tuple[int, int]] = field(default_factory=dict)
    lines: Sequence[str] = ()

    def locate(self, path: Path_, text: str | None = None, offset: int | None = None) -> tuple[int, int]:
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
class LoadedFlow:
    """One flow file. ``flow`` is None when ``errors`` say that it cannot be used."""

    name: str
    path: Path
    flow: Flow | None
    errors: tuple[FlowError, ...] = ()
    marks: Marks = field(default_factory=Marks, repr=False)


def load_flows(folders: Sequence[Path]) -> list[LoadedFlow]:
    """Every ``defs.yaml`` under these folders, in order of folder and path. A name used twice breaks the later file."""
    loaded: list[LoadedFlow] = []
    first: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob(FLOW_FILE)) if folder.is_dir() else []:
            one = load_flow(path)
            if one.name in first:
                line, column = one.marks.locate(("attributes", "name"))
                message = f"A flow named {one.name} is already in {first[one.name]}."
                error = FlowError(path, line, column, message, "Give this one another name.")
                one = LoadedFlow(one.name, path, None, (*one.errors, error), one.marks)
            first.setdefault(one.name, path)
            loaded.append(one)
    return loaded


def load_flow(path: Path) -> LoadedFlow:
    """Read and validate one file; whatever is wrong with it is in ``errors``, all of it."""
    try:
        text, data = _read(path)
    except _UnreadableError as error:
        return LoadedFlow(path.parent.name, path, None, error.errors)
    marks = Marks(dict(_places(data)), text.splitlines())
    return _validated(path, data, marks)


class _UnreadableError(Exception):
    """The file is no data that a flow could be in."""

    def __init__(self, *errors: FlowError) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


def _read(path: Path) -> tuple[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _UnreadableError(FlowError(path, 1, 1, "The file is larger than 1 MB."))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _UnreadableError(FlowError(path, 1, 1, f"The file cannot be read: {error}.")) from None
    if templated := list(_templates(path, text)):
        raise _UnreadableError(*templated)
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        raise _UnreadableError(_yaml_error(path, error)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise _UnreadableError(FlowError(path, 1, 1, f"This is not YAML: {error}.")) from None
    if _shares(data, set()):
        raise _UnreadableError(FlowError(path, 1, 1, "YAML aliases (*name) are refused: write it out."))
    return text, data


def _validated(path: Path, data: Any, marks: Marks) -> LoadedFlow:
    name = path.parent.name
    errors = list(_wrong_head(path, data, marks))
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    if isinstance(attributes, Mapping) and isinstance(attributes.get("name"), str):
        name = str(attributes["name"])
    if isinstance(attributes, Mapping):
        try:
            flow = Flow.model_validate(_plain(attributes))
        except ValidationError as error:
            errors += [_model_error(path, one, marks) for one in error.errors()]
        else:
            if not errors:
                return LoadedFlow(name, path, flow, (), marks)
    return LoadedFlow(name, path, None, tuple(errors), marks)


def _wrong_head(path: Path, data: Any, marks: Marks) -> Iterator[FlowError]:
    if not isinstance(data, Mapping):
        yield FlowError(path, 1, 1, f"A flow file holds two keys: type: {FLOW_TYPE} and attributes.")
        return
    for key in data:
        if key not in ("type", "attributes"):
            suggestion = did_you_mean(str(key), ["type", "attributes"])
            yield FlowError(path, *marks.locate((str(key),)), f"{key} is not a key of a flow file.", suggestion)
    if data.get("type") != FLOW_TYPE:
        yield FlowError(path, *marks.locate(("type",)), f"type must be {FLOW_TYPE}.")
    if not isinstance(data.get("attributes"), Mapping):
        yield FlowError(path, *marks.locate(("attributes",)), "attributes is missing: it holds the flow.")


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


def _model_error(path: Path, error: Any, marks: Marks) -> FlowError:
    location = _data_path(error["loc"])
    line, column = marks.locate(("attributes", *location))
    listed = ("attributes", *location[:3]) in marks.places
    where = ".".join(str(step) for step in location if listed or step != 0)
    if error["type"] == "extra_forbidden":
        suggestion = did_you_mean(str(error["loc"][-1]), _keys_beside(error["loc"]))
        return FlowError(path, line, column, f"{where} is not a key of a flow.", suggestion)
    if error["type"] == "missing":
        return FlowError(path, line, column, f"{where} is missing.")
    return FlowError(path, line, column, f"{where}: {str(error['msg']).removeprefix('Value error, ')}.")


def _data_path(location: Sequence[str | int]) -> Path_:
    """The model's path as the file has it: frames and columns stand directly in their parents there."""
    return tuple(step for step in location if step not in ("frames", "columns", "str", "list[str]"))


def _keys_beside(location: Sequence[str | int]) -> list[str]:
    model: Any = Flow
    for step in location[:-1]:
        info = model.model_fields.get(str(step)) if isinstance(model, type) and issubclass(model, BaseModel) else None
        if info is None:
            continue
        inner = [info.annotation, *getattr(info.annotation, "__args__", ())]
        model = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return [info.alias or name for name, info in model.model_fields.items()]


def _places(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, tuple[int, int]]]:
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


def _plain(node: Any) -> Any:
    """Plain dicts, lists and scalars; keys as text."""
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    return node

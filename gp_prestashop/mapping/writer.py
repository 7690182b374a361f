"""Flows back to files, for programs that write what people read: a flow file that is new, or one that is changed.

The same flow gives the same bytes. In a file that is changed everything that still says the same stays as it is written,
with all comments; a file in another layout than that of the shipped flows takes theirs on its first change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.schema import FLOW_TYPE
from gp_prestashop.mapping.yaml_file import plain

__all__ = ["flow_text", "layout", "rewritten"]

PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_.]*$")
WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
SHORT = frozenset({"source", "partitions", "needs", "target", "triggers", "match"})  # on one line, if all is simple
CODED = frozenset({"hold", "withdraw", "check"})


def layout() -> YAML:
    """YAML as the shipped flows are laid out, whose files it writes byte by byte as they were read."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def flow_text(flow: Flow) -> str:
    """A whole file that says this flow."""
    attributes = _written(_said(flow))
    for key in SHORT & set(attributes):
        if not any(isinstance(value, Mapping) for value in attributes[key].values()):
            attributes[key].fa.set_flow_style()
    return _dumped(CommentedMap(type=FLOW_TYPE, attributes=attributes))


def rewritten(text: str, flow: Flow) -> str:
    """The file ``text``, a valid flow without overlays, saying ``flow`` instead."""
    document = layout().load(text)
    before = Flow.model_validate(plain(document["attributes"]))
    if before == flow:
        return text
    _change(document["attributes"], _said(before), _said(flow))
    before_lines = text.splitlines(keepends=True)
    # Where ruamel cannot keep a remark in its place, all is laid out anew, with the remarks nearest to where they were.
    for lines in (_dumped(document).splitlines(keepends=True), flow_text(flow).splitlines(keepends=True)):
        commented = "".join(_with_comments(before_lines, lines))
        if _reads_as(commented, flow):
            return commented
    return flow_text(flow)


def _said(flow: Flow) -> dict[str, Any]:
    """What a file must hold to say this."""
    said: dict[str, Any] = flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return said


def _change(node: CommentedMap, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Make ``node``, which says ``before``, say ``after``."""
    for key in before.keys() - after.keys():
        del node[key]
    last: str | None = None
    for key, wanted in after.items():
        if key not in before or before[key] != wanted:
            _set(node, key, last, before.get(key), wanted)
        last = key


def _set(node: CommentedMap, key: str, last: str | None, before: Any, wanted: Any) -> None:
    there = node.get(key)
    if isinstance(there, CommentedMap) and isinstance(before, Mapping) and isinstance(wanted, Mapping):
        _change(there, before, wanted)
    elif isinstance(there, CommentedSeq) and _alike(key, before, wanted) and len(there) == len(wanted):
        for entry, old, new in zip(there, before, wanted, strict=True):
            _change(entry, old, new)
    elif key in node:
        node[key] = _written(wanted)
    else:
        places = list(node)
        node.insert(places.index(last) + 1 if last in places else len(places), _key(key), _written(wanted))


def _alike(key: str, before: Any, wanted: Any) -> bool:
    """Whether two lists hold mappings that are one another's, changed or not."""
    if not (isinstance(before, Sequence) and isinstance(wanted, Sequence) and len(before) == len(wanted)):
        return False
    if not all(isinstance(entry, Mapping) for entry in (*before, *wanted)):
        return False
    return key not in CODED or [one["code"] for one in before] == [one["code"] for one in wanted]


def _written(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({_key(key): _written(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return CommentedSeq([_written(inner) for inner in value])
    return _key(value) if isinstance(value, str) else value


def _key(text: str) -> str:
    return text if PLAIN.match(text) and text.lower() not in WORDS else DoubleQuotedScalarString(text)


def _dumped(document: CommentedMap) -> str:
    out = StringIO()
    layout().dump(document, out)
    # What looks like a template is refused in flow files; only quoted text can, where it can be written otherwise.
    return re.sub(r"\{(?=[{%])", r"\\x7b", out.getvalue())


def _with_comments(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines ``after``, with the lines of comment that went with the lines below or above them."""
    missing = _comments(before) - _comments(after)  # others only moved
    lines: list[str] = []
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for line in before[start:end] if tag != "equal" else ():
            if missing[line.strip()] > 0 and line.strip().startswith("#"):
                missing[line.strip()] -= 1
                lines.append(line)
        lines += after[first:last]
    return lines


def _comments(lines: Sequence[str]) -> Counter[str]:
    return Counter(line.strip() for line in lines if line.strip().startswith("#"))


def _reads_as(text: str, flow: Flow) -> bool:
    try:
        return Flow.model_validate(plain(layout().load(text)["attributes"])) == flow
    except (YAMLError, ValidationError):
        return False

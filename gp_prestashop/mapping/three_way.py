"""Overlays against the shipped flow, three ways: what it said when the overlay was written, what it says now, what the
overlay says. After an upgrade this names the fields that changed on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

from gp_prestashop.mapping.loader import LoadedFlow
from gp_prestashop.mapping.merge import BY_CODE, OWN_KEYS, Node, as_data, listed, tree
from gp_prestashop.mapping.overlay import Overlay
from gp_prestashop.mapping.writer import layout

__all__ = ["Change", "State", "changes", "with_base"]

State: TypeAlias = Literal["adds", "changes", "same", "conflict", "unrecorded"]
NOTHING = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that an overlay sets, or switches off (``overlay`` is None then).

    ``adds``: the flow has no such field. ``changes``: it has, as it had when the overlay was written. ``same``: the overlay
    says what the flow says. ``conflict``: the flow's own field has changed since, so a person must look. ``unrecorded``:
    it is not known what the flow said then. The overlay holds in all of them.
    """

    part: str
    state: State
    base: str | None
    template: str | None
    overlay: str | None
    file: Path
    line: int

    def sentence(self) -> str:
        then, now = (text if text is not None else "nothing" for text in (self.base, self.template))
        mine = self.overlay if self.overlay is not None else "switched off"
        return {
            "adds": f"{self.part}: {mine} (new)",
            "changes": f"{self.part}: {now} → {mine}",
            "same": f"{self.part}: the flow says the same by itself; the line can go.",
            "conflict": f"{self.part}: the shipped flow had {then}, and has {now} now; the overlay keeps {mine}.",
            "unrecorded": f"{self.part}: {now} → {mine}; what the flow said when this was written is not recorded.",
        }[self.state]


def changes(loaded: LoadedFlow) -> list[Change]:
    """Every field that overlays of this flow set, in the order of their files."""
    template = dict(_leaves(loaded.template)) if loaded.template is not None else {}
    return [change for overlay in loaded.overlays for change in _of_overlay(overlay, template)]


def with_base(overlay: Overlay, loaded: LoadedFlow) -> str:
    """The overlay's file, comments and all, with what the shipped flow says now as its ``base``."""
    yaml = layout()
    document = yaml.load(overlay.path.read_text(encoding="utf-8"))
    template = dict(_leaves(loaded.template)) if loaded.template is not None else {}
    document["attributes"]["base"] = {part: template.get(part) for part, _, _ in _set_by(overlay, template)}
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _of_overlay(overlay: Overlay, template: Mapping[str, str]) -> Iterator[Change]:
    for part, text, place in _set_by(overlay, template):
        now = template.get(part)
        base = overlay.base.get(part) if overlay.base is not None else NOTHING
        recorded = overlay.base is not None and part in overlay.base
        state = _state(now, base, text, recorded=recorded)
        line, _ = overlay.file.marks.locate(("attributes", *place))
        yield Change(part, state, base, now, text, overlay.path, line)


def _state(now: str | None, base: str | None, mine: str | None, *, recorded: bool) -> State:
    if now == mine:
        return "same"
    if recorded and now != base:
        return "conflict"
    if now is None:
        return "adds"
    return "changes" if recorded else "unrecorded"


_Set: TypeAlias = "tuple[str, str | None, tuple[str | int, ...]]"


def _set_by(overlay: Overlay, template: Mapping[str, str]) -> Iterator[_Set]:
    """(part, the overlay's text, its place) of everything that the overlay sets or switches off."""
    for index, name in enumerate(overlay.off):
        inside = [part for part in template if part == name or part.startswith((f"{name}.", f"{name}["))]
        yield from ((part, None, ("off", index)) for part in inside)
    found = tree(overlay.changes, 1)
    for part, text in _leaves(found):
        yield part, text, _place(found, part)


def _place(root: Node, part: str) -> tuple[str | int, ...]:
    return next((node.path for name, node in _named(root) if name == part), ())


def _leaves(root: Node) -> Iterator[tuple[str, str]]:
    for name, node in _named(root):
        yield name, _text(as_data(node))


def _named(root: Node) -> Iterator[tuple[str, Node]]:
    """Fields by the names that people use: rules and checks by their codes, parts of a frame by number if several."""
    for key, inner in root.value.items():
        if key in BY_CODE and isinstance(inner.value, list):
            for entry in inner.value:
                code = entry.value["code"].value if "code" in entry.value else "?"
                yield from _of_mapping(f"{key}.{code}", entry, skip=("code",))
        elif key == "map" and isinstance(inner.value, dict):
            for frame, parts in inner.value.items():
                several = isinstance(parts.value, list) and frame not in OWN_KEYS and len(parts.value) > 1
                for index, part in enumerate(listed(parts)):
                    yield from _of_mapping(f"map.{frame}[{index}]" if several else f"map.{frame}", part)
        else:
            yield from _of_mapping(key, inner)


def _of_mapping(name: str, node: Node, skip: Iterable[str] = ()) -> Iterator[tuple[str, Node]]:
    if not isinstance(node.value, dict):
        yield name, node
        return
    for key, inner in node.value.items():
        if key not in skip:
            yield from _of_mapping(f"{name}.{key}", inner)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

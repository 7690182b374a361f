"""What is known beforehand: where PrestaShop's own fields usually go in GP (``data/correspondences.txt``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

__all__ = ["NOWHERE", "Knowledge", "shipped_knowledge"]

NOWHERE = "-"
_FALL = 0.8  # each place further down the list counts this much of the one before


class Knowledge:
    """Correspondences by (resource, field). An empty one knows nothing: how the matcher does without is measured too."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]]) -> None:
        self._lines = lines

    def places(self, resource: str, field: str) -> Mapping[str, float] | None:
        """GP column → weight in (0, 1]; ``{}`` when GP has no place for the field; None when nothing is known."""
        columns = self._lines.get(f"{resource}.{field}") or self._lines.get(f"*.{field}")
        if columns is None:
            return None
        return {column: _FALL**at for at, column in enumerate(c for c in columns if c != NOWHERE)}

    def without(self, keep: float, draw: Mapping[str, float]) -> Knowledge:
        """The lines whose draw is below ``keep`` (training hides some at random)."""
        return Knowledge({line: columns for line, columns in self._lines.items() if draw.get(line, 0.0) < keep})

    def without_resource(self, *resources: str) -> Knowledge:
        """All lines but those of these resources."""
        return Knowledge({k: v for k, v in self._lines.items() if k.partition(".")[0] not in resources})

    @property
    def lines(self) -> Mapping[str, tuple[str, ...]]:
        return self._lines


@lru_cache(maxsize=1)
def shipped_knowledge() -> Knowledge:
    """The correspondences that come with the package."""
    text = (files("gp_prestashop.assist.suggest") / "data" / "correspondences.txt").read_text("utf-8")
    lines: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            field, _, columns = line.partition(":")
            lines[field.strip()] = tuple(columns.split())
    return Knowledge(lines)

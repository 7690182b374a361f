"""Suggested value maps as files in ``$GPPS_HOME/maps``; entries that are there stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gp_prestashop.assist.suggest.site.values import ValueSuggestion

__all__ = ["write_value_map"]


def write_value_map(folder: Path, name: str, suggestions: Iterable[ValueSuggestion]) -> Path:
    """Add the chosen codes that ``<folder>/<name>.yaml`` does not have. Returns the file."""
    yaml = YAML()
    path = folder / f"{name}.yaml"
    document: Any = (yaml.load(path.read_text("utf-8")) if path.exists() else None) or {}
    rows = document.setdefault(name, {})
    known = {str(code) for code in rows}
    for one in suggestions:
        if one.chosen and one.code not in known:
            rows[one.code] = {"value": one.value, "name": one.name}
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    temporary.replace(path)
    return path

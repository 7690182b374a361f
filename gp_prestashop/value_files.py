"""Value maps from files: those shipped beside the flows, and the site's own in ``$GPPS_HOME/maps``.

YAML: ``<map name>:`` over ``<code>: <value>`` or ``<code>: {value: …, other columns}``. CSV (``<map name>.csv``): a column
``code``, a column ``value`` and any others. A site's map of a shipped name adds to it and overrides its entries.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["load_value_files", "read_value_files"]

Rows = dict[str, dict[str, str]]  # code → column → value


def load_value_files(ledger: Ledger, files: Iterable[Path]) -> list[str]:
    """Bring the ledger's value maps up to the files; returns the names whose content changed (new version)."""
    return [
        name for name, rows in read_value_files(files).items() if ledger.value_maps.load(name, rows, source="files")
    ]


def read_value_files(files: Iterable[Path]) -> dict[str, Rows]:
    """All maps of these files, later files adding to and overriding earlier ones. Raises ConfigError."""
    maps: dict[str, Rows] = {}
    for file in files:
        for name, rows in (_read_csv(file) if file.suffix == ".csv" else _read_yaml(file)).items():
            maps.setdefault(name, {}).update(rows)
    return maps


def _read_yaml(file: Path) -> dict[str, Rows]:
    try:
        data = YAML(typ="safe").load(_text(file)) or {}
    except YAMLError as error:
        raise ConfigError("value_map_invalid", f"{file} is not YAML: {error}") from error
    if not isinstance(data, Mapping) or not all(isinstance(rows, Mapping) for rows in data.values()):
        raise ConfigError("value_map_invalid", f"{file} must hold maps by name, each with its codes.")
    return {
        str(name): {str(code): _row(file, name, entry) for code, entry in rows.items()} for name, rows in data.items()
    }


def _row(file: Path, name: str, entry: Any) -> dict[str, str]:
    if isinstance(entry, Mapping):
        return {str(column): str(value) for column, value in entry.items()}
    if isinstance(entry, str | int):
        return {"value": str(entry)}
    raise ConfigError(
        "value_map_invalid", f"{file}: {name} has an entry that is neither a value nor columns: {entry!r}."
    )


def _read_csv(file: Path) -> dict[str, Rows]:
    reader = csv.DictReader(io.StringIO(_text(file), newline=""))
    if "code" not in (reader.fieldnames or ()):
        raise ConfigError("value_map_invalid", f"{file} has no column named code.")
    return {file.stem: {row.pop("code"): row for row in reader}}


def _text(file: Path) -> str:
    """With or without a byte order mark. Spreadsheets save other encodings as well."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            "value_map_invalid", f"{file} is not in UTF-8: {error}.", remedy="Save it as UTF-8."
        ) from error

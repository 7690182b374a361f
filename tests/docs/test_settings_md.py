"""docs/settings.md lists every setting with its default, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from gp_prestashop.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
ROW = re.compile(r"^\| `([a-z_.]+)` \| (?:`(.*?)`)? ?\| (.+) \|$", re.MULTILINE)


def settings(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, shown(field.default)


def shown(default: Any) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return str(value) if isinstance(value, str | int | float) else ""


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {name: default or "" for name, default, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert listed == dict(settings(Settings))


def test_the_row_says_what_it_is_for() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [name for name, _, what in rows if len(what) < 10] == []

"""Answers: entities and errors in XML and JSON, written as the shop writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gp_prestashop.sandbox.shop.store import Row
from gp_prestashop.sandbox.shop.vocabulary import ASSOCIATIONS, FIELDS, GETTERS, entity_name, link_target, list_name

__all__ = ["Display", "Refusal", "Writer"]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n'
TAIL = "</prestashop>\n"


class Refusal(Exception):
    """An error answer: HTTP status and (code, message) pairs."""

    def __init__(self, status: int, *errors: tuple[int, str]) -> None:
        super().__init__(str(errors))
        self.status = status
        self.errors = errors


@dataclass(frozen=True)
class Display:
    """Which fields: None for ids only; otherwise names, and fields of associations by name (empty: all of them)."""

    fields: frozenset[str] | None
    associations: dict[str, frozenset[str]] | None = None
    full: bool = False

    def shows(self, field: str) -> bool:
        return self.full or (self.fields is not None and field in self.fields)


class Writer:
    """Writes answers of one shop at ``base`` (``http://host/api``)."""

    def __init__(self, version: str, base: str, *, as_json: bool) -> None:
        self._resources = FIELDS[version]
        self._drops_blanks = as_json and not version.startswith("1.7")
        self._base = base
        self.as_json = as_json

    def rows(self, resource: str, rows: Sequence[Row], display: Display) -> str:
        if self.as_json:
            listed = [self._json_row(row, display) for row in rows]
            return _dump({list_name(resource): listed}) if listed else "[]"
        body = "".join(self._xml_row(resource, row, display) for row in rows)
        return f"{HEAD}<{list_name(resource)}>\n{body}</{list_name(resource)}>\n{TAIL}"

    def one(self, resource: str, row: Row) -> str:
        display = Display(None, full=True)
        if not self.as_json:
            return HEAD + self._xml_row(resource, row, display) + TAIL
        entity = self._json_row(row, display)
        if self._drops_blanks:
            entity = {key: value for key, value in entity.items() if value not in ("", "0", 0, None)}
        return _dump({entity_name(resource): entity})

    def errors(self, errors: Iterable[tuple[int, str]]) -> str:
        if self.as_json:
            return _dump({"errors": [{"code": code, "message": message} for code, message in errors]})
        listed = "".join(
            f"<error>\n<code><![CDATA[{code}]]></code>\n<message><![CDATA[{message}]]></message>\n</error>\n"
            for code, message in errors
        )
        return f"{HEAD}<errors>\n{listed}</errors>\n{TAIL}"

    def root(self, name: str, allowed: Iterable[str], methods: Sequence[str]) -> str:
        flags = " ".join(f'{method}="true"' for method in methods)
        listed = "".join(
            f'<{r} xlink:href="{self._base}/{r}" {flags}>\n<description xlink:href="{self._base}/{r}" {flags}>\n'
            f'{r}</description>\n<schema xlink:href="{self._base}/{r}?schema=blank" type="blank"/>\n</{r}>\n'
            for r in sorted(allowed)
        )
        return f'{HEAD}<api shopName="{name}">\n{listed}</api>\n{TAIL}'

    def _xml_row(self, resource: str, row: Row, display: Display) -> str:
        entity = entity_name(resource)
        if display.fields is None and not display.full:
            return f'<{entity} id="{row["id"]}" xlink:href="{self._base}/{resource}/{row["id"]}"/>\n'
        fields = "".join(
            self._xml_field(resource, field, value)
            for field, value in row.items()
            if field != "associations" and display.shows(field)
        )
        return f"<{entity}>\n{fields}{self._xml_associations(resource, row, display)}</{entity}>\n"

    def _xml_field(self, resource: str, field: str, value: Any) -> str:
        if isinstance(value, dict):
            texts = "".join(
                f'<language id="{lang}" xlink:href="{self._base}/languages/{lang}"><![CDATA[{text}]]></language>'
                for lang, text in value.items()
            )
            return f"\t<{field}>{texts}</{field}>\n"
        target = link_target(field, self._resources)
        # A link is written only where the id names something; order_details write it for combination 0 as well.
        linked = target and (
            value not in ("", "0") or (resource == "order_details" and field == "product_attribute_id")
        )
        link = f' xlink:href="{self._base}/{target}/{value}"' if linked else ""
        getter = ' notFilterable="true"' if field in GETTERS else ""
        return f"\t<{field}{link}{getter}><![CDATA[{value}]]></{field}>\n"

    def _xml_associations(self, resource: str, row: Row, display: Display) -> str:
        shown = self._associations(row, display)
        if not shown:
            return ""
        parts = []
        for name, rows, fields in shown:
            element, target = ASSOCIATIONS[name]
            kind = f'api="{target}"' if target else 'virtualEntity="true"'
            if not rows:
                parts.append(f'<{name} nodeType="{element}" {kind}/>\n')
                continue
            inner = "".join(self._xml_association(resource, element, target, one, fields) for one in rows)
            parts.append(f'<{name} nodeType="{element}" {kind}>\n{inner}</{name}>\n')
        return f"<associations>\n{''.join(parts)}</associations>\n"

    def _xml_association(self, resource: str, element: str, target: str, row: Row, fields: frozenset[str]) -> str:
        link = f' xlink:href="{self._base}/{target}/{row["id"]}"' if target else ""
        inner = "".join(self._xml_field(resource, f, v) for f, v in row.items() if not fields or f in fields)
        return f"\t<{element}{link}>\n{inner}\t</{element}>\n"

    def _json_row(self, row: Row, display: Display) -> dict[str, Any]:
        if display.fields is None and not display.full:
            return {"id": int(row["id"])}
        entity: dict[str, Any] = {}
        for field, value in row.items():
            if field == "associations" or not display.shows(field):
                continue
            if field == "id":
                entity[field] = int(value)
            elif isinstance(value, dict):
                entity[field] = [{"id": lang, "value": text} for lang, text in value.items()]
            else:
                entity[field] = value
        associations = {
            name: [{f: v for f, v in one.items() if not fields or f in fields} for one in rows]
            for name, rows, fields in self._associations(row, display)
            if rows
        }
        return {**entity, "associations": associations} if associations else entity

    @staticmethod
    def _associations(row: Row, display: Display) -> list[tuple[str, list[Row], frozenset[str]]]:
        wanted: Callable[[str], bool] = lambda name: display.full or name in (display.associations or {})  # noqa: E731
        return [
            (name, rows, (display.associations or {}).get(name, frozenset()))
            for name, rows in row.get("associations", {}).items()
            if wanted(name)
        ]


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")

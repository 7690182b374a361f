"""Answers: entities and errors in XML and JSON, written as the shop writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from gp_prestashop.sandbox.shop.display import FULL, Display
from gp_prestashop.sandbox.shop.shapes import Association, Field, Shape
from gp_prestashop.sandbox.shop.store import Row, ShopStore
from gp_prestashop.sandbox.shop.views import associated, shown

__all__ = ["HEAD", "TAIL", "JsonWriter", "Writer", "XmlWriter"]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n'
TAIL = "</prestashop>\n"


class XmlWriter:
    """Answers of one shop whose webservice is at ``base`` (``http://host/api/``), in these languages."""

    kind = "text/xml;charset=utf-8"

    def __init__(self, store: ShopStore, base: str, languages: Sequence[str]) -> None:
        self._store = store
        self._base = base
        self._languages = languages

    def rows(self, shape: Shape, rows: Sequence[Row], display: Display) -> str:
        body = "".join(self._entity(shape, row, display) for row in rows)
        return f"{HEAD}<{shape.list}>\n{body}</{shape.list}>\n{TAIL}"

    def one(self, shape: Shape, row: Row, display: Display = FULL) -> str:
        return HEAD + self._entity(shape, row, display) + TAIL

    def saved(self, shape: Shape, rows: Sequence[Row]) -> str:
        """The answer to a write: every entity, one after the other."""
        return HEAD + "".join(self._entity(shape, row, FULL) for row in rows) + TAIL

    def errors(self, errors: Iterable[tuple[int, str]]) -> str:
        listed = "".join(
            f"<error>\n<code><![CDATA[{code}]]></code>\n<message><![CDATA[{message}]]></message>\n</error>\n"
            for code, message in errors
        )
        return f"{HEAD}<errors>\n{listed}</errors>\n{TAIL}"

    def _entity(self, shape: Shape, row: Row, display: Display) -> str:
        if display.fields is None and not display.full and not display.associations:
            return f'<{shape.entity} id="{row["id"]}" xlink:href="{self._base}{shape.list}/{row["id"]}"/>\n'
        fields = "".join(
            self._field(shape, row, field, value) for field, value in shown(self._store, shape, row, display)
        )
        parts = [
            self._association(row, one, rows, names)
            for one, rows, names in associated(self._store, shape, row, display)
        ]
        inner = f"<associations>\n{''.join(parts)}</associations>\n" if parts else ""
        return f"<{shape.entity}>\n{fields}{inner}</{shape.entity}>\n"

    def _field(self, shape: Shape, row: Row, field: Field, value: Any) -> str:
        if field.i18n:
            return f"\t<{field.name}>{self._texts(value)}</{field.name}>\n"
        text = "" if value is None or value is False else value
        # The shop drops the link of an id_… that names nothing, and of those only.
        linked = field.link and not (field.name.startswith("id_") and text in ("", "0", 0))
        link = f' xlink:href="{self._base}{field.link}/{text}"' if linked else ""
        if field.name == "id_default_image" and text:
            link = f' xlink:href="{self._base}images/{shape.name}/{row["id"]}/{text}"'
        getter = ' notFilterable="true"' if field.getter else ""
        return f"\t<{field.name}{link}{getter}><![CDATA[{text}]]></{field.name}>\n"

    def _texts(self, value: Any) -> str:
        if not isinstance(value, dict):
            return "".join(f'<language id="{one}"><![CDATA[]]></language>' for one in self._languages)
        return "".join(
            f'<language id="{one}" xlink:href="{self._base}languages/{one}"><![CDATA[{value.get(one, "")}]]></language>'
            for one in self._languages
        )

    def _association(self, row: Row, one: Association, rows: list[Row], names: frozenset[str]) -> str:
        kind = f'api="{one.api}"' if one.api else 'virtualEntity="true"'
        pictures = one.name == "images"
        if pictures and "id_product" in row:
            kind = 'api="images/products"'
        if not rows:
            return f'<{one.name} nodeType="{one.entity}" {kind}/>\n'
        inner = []
        for each in rows:
            target = f"{one.api}/{each.get('id')}"
            if pictures:
                target = f"images/products/{row.get('id_product', row['id'])}/{each['id']}"
            link = f' xlink:href="{self._base}{target}"' if one.api else ""
            fields = "".join(
                self._inner(one, name, value) for name, value in each.items() if not names or name in names
            )
            inner.append(f"\t<{one.entity}{link}>\n{fields}\t</{one.entity}>\n")
        return f'<{one.name} nodeType="{one.entity}" {kind}>\n{"".join(inner)}</{one.name}>\n'

    def _inner(self, one: Association, name: str, value: Any) -> str:
        target = one.fields[name].link if name in one.fields else ""
        link = f' xlink:href="{self._base}{target}/{value}"' if target else ""
        return f"\t<{name}{link}><![CDATA[{value}]]></{name}>\n"


class JsonWriter:
    """The same in JSON. From 8.0 on, single entities lose every field that PHP counts as empty."""

    kind = "application/json"

    def __init__(self, store: ShopStore, languages: Sequence[str], *, one_language: bool = False) -> None:
        self._store = store
        self._languages = languages
        self._flat = one_language

    def rows(self, shape: Shape, rows: Sequence[Row], display: Display) -> str:
        listed = [self._entity(shape, self._read(row), display) for row in rows]
        return _dump({shape.list: listed}) if listed else "[]"

    def one(self, shape: Shape, row: Row, display: Display = FULL) -> str:
        return self._single(shape, self._read(row), display)

    def saved(self, shape: Shape, rows: Sequence[Row]) -> str:
        """The answer to a write: the last entity only."""
        return self._single(shape, rows[-1], FULL) if rows else "[]"

    def errors(self, errors: Iterable[tuple[int, str]]) -> str:
        return _dump({"errors": [{"code": code, "message": message} for code, message in errors]})

    def _single(self, shape: Shape, row: Row, display: Display) -> str:
        entity = self._entity(shape, row, display)
        if not self._store.legacy:
            entity = {key: value for key, value in entity.items() if value not in ("", "0", 0, None, False, [])}
        return _dump({shape.entity: entity})

    @staticmethod
    def _read(row: Row) -> Row:
        return row | {"id": int(row["id"])}

    def _entity(self, shape: Shape, row: Row, display: Display) -> dict[str, Any]:
        if display.fields is None and not display.full and not display.associations:
            return {"id": row["id"]}
        entity: dict[str, Any] = {}
        for field, value in shown(self._store, shape, row, display):
            blank = "" if field.name.startswith("id_") else None
            entity[field.name] = self._texts(value) if field.i18n else blank if value is None else value
        associations = {
            one.name: [{f: v for f, v in each.items() if not names or f in names} for each in rows]
            for one, rows, names in associated(self._store, shape, row, display)
            if rows
        }
        return {**entity, "associations": associations} if associations else entity

    def _texts(self, value: Any) -> Any:
        texts = value if isinstance(value, dict) else {}
        if self._flat:
            return texts.get(self._languages[0], "")
        return [{"id": one, "value": texts.get(one, "")} for one in self._languages]


Writer = XmlWriter | JsonWriter


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")

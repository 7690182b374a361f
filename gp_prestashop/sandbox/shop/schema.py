"""``schema=blank`` and ``schema=synopsis``: an empty entity, and what each field must be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gp_prestashop.sandbox.shop.answers import HEAD, TAIL
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.shapes import Association, Field, Inner, Shape
from gp_prestashop.sandbox.shop.store import ShopStore

__all__ = ["schema_json", "schema_of"]

EMPTY = "<![CDATA[]]>"
UNKNOWN = (
    "Please select a schema of type 'synopsis' to get the whole schema informations (which fields are required, "
    "which kind of content...) or 'blank' to get an empty schema to fill before using POST request"
)


def schema_of(shape: Shape, which: str, base: str, languages: Sequence[str]) -> str:
    """Raises Refusal 400/28 for any other ``which``."""
    full = _is_synopsis(which)
    fields = [one for one in shape.fields.values() if (one.name != "id" if full else not one.fixed)]
    body = "".join(_synopsis(one, base, languages) if full else _blank(one, languages) for one in fields)
    parts = "".join(_association(one, base, full=full) for one in shape.associations.values())
    inner = f"<associations>\n{parts}</associations>\n" if parts else ""
    return f"{HEAD}<{shape.entity}>\n{body}{inner}</{shape.entity}>\n{TAIL}"


def schema_json(store: ShopStore, shape: Shape, which: str) -> str:
    """The same in JSON, which has room for names only; from 8.0 on those of associations alone are left."""
    full = _is_synopsis(which)
    fields = [one.name for one in shape.fields.values() if (one.name != "id" if full else not one.fixed)]
    entity: dict[str, Any] = dict.fromkeys(fields, "") if store.legacy else {}
    if shape.associations:
        entity["associations"] = {name: [dict.fromkeys(one.fields)] for name, one in shape.associations.items()}
    return json.dumps({shape.entity: entity}, separators=(",", ":"))


def _is_synopsis(which: str) -> bool:
    if which not in ("blank", "synopsis"):
        raise Refusal(400, (28, UNKNOWN))
    return which == "synopsis"


def _blank(field: Field, languages: Sequence[str]) -> str:
    if not field.i18n:
        return f"\t<{field.name}>{EMPTY}</{field.name}>\n"
    texts = "".join(f'<language id="{one}">{EMPTY}</language>' for one in languages)
    return f"\t<{field.name}>{texts}</{field.name}>\n"


def _synopsis(field: Field, base: str, languages: Sequence[str]) -> str:
    facts = (
        ("notFilterable", "true" if field.getter else ""),
        ("read_only", "true" if field.fixed else ""),
        ("required", "true" if field.required else ""),
        ("maxSize", str(field.size or "")),
        ("format", field.format),
        ("readOnly", "true" if field.readonly else ""),
    )
    attributes = "".join(f' {name}="{value}"' for name, value in facts if value)
    if not field.i18n:
        return f"\t<{field.name}{attributes}>{EMPTY}</{field.name}>\n"
    texts = "".join(
        f'<language id="{one}" xlink:href="{base}languages/{one}" format="isUnsignedId" >{EMPTY}</language>'
        for one in languages
    )
    return f"\t<{field.name}{attributes}>{texts}</{field.name}>\n"


def _association(one: Association, base: str, *, full: bool) -> str:
    inner = "".join(_inner(name, field, base, full=full) for name, field in one.fields.items())
    kind = f' nodeType="{one.entity}" ' + (f'api="{one.api}"' if one.api else 'virtualEntity="true"') if full else ""
    return f"<{one.name}{kind}>\n\t<{one.entity}>\n{inner}\t</{one.entity}>\n</{one.name}>\n"


def _inner(name: str, field: Inner, base: str, *, full: bool) -> str:
    if not full:
        return f"\t<{name}>{EMPTY}</{name}>\n"
    link = f' xlink:href="{base}{field.link}/"' if field.link else ""
    fixed = ' read_only="true"' if field.readonly else ""
    required = ' required="true"' if field.required else ""
    readonly = ' readOnly="true"' if field.readonly else ""
    return f"\t<{name}{link}{fixed}{required}{readonly}>{EMPTY}</{name}>\n"

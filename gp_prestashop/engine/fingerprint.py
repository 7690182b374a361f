"""Fingerprints of documents: equal exactly when the target would be sent the same thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gp_prestashop.mapping.shapes import Document

__all__ = ["as_json", "fingerprint", "from_json"]


def fingerprint(document: Document) -> str:
    """SHA-256 over the document's canonical JSON."""
    text = json.dumps(as_json(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(document: Document) -> dict[str, Any]:
    """The document as JSON-able data; money as text, so that no cent is lost."""
    return {
        "type": document.type,
        "key": document.key,
        "source_key": document.source_key,
        "frames": {name: [_row(row) for row in rows] for name, rows in document.frames.items()},
        **({"owns": list(document.owns)} if document.owns else {}),
    }


def from_json(data: Mapping[str, Any]) -> Document:
    """The document back, enough for a guard to compare: amounts, dates and text as :func:`as_json` wrote them."""
    frames = {name: [_revive(row) for row in rows] for name, rows in data["frames"].items()}
    owns = tuple(data.get("owns", ()))
    return Document(source_key=data["source_key"], type=data["type"], key=data["key"], frames=frames, owns=owns)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if value is not None}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": f"{value.normalize():f}" if value else "0"}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    return value


def _revive(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _from_tag(value) for name, value in row.items()}


def _from_tag(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    (tag, text), *_ = value.items()
    if tag == "$decimal":
        return Decimal(text)
    return datetime.fromisoformat(text) if tag == "$datetime" else date.fromisoformat(text)

"""Raw records: their hash without volatile fields, and their compressed form."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from typing import Any

__all__ = ["content_hash", "pack", "unpack"]


def content_hash(raw: Mapping[str, Any], volatile: Collection[str] = ()) -> str:
    """SHA-256 of the canonical JSON, with fields of these names left out at any depth."""
    return hashlib.sha256(_canonical(_without(raw, frozenset(volatile)))).hexdigest()


def pack(raw: Mapping[str, Any]) -> bytes:
    return zlib.compress(_canonical(raw))


def unpack(body: bytes) -> dict[str, Any]:
    return dict(json.loads(zlib.decompress(body)))


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    if isinstance(value, list | tuple):
        return [_without(inner, names) for inner in value]
    return value

"""What a running map asks: cross-references, value maps and look-up lists, always for many keys at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

__all__ = ["CachedReferences", "Key", "References"]

Key = tuple[str, ...]


class References(Protocol):
    """``kind`` is ``xref``, ``value`` or ``lookup``. A key that is not there is absent from the answer."""

    def resolve(
        self, kind: str, name: str, keys: Sequence[Key], columns: Sequence[str]
    ) -> Mapping[Key, Mapping[str, Any]]: ...


class CachedReferences:
    """Asks each key once for the life of one batch, so that bisecting a batch asks nothing twice."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._known: dict[tuple[str, str, tuple[str, ...]], dict[Key, Mapping[str, Any] | None]] = {}

    def resolve(
        self, kind: str, name: str, keys: Sequence[Key], columns: Sequence[str]
    ) -> Mapping[Key, Mapping[str, Any]]:
        known = self._known.setdefault((kind, name, tuple(columns)), {})
        if missing := [key for key in keys if key not in known]:
            found = self._references.resolve(kind, name, missing, columns)
            known.update({key: found.get(key) for key in missing})
        return {key: row for key in keys if (row := known[key]) is not None}

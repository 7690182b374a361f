"""Answers what maps ask while they run: cross-references, value maps, look-up lists, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import LookupProvider
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["EngineReferences"]

Key = tuple[str, ...]


class EngineReferences:
    """Routes ``xref`` and ``value`` to the ledger, and ``lookup('system.list')`` to that system's connector."""

    def __init__(self, ledger: Ledger, providers: Mapping[str, LookupProvider]) -> None:
        self._ledger = ledger
        self._providers = providers

    def resolve(
        self, kind: str, name: str, keys: Sequence[Key], columns: Sequence[str]
    ) -> Mapping[Key, Mapping[str, Any]]:
        if kind == "xref":
            found = self._ledger.xrefs(name, [key[0] for key in keys])
            return {(key,): dict.fromkeys(columns or ("value",), target) for key, target in found.items()}
        if kind == "value":
            rows = self._ledger.value_maps.resolve(name, [key[0] for key in keys], columns)
            return {(code,): row for code, row in rows.items()}
        system = name.partition(".")[0]
        provider = self._providers.get(system)
        if provider is None:
            raise ConfigError("unknown_system", f"The look-up list {name} names a system that is not connected.")
        return provider.lookup(name, keys, columns)

"""What maps read as ``setting('sop.prefix')``: our settings by dotted name, and GP's own setup where ours is blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import BaseModel

from gp_prestashop.engine.protocols import Target
from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import Settings

__all__ = ["FlowSettings"]

SECTIONS = ("sop", "customer", "deposit", "payment", "refund", "catalogue", "stock", "fulfilment", "vars")
REQUIRED = {
    "sop.docid": "the GP document id of web orders (SOP40200)",
    "sop.invoice_docid": "the GP document id of invoices (SOP40200)",
    "sop.site": "the GP site that web orders are taken from (IV40700)",
    "refund.docid": "the GP document id of returns (SOP40200)",
}


class FlowSettings(Mapping[str, str]):
    """Text by name. Secrets are not among them. GP is asked only when a blank setting is read."""

    def __init__(self, settings: Settings, target: Target) -> None:
        self._settings = settings
        self._target = target

    @cached_property
    def _given(self) -> dict[str, str]:
        given: dict[str, str] = {}
        for section in SECTIONS:
            value = getattr(self._settings, section)
            fields = value.model_dump() if isinstance(value, BaseModel) else value
            given |= {f"{section}.{name}": str(text) for name, text in fields.items()}
        if self._settings.go_live is not None:
            given["go_live"] = self._settings.go_live.isoformat()
        return given

    @cached_property
    def _of_target(self) -> Mapping[str, str]:
        return self._target.defaults()

    def __getitem__(self, name: str) -> str:
        if name == "go_live":
            return self._settings.require_go_live().isoformat()
        if name not in self._given:
            raise KeyError(name)
        value = self._given[name]
        if value or name not in REQUIRED:
            return value
        if found := self._of_target.get(name, ""):
            return found
        variable = "GPPS_" + name.upper().replace(".", "__")
        raise ConfigError("setting_missing", f"{variable} is not set, and GP has no default: {REQUIRED[name]}.")

    def without_target(self) -> Mapping[str, str]:
        """The same, with a setting's own name where only GP could tell: for maps that are tried without it."""
        blank = {name: name.rpartition(".")[2].upper() for name in REQUIRED if not self._given.get(name)}
        return {"go_live": "1900-01-01", **self._given, **blank}

    def __iter__(self) -> Iterator[str]:
        return iter({**self._given, "go_live": ""})

    def __len__(self) -> int:
        return len({**self._given, "go_live": ""})

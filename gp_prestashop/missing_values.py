"""Which of the shop's codes have no entry in the value maps yet, with the lines to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.protocols import Probe

__all__ = ["missing_values"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value map and the shop's list whose codes it must cover. ``only`` keeps the codes that matter."""

    map: str
    resource: str
    code: str
    title: str
    meaning: str


WANTED = (
    _Wanted("order_states", "order_states", "id", "name", "ignore, wait or order"),
    _Wanted("carriers", "carriers", "id_reference", "name", "a shipping method of GP (SY03000.SHIPMTHD)"),
    _Wanted("tax_details", "taxes", "id", "name", "a tax detail of GP (TX00201.TAXDTLID)"),
    _Wanted("tax_schedules", "countries", "iso_code", "iso_code", "a tax schedule of GP (TX00101.TAXSCHID)"),
)


def missing_values(parts: Parts, home: Path) -> Iterator[Probe]:
    """One probe for each value map; a failed one shows the YAML lines to complete in ``$GPPS_HOME/maps``."""
    (source,) = parts.sources.values()
    for wanted in WANTED:
        rows = source.active_codes(wanted.resource, wanted.code, wanted.title)
        known = parts.ledger.value_maps.resolve(wanted.map, list(rows), ["value"])
        missing = {code: title for code, title in rows.items() if code not in known}
        name = f"value map {wanted.map}"
        if not missing:
            yield Probe(name, ok=True, sentence=f"All {len(rows)} codes of the shop's {wanted.resource} have an entry.")
            continue
        lines = [f'  "{code}": ""  # {title}' for code, title in list(missing.items())[:40]]
        yield Probe(
            name,
            ok=False,
            sentence=f"{len(missing)} of the shop's {wanted.resource} have no entry; orders with them are held.",
            remedy="\n".join([f"Add to {home / 'maps'}/values.yaml, each with {wanted.meaning}:", f"{wanted.map}:", *lines]),
        )

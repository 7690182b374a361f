"""Which of the shop's codes have no entry in the value maps yet, with the lines to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gp_prestashop.engine.parts import Parts
from gp_prestashop.engine.protocols import Probe, Selection

__all__ = ["missing_values"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value map and the resource whose codes it must cover."""

    map: str
    resource: str
    code: str
    title: str
    meaning: str


WANTED = (
    _Wanted("order_states", "order_states", "id", "name", "ignore, wait, order, invoice, cancel or keep"),
    _Wanted("carriers", "carriers", "id_reference", "name", "a shipping method of GP (SY03000.SHIPMTHD)"),
    _Wanted("tax_details", "taxes", "id", "name", "a tax detail of GP (TX00201.TAXDTLID)"),
    _Wanted("tax_schedules", "countries", "iso_code", "iso_code", "a tax schedule of GP (TX00101.TAXSCHID)"),
)


def missing_values(parts: Parts, home: Path) -> Iterator[Probe]:
    """One probe for each value map; a failed one shows the YAML lines to complete in ``$GPPS_HOME/maps``."""
    for wanted in WANTED:
        codes = _codes(parts, wanted)
        known = parts.ledger.value_maps.resolve(wanted.map, list(codes), ["value"])
        missing = {code: title for code, title in codes.items() if code not in known}
        name = f"value map {wanted.map}"
        if not missing:
            yield Probe(
                name, ok=True, sentence=f"All {len(codes)} codes of the shop's {wanted.resource} have an entry."
            )
            continue
        lines = [f'  "{code}": ""  # {title}' for code, title in list(missing.items())[:40]]
        yield Probe(
            name,
            ok=False,
            sentence=f"{len(missing)} of the shop's {wanted.resource} have no entry; orders with them are held.",
            remedy="\n".join(
                [f"Add to {home / 'maps'}/values.yaml, each with {wanted.meaning}:", f"{wanted.map}:", *lines]
            ),
        )


def _codes(parts: Parts, wanted: _Wanted) -> dict[str, str]:
    """The codes in use (not deleted, active where the resource knows it), with their titles."""
    source = parts.sources["prestashop"]
    codes: dict[str, str] = {}
    for page in source.read(wanted.resource, Selection(), page_size=500):
        for record in page:
            if record.raw.get("deleted") == "1" or record.raw.get("active") == "0":
                continue
            title = record.raw.get(wanted.title) or ""
            codes[str(record.raw[wanted.code])] = (
                next(iter(title.values()), "") if isinstance(title, dict) else str(title)
            )
    return codes

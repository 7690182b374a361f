"""The company's currencies: MC40200 (system), access MC60100 (system), functional currency MC40000 (company).

Where multicurrency is not set up GP stores a blank CURNCYID: then only a company with exactly one currency is answered
for, since anything else would enter foreign amounts as functional ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.keys import key_text

__all__ = ["Currencies", "Currency", "decimals_of", "read_currencies"]


@dataclass(frozen=True, slots=True)
class Currency:
    """``id`` is GP's CURNCYID, blank without multicurrency; ``decimals`` 0 to 5; ``iso`` as in MC40200.ISOCURRC."""

    id: str
    index: int
    decimals: int
    iso: str
    functional: bool


@dataclass(frozen=True, slots=True)
class Currencies:
    """``functional`` is the CURNCYID of MC40000, blank when multicurrency is not set up."""

    functional: str
    by_iso: Mapping[str, Currency] = field(default_factory=dict)

    def or_functional(self, currency_id: Any) -> str:
        """The id itself; the functional one for a blank."""
        return key_text(currency_id) or key_text(self.functional)

    def iso_of(self, currency_id: Any) -> str:
        """The ISO code of a CURNCYID, or the id itself when GP names none."""
        wanted = self.or_functional(currency_id)
        return next((c.iso for c in self.by_iso.values() if key_text(c.id) == wanted), wanted)


def decimals_of(code: int) -> int:
    """DECPLCUR and DECPLQTY are coded 1..6 for 0..5 decimals; 7..12 are the functional-currency variants."""
    return (code - 1) % 6


def read_currencies(database: GpDatabase) -> Currencies:
    """All currencies that the company may use. Raises Transient or ConfigError."""
    setup, currency, access = (database.tables[name] for name in ("MC40000", "MC40200", "MC60100"))
    rows = database.read(sa.select(setup.c.FUNLCURR))
    functional = key_text(rows[0]["FUNLCURR"]) if rows else ""
    allowed = {
        key_text(row["CURNCYID"])
        for row in database.read(
            sa.select(access.c.CURNCYID).where(access.c.CMPANYID.in_([database.company.id]), access.c.INACTIVE == 0)
        )
    }
    columns = [currency.c[name] for name in ("CURNCYID", "CURRNIDX", "DECPLCUR", "ISOCURRC")]
    listed = [row for row in database.read(sa.select(*columns)) if row["CURNCYID"]]
    usable = [row for row in listed if key_text(row["CURNCYID"]) in allowed | {functional}]
    if not functional:
        usable = usable or listed
        usable = usable if len(usable) == 1 else []
    found = (
        Currency(
            id=row["CURNCYID"] if functional else "",
            index=row["CURRNIDX"] if functional else 0,
            decimals=decimals_of(row["DECPLCUR"]),
            iso=key_text(row["ISOCURRC"]) or key_text(row["CURNCYID"]),
            functional=not functional or key_text(row["CURNCYID"]) == functional,
        )
        for row in usable
    )
    # Two ids with one ISO code: the functional one is meant.
    return Currencies(functional, {c.iso: c for c in sorted(found, key=lambda c: (c.functional, c.id))})

"""Probes of the currencies that a shop sells in: known to GP, with an exchange rate, and a price list for its items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Probe
from gp_prestashop.gp.compare import key_text
from gp_prestashop.gp.currencies import Currencies, Currency
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.rates import rates_in_force

__all__ = ["probe_currencies"]

SHOWN = 5


def probe_currencies(database: GpDatabase, currencies: Currencies, iso_codes: Iterable[str]) -> Iterator[Probe]:
    """One line a currency. Raises Transient or ConfigError."""
    for iso in dict.fromkeys(key_text(code) for code in iso_codes):
        name = f"GP currency {iso}"
        currency = currencies.by_iso.get(iso)
        if currency is None:
            yield Probe(
                name,
                ok=False,
                sentence=f"GP does not know {iso}, or the company may not use it: its orders will be held.",
                remedy="Set the currency up in GP and give the company access to it (Multicurrency Access).",
            )
        else:
            yield _probe(database, name, currency)


def _probe(database: GpDatabase, name: str, currency: Currency) -> Probe:
    faults, remedies, today = [], [], database.clock.now().date()
    known = "it is the functional currency" if currency.functional else ""
    if not currency.functional:
        rate = rates_in_force(database, {(key_text(currency.id), today)}).get((key_text(currency.id), today))
        if rate is None:
            faults.append(f"no exchange rate is in force on {today} (MC40301, MC00100)")
            remedies.append("Enter a rate in GP (Exchange Rate Maintenance), or let the maps pass the shop's rate.")
        else:
            sense = "divide" if rate.method else "multiply"
            known = f"rate {rate.rate.normalize():f} ({sense}) of {rate.since} from table {rate.table}"
    missing = _unpriced(database, currency) if currency.id else []
    if missing:
        more = " and others" if len(missing) > SHOWN else ""
        faults.append(f"without a price list row (IV00108, error 9386): {', '.join(missing[:SHOWN])}{more}")
        remedies.append("Give the items a price in this currency in GP (Item Price List Maintenance).")
    if faults:
        return Probe(name, ok=False, sentence=f"{currency.iso}: {'; '.join(faults)}.", remedy=" ".join(remedies))
    return Probe(name, ok=True, sentence=f"{currency.iso}: {known}; every active item has a price list row.")


def _unpriced(database: GpDatabase, currency: Currency) -> list[str]:
    """Some active items without a row in IV00108 for the currency."""
    items, prices = database.tables.IV00101, database.tables.IV00108
    priced = (
        sa.select(prices.c.ITEMNMBR)
        .where(prices.c.ITEMNMBR == items.c.ITEMNMBR, prices.c.CURNCYID.in_([currency.id]))
        .exists()
    )
    statement = sa.select(items.c.ITEMNMBR).where(items.c.INACTIVE.in_([0]), ~priced).order_by(items.c.ITEMNMBR)
    return [row["ITEMNMBR"] for row in database.read(statement.limit(SHOWN + 1))]

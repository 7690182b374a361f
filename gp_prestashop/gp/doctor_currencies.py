"""Probes of the currencies that a shop sells in: known to GP, with an exchange rate, and a price list for its items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Probe
from gp_prestashop.gp.currencies import Currencies, Currency
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.rates import exchange_tables, rates_in_force
from gp_prestashop.keys import key_text

__all__ = ["InShop", "probe_currencies"]

SHOWN = 5
InShop = Callable[[Collection[str]], Collection[str]]


def probe_currencies(
    database: GpDatabase, currencies: Currencies, iso_codes: Iterable[str], *, shop_rates: bool, in_shop: InShop
) -> Iterator[Probe]:
    """One line a currency. ``shop_rates``: documents bring the shop's rate. ``in_shop``: which of these items it sells.

    Raises Transient or ConfigError.
    """
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
            yield _probe(database, name, currency, shop_rates=shop_rates, in_shop=in_shop)


def _probe(database: GpDatabase, name: str, currency: Currency, *, shop_rates: bool, in_shop: InShop) -> Probe:
    known, fault, remedy = (
        ("it is the functional currency", "", "")
        if currency.functional
        else _rate(database, currency, shop_rates=shop_rates)
    )
    faults, remedies = ([fault], [remedy]) if fault else ([], [])
    missing = sorted(in_shop(_unpriced(database, currency))) if currency.id else []
    if missing:
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        faults.append(f"without a price list row (IV00108, error 9386): {', '.join(missing[:SHOWN])}{more}")
        remedies.append("Give the items a price in this currency in GP (Item Price List Maintenance).")
    if faults:
        return Probe(name, ok=False, sentence=f"{currency.iso}: {'; '.join(faults)}.", remedy=" ".join(remedies))
    return Probe(name, ok=True, sentence=f"{currency.iso}: {known}; every item has a price list row.")


def _rate(database: GpDatabase, currency: Currency, *, shop_rates: bool) -> tuple[str, str, str]:
    """What is known of the currency's rate, or the fault and its remedy."""
    today, id_ = database.clock.now().date(), key_text(currency.id)
    if not exchange_tables(database, {id_}):
        fault = "the company has no exchange table for it (MC40301, MC40300)"
        return (
            "",
            fault,
            "Give the company access to an exchange table in GP (Multicurrency Access, Select Rate Types).",
        )
    rate = rates_in_force(database, {(id_, today)}).get((id_, today))
    if rate is not None:
        sense = "divide" if rate.method else "multiply"
        return f"rate {rate.rate.normalize():f} ({sense}) of {rate.since} from table {rate.table}", "", ""
    fault = f"no exchange rate is in force on {today} (MC00100)"
    if shop_rates:
        return f"{fault}, and orders bring the shop's", "", ""
    return "", fault, "Enter a rate in GP (Exchange Rate Maintenance), or set sop.rate = shop."


def _unpriced(database: GpDatabase, currency: Currency) -> list[str]:
    """Active items without a row in IV00108 for the currency."""
    items, prices = database.tables.IV00101, database.tables.IV00108
    priced = (
        sa.select(prices.c.ITEMNMBR)
        .where(prices.c.ITEMNMBR == items.c.ITEMNMBR, prices.c.CURNCYID.in_([currency.id]))
        .exists()
    )
    statement = sa.select(items.c.ITEMNMBR).where(items.c.INACTIVE.in_([0]), ~priced)
    return [row["ITEMNMBR"] for row in database.read(statement)]

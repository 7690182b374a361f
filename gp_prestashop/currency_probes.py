"""``doctor``: whether GP can take orders in each currency of the shop, and whose exchange rates they would be at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from gp_prestashop.engine.protocols import Probe, Selection, Source, Target
from gp_prestashop.errors import ConfigError

__all__ = ["currency_probes"]


@runtime_checkable
class KnowsCurrencies(Protocol):
    """A target that can tell what it lacks for orders in a currency."""

    def probe_currencies(
        self, iso_codes: Collection[str], *, shop_rates: bool, in_shop: Callable[[Collection[str]], Collection[str]]
    ) -> Iterator[Probe]: ...


def currency_probes(shop: Source, gp: Target, articles: Target, *, shop_rates: bool) -> Iterator[Probe]:
    """One probe for each active currency of the shop. ``articles`` answers ``prestashop.articles``."""
    if not isinstance(gp, KnowsCurrencies):
        return
    rows = [record.raw for page in shop.read("currencies", Selection()) for record in page]
    living = {str(row["iso_code"]): row for row in rows if row.get("active") != "0" and row.get("deleted") != "1"}
    if shop_rates:
        yield from _whose_rates(gp, living)
    yield from gp.probe_currencies(list(living), shop_rates=shop_rates, in_shop=lambda items: _sold(articles, items))


def _whose_rates(gp: Target, living: dict[str, Any]) -> Iterator[Probe]:
    """The shop's rates are of its default currency: they are right in GP only where that is the functional one."""
    known = gp.lookup("gp.currencies", [(iso,) for iso in living], ["functional"])
    default = next((iso for iso, row in living.items() if Decimal(row.get("conversion_rate") or 0) == 1), "")
    foreign = [iso for iso in living if iso != default]
    if not default or not foreign or known.get((default,), {}).get("functional"):
        return
    yield Probe(
        "exchange rates",
        ok=False,
        sentence=f"The shop's rates are of {default}, which is not GP's functional currency: orders in other money are held.",
        remedy="Set GPPS_SOP__RATE=gp to take the rates of GP's exchange tables.",
    )


def _sold(articles: Target, items: Collection[str]) -> Collection[str]:
    """Those that are articles of the shop; all of them where its key may not read products."""
    try:
        found = articles.lookup("prestashop.articles", [(item,) for item in items], ["matches"])
    except ConfigError:
        return items
    return [key[0] for key in found]

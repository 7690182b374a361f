"""Probes of the connection to the shop: what works, and how to mend what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from gp_prestashop.clock import Clock
from gp_prestashop.engine.protocols import Probe
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.configuration import shop_setting
from gp_prestashop.prestashop.windows import DateFilter
from gp_prestashop.settings import ShopSettings

__all__ = ["NEEDED", "probes"]

NEEDED = (  # what the shipped flows and look-ups read
    "orders",
    "order_details",
    "order_carriers",
    "order_cart_rules",
    "order_payments",
    "order_states",
    "customers",
    "addresses",
    "groups",
    "countries",
    "states",
    "currencies",
    "languages",
    "carriers",
    "taxes",
    "tax_rules",
)
SKEW = timedelta(minutes=5)

Check = Callable[[], Probe]


def probes(
    settings: ShopSettings, client: Callable[[], PrestaShopClient], dates: Callable[[], DateFilter], clock: Clock
) -> Iterator[Probe]:
    """In an order in which each builds on those before; without an answer to the first nothing more is tried."""
    first = _try("shop and key", lambda: _reachable(client()))
    yield first
    if not first.ok:
        return
    yield _try("version", lambda: _version(client()))
    yield from (_try(f"read {resource}", lambda r=resource: _readable(client(), r)) for resource in NEEDED)  # type: ignore[misc]
    for resource, field in (("orders", "date_add"), ("orders", "date_upd"), ("order_payments", "date_add")):
        yield _try(f"date filter {resource}.{field}", lambda r=resource, f=field: _filters(dates(), r, f))  # type: ignore[misc]
    yield _try("both formats", lambda: _formats(client()))
    yield _try("time zone", lambda: _time_zone(client(), settings, clock))
    yield _try("base currency", lambda: _base_currency(client()))


def _try(name: str, check: Check) -> Probe:
    try:
        probe = check()
    except GpPrestashopError as error:
        shown = error.details.get("first_bytes")
        sentence = error.sentence + (f" It began with: {shown!r}" if shown else "")
        return Probe(name, ok=False, sentence=sentence, remedy=error.remedy)
    return Probe(name, probe.ok, probe.sentence, probe.remedy)


def _good(sentence: str) -> Probe:
    return Probe("", ok=True, sentence=sentence)


def _bad(sentence: str, remedy: str) -> Probe:
    return Probe("", ok=False, sentence=sentence, remedy=remedy)


def _reachable(client: PrestaShopClient) -> Probe:
    found = client.capabilities
    readable = sum("GET" in methods for methods in found.permissions.values())
    return _good(f"{found.shop_name or 'The shop'} answers; the key may read {readable} resources.")


def _version(client: PrestaShopClient) -> Probe:
    found = client.capabilities
    shown = ".".join(map(str, found.version))
    if found.version < (1, 7, 8):
        return _bad(
            "The shop does not tell its version." if found.version == (0,) else f"PrestaShop {shown} is too old.",
            "A proxy may drop the PSWS-Version header; 1.7.8 or later is needed.",
        )
    return _good(
        f"PrestaShop {shown}, {'with PATCH' if found.patch else 'without PATCH: records are read and put back'}."
    )


def _readable(client: PrestaShopClient, resource: str) -> Probe:
    if "GET" not in client.capabilities.permissions.get(resource, frozenset()):
        return _bad(
            f"The key may not read {resource}.",
            f"Tick GET for {resource} at the key: Advanced parameters > Webservice.",
        )
    rows = client.rows(resource, {"limit": "1", "sort": "[id_DESC]"})
    return _good(f"Newest: {rows[0]['id']}." if rows else "There are none yet.")


def _filters(dates: DateFilter, resource: str, field: str) -> Probe:
    dates.prove(resource, field)
    return _good("The shop filters as asked.")


def _formats(client: PrestaShopClient) -> Probe:
    in_xml, in_json = client.in_both_formats("orders", {"limit": "3", "sort": "[id_DESC]"})
    if in_xml != in_json:
        return _bad(
            "The shop's XML and JSON of the same orders differ.", "Look for modules that change the webservice."
        )
    return _good("XML and JSON say the same.")


def _time_zone(client: PrestaShopClient, settings: ShopSettings, clock: Clock) -> Probe:
    told = shop_setting(client, "PS_TIMEZONE")
    if told is not None and told != settings.timezone:
        return _bad(f"The shop's time zone is {told}, not {settings.timezone}.", f"Set GPPS_SHOP__TIMEZONE={told}.")
    server = parsedate_to_datetime(client.transport.last_date) if client.transport.last_date else clock.now()
    rows = client.rows("orders", {"sort": "[id_DESC]", "limit": "1"}, display=["id", "date_add", "date_upd"])
    walls = [w for row in rows for f in ("date_add", "date_upd") if (w := _wall(str(row.get(f) or ""))) is not None]
    ahead = max((wall - server.astimezone(settings.zone).replace(tzinfo=None) for wall in walls), default=timedelta(0))
    if ahead > SKEW:
        return _bad(
            f"The newest order is {ahead} in the future by {settings.timezone}.",
            "Set GPPS_SHOP__TIMEZONE to the shop's zone (International > Localization).",
        )
    if abs(server - clock.now()) > SKEW:
        return _bad(f"The clocks of the shop and of this machine differ by {abs(server - clock.now())}.", "Use NTP.")
    return _good(f"{settings.timezone}{', as the shop says' if told else ' fits the newest order'}.")


def _wall(text: str) -> datetime | None:
    """A wall time without zone, as the shop writes it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _base_currency(client: PrestaShopClient) -> Probe:
    rows = client.rows("currencies", {"sort": "[id_ASC]"})
    base = [str(row.get("iso_code")) for row in rows if str(row.get("conversion_rate", "")).strip("0") == "1."]
    chosen = shop_setting(client, "PS_CURRENCY_DEFAULT")
    named = [str(row.get("iso_code")) for row in rows if row["id"] == chosen]
    if not base:
        return _bad(
            "No currency of the shop has the rate 1.", "Set the default currency: International > Localization."
        )
    return _good(f"{(named or base)[0]}; {len(rows)} currencies.")

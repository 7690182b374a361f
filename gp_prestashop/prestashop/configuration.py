"""Settings of the shop itself (ps_configuration), where the key may read them."""

from __future__ import annotations

from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.codec import decode_list

__all__ = ["default_language", "shop_setting"]


def shop_setting(client: PrestaShopClient, name: str) -> str | None:
    """A value of ``configurations`` (PS_LANG_DEFAULT, PS_TIMEZONE, PS_CURRENCY_DEFAULT); None if it is not to be had.

    Most keys may not read ``configurations``, and need not.
    """
    if "GET" not in client.capabilities.permissions.get("configurations", frozenset()):
        return None
    answer = client.transport.read("configurations", {"filter[name]": f"[{name}]", "display": "[name,value]"})
    values = [row.get("value") for row in decode_list(answer.body) if row.get("name") == name]
    return str(values[0]) if values and values[0] else None


def default_language(client: PrestaShopClient) -> str:
    """The id of the shop's default language; the first active one where the key may not see the setting."""
    if chosen := shop_setting(client, "PS_LANG_DEFAULT"):
        return chosen
    rows = client.rows("languages", {"sort": "[id_ASC]"}, display=["id", "active"])
    active = [row["id"] for row in rows if row.get("active") == "1"] or [row["id"] for row in rows]
    return active[0] if active else "1"

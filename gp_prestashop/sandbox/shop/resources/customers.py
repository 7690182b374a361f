"""Customers and their addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request, stamp
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.store import Row

__all__ = ["BEHAVIOURS"]

PASSWORD_AGE = timedelta(minutes=360)  # PS_PASSWD_TIME_FRONT: a new customer may ask for another one at once
GUEST_GROUP = "2"
NULLABLE = ("ip_registration_newsletter", "website", "company", "siret", "ape", "note", "reset_password_token")


def _set_password(draft: Draft, text: str) -> None:
    """Hashed, unless it is the hash that the customer has."""
    if draft.old is None or draft.old["passwd"] != text:
        salt = f"{draft.store.random.getrandbits(64)}"
        digest = hashlib.sha512((salt + text).encode()).hexdigest()
        draft.row["passwd"] = f"$2y$10${digest[:53]}"
    else:
        draft.row["passwd"] = text


def _before(draft: Draft) -> None:
    email, row, now = str(draft.row["email"]), draft.row, draft.request.now
    others = [one for one in draft.store.having("customers", "email", email) if one["id"] != str(row["id"])]
    if any(one["is_guest"] == "0" and one["deleted"] == "0" for one in others):
        used = (140, "The email is already used, please choose another one")
        raise Refusal(500, used, (46, "Unable to save resource"))
    if draft.new:
        if str(row["is_guest"]) == "1":
            row["id_default_group"] = GUEST_GROUP
        row["id_shop"] = row["id_shop"] or "1"
        row["id_shop_group"] = row["id_shop_group"] or "1"
        row["secure_key"] = f"{draft.store.random.getrandbits(128):032x}"
        row["last_passwd_gen"] = stamp(now - PASSWORD_AGE)
    if whole(row["newsletter"] or 0) and row["newsletter_date_add"] in (None, "", "0000-00-00 00:00:00"):
        row["newsletter_date_add"] = stamp(now)


def _after(draft: Draft) -> None:
    stored = draft.store.row("customers", draft.id)
    groups = stored["associations"].get("groups")
    if draft.new and not groups:
        group = GUEST_GROUP if stored["is_guest"] == "1" else str(whole(stored["id_default_group"]) or 3)
        draft.store.change("customers", draft.id, associations={"groups": [{"id": group}]})
    if not draft.new:  # an update, unlike an insert, writes NULL for what is blank
        draft.store.change("customers", draft.id, **{one: stored[one] or None for one in NULLABLE})
    if stored["last_passwd_gen"].startswith("0000"):
        draft.store.change("customers", draft.id, last_passwd_gen=draft.request.stamp)  # the column's own default


def _delete_customer(request: Request, row: Row) -> bool:
    for address in request.store.having("addresses", "id_customer", row["id"]):
        if not _delete_address(request, address):
            request.store.table("addresses").remove(int(address["id"]))
    return False


def _delete_address(request: Request, row: Row) -> bool:
    """An address that an order names stays, with its flag set."""
    store = request.store
    used = store.having("orders", "id_address_delivery", row["id"]) or store.having(
        "orders", "id_address_invoice", row["id"]
    )
    if used:
        store.change("addresses", row["id"], deleted="1", date_upd=request.stamp)
    return bool(used)


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "customers": Behaviour(setters={"passwd": _set_password}, before=_before, after=_after, deleted=_delete_customer),
    "addresses": Behaviour(deleted=_delete_address),
}

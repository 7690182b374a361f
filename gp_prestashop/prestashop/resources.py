"""The shop's resources as shapes, from package data made of the recorded schemas of 1.7.8 and 8.2.

Raw records keep every value as the shop sent it; a column's type is what a map reads it as. Money is DECIMAL(20,6), as
in the shop's tables. A text for each language is VARCHAR holding a JSON object ``{language id: text}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.shapes import Column, Frame, ResourceShape
from gp_prestashop.prestashop.companions import COMPANIONS
from gp_prestashop.prestashop.payment_shares import SHARE_COLUMNS
from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS
from gp_prestashop.prestashop.slips import SLIP_COLUMNS, SLIP_FRAMES

__all__ = ["ResourceFacts", "facts", "resource_shapes"]

VOLATILE = frozenset({"date_upd", "indexed", "nb_products_recursive"})
PERSONAL = {
    "customers": "lastname firstname email birthday ip_registration_newsletter website company siret note id_gender",
    "addresses": "alias company lastname firstname vat_number address1 address2 postcode city other phone phone_mobile dni",
    "messages": "message",
    "orders": "gift_message note",
    "carts": "gift_message",
    "guests": "accept_language",
    "order_payments": "transaction_id",
    "order_invoices": "note shop_address",
}


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """What the connector must know of a resource: the XML names, and how its fields behave."""

    name: str
    entity: str
    fields: dict[str, dict[str, Any]]
    associations: dict[str, dict[str, Any]]

    @property
    def i18n(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if field.get("i18n"))

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if field.get("required"))

    @property
    def created(self) -> str | None:
        return self._timestamp("date_add")

    @property
    def changed(self) -> str | None:
        return self._timestamp("date_upd")

    def _timestamp(self, name: str) -> str | None:
        return name if self.fields.get(name, {}).get("type") == "TIMESTAMP" else None


@cache
def _all_facts() -> dict[str, ResourceFacts]:
    data = json.loads((files("gp_prestashop.prestashop") / "data" / "resources.json").read_text("utf-8"))
    return {name: ResourceFacts(name, f["entity"], f["fields"], f["associations"]) for name, f in data.items()}


def facts(resource: str) -> ResourceFacts:
    """Raises ConfigError for a name that PrestaShop does not have."""
    try:
        return _all_facts()[resource]
    except KeyError:
        raise ConfigError(
            "resource_unknown",
            f"PrestaShop has no resource {resource!r}.",
            remedy=f"Use one of: {', '.join(sorted(_all_facts()))}.",
        ) from None


@cache
def resource_shapes() -> dict[str, ResourceShape]:
    """All resources with their companions as child frames."""
    return {name: _shape(name) for name in _all_facts()}


def _shape(name: str) -> ResourceShape:
    known = facts(name)
    frames = [_main_frame(name, name, ()), *_association_frames(name, ())]
    added = {"order_payments": (SHARE_COLUMNS, ()), "order_slip": (SLIP_COLUMNS, SLIP_FRAMES)}
    if name in added:
        columns, more = added[name]
        frames = [replace(frames[0], columns=(*frames[0].columns, *columns)), *frames[1:], *more]
    for companion in COMPANIONS.get(name, ()):
        if companion.passing:
            continue
        path = (companion.name,)
        frames.append(_main_frame(companion.resource, companion.name, path, many=companion.many, only=companion.fields))
        frames.extend(_association_frames(companion.resource, path, only=companion.fields))
    return ResourceShape(
        system="prestashop",
        name=name,
        key="id",
        frames=tuple(frames),
        created=known.created,
        # order_payments and order_histories have one date only; a row is never changed in place by the shop.
        changed=known.changed or known.created,
        amount={"orders": "total_paid", "order_payments": "share", "order_slip": "refund"}.get(name),
        currency_id="id_currency" if name in {"orders", "order_payments", "order_slip"} else None,
    )


def _main_frame(
    resource: str, name: str, path: tuple[str, ...], *, many: bool = True, only: tuple[str, ...] = ()
) -> Frame:
    personal = frozenset(PERSONAL.get(resource, "").split())
    columns = [Column("id", "BIGINT", required=True)]
    for field, known in facts(resource).fields.items():
        if field not in SECRET_FIELDS and (not only or field in only):
            columns.append(
                Column(
                    field,
                    known["type"],
                    required=bool(known.get("required")),
                    max_length=known.get("max_length"),
                    title="text for each language" if known.get("i18n") else "",
                    volatile=field in VOLATILE,
                    personal=field in personal,
                )
            )
    return Frame(name, tuple(columns), path, many)


def _association_frames(resource: str, above: tuple[str, ...], *, only: tuple[str, ...] = ()) -> list[Frame]:
    return [
        Frame(
            ".".join([*above, name]),
            tuple(Column(field, known["type"]) for field, known in association["fields"].items()),
            (*above, name),
        )
        for name, association in facts(resource).associations.items()
        if not only
    ]

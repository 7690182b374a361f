"""The oversell guard: what shop orders have taken that GP does not know of yet, as the list ``unseen.demand``.

An order is unseen until its record is delivered, and for a moment after: the stock may have been read from GP just
before. Orders whose state the value map ``order_states`` ignores or cancels take nothing: the shop puts their pieces back
by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.types import BigInteger

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.mapping.shapes import Column, LookupList
from gp_prestashop.prestashop.client import Row
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.settings import Settings

__all__ = ["UNSEEN_LISTS", "UnseenDemand"]

FLOW = "sales_orders"
NAME = "unseen.demand"
UNSEEN_LISTS = {NAME: LookupList(NAME, ("id_product", "id_product_attribute"), (Column("quantity", "BIGINT"),))}
GONE = ("ignore", "cancel")  # what the value map says of a state
GRACE = timedelta(minutes=2)  # between reading GP's stock and asking here
FRESH = 5.0  # seconds


class UnseenDemand:
    """Implements LookupProvider. Read again for each page of a sweep: orders come while it runs."""

    system = "unseen"

    def __init__(self, source: PrestaShopSource, ledger: Ledger, settings: Settings, clock: Clock) -> None:
        self._source = source
        self._ledger = ledger
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._demand: dict[tuple[str, ...], int] = {}

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return UNSEEN_LISTS

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """Pieces by product and combination; absent where there is no unseen order. Empty when the guard is off."""
        if name != NAME:
            raise ConfigError("lookup_unknown", f"There is no list {name!r}.", remedy=f"Use {NAME}.")
        if self._settings.stock.guard == "no":
            return {}
        with self._lock:
            now = self._clock.monotonic()
            if self._read_at is None or now - self._read_at > FRESH:
                self._demand = self._read()
                self._read_at = now
            return {key: dict.fromkeys(columns, self._demand[key]) for key in keys if key in self._demand}

    def _read(self) -> dict[tuple[str, ...], int]:
        unsettled, last = self._unsettled()
        client = self._source.client
        states: dict[str, str] = {}
        for page in client.keyed("orders", "id", unsettled, display=("id", "current_state")) if unsettled else ():
            states |= {row["id"]: str(row["current_state"]) for row in page}
        for page in pages(client, "orders", {}, 1000, display=("id", "current_state", "date_add"), after=last):
            states |= {row["id"]: str(row["current_state"]) for row in page if self._counts(row)}
        living = self._living(states)
        display = (
            "id",
            "id_order",
            "product_id",
            "product_attribute_id",
            "product_quantity",
            "product_quantity_refunded",
        )
        demand: dict[tuple[str, ...], int] = {}
        for page in client.keyed("order_details", "id_order", living, display=display) if living else ():
            for row in page:
                key = (str(row["product_id"]), str(row["product_attribute_id"]))
                taken = int(row["product_quantity"]) - int(row.get("product_quantity_refunded") or 0)
                demand[key] = demand.get(key, 0) + max(taken, 0)
        return demand

    def _unsettled(self) -> tuple[list[str], int]:
        """Ids of known orders that are not surely in GP, and the highest id known."""
        r = t.record.c
        number = func.cast(r.key, BigInteger)
        recent = self._clock.now() - GRACE
        with self._ledger.engine.connect() as connection:
            last = connection.execute(select(func.max(number)).where(r.flow == FLOW)).scalar() or 0
            query = select(r.key).where(
                r.flow == FLOW,
                or_(
                    r.state.in_(("pending", "held", "dead", "in_doubt")),
                    (r.state == "delivered") & (r.updated_at > recent),
                ),
            )
            return sorted(connection.execute(query).scalars(), key=int), int(last)

    def _counts(self, row: Row) -> bool:
        """Orders of before go-live are GP's already, by whatever way they went."""
        day = self._settings.go_live
        return day is None or str(row.get("date_add", ""))[:10] >= day.isoformat()

    def _living(self, states: Mapping[str, str]) -> list[str]:
        known = self._ledger.value_maps.resolve("order_states", sorted(set(states.values())), ["value"])
        return [key for key, state in states.items() if known.get(state, {}).get("value") not in GONE]

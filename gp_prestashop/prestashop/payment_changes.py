"""Which payments are new, or may pay something else by now.

The back office lets people date a payment back, to the day on which the money came to the bank: no window of dates shows
it, but among the newest rows it is older than one before it. And a new payment of a reference is the rest that an older
one of the same reference has waited for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.windows import DateFilter, Window
from gp_prestashop.settings import ShopSettings

__all__ = ["changed_payments"]

PAYMENTS = "order_payments"
FIELDS = ("id", "date_add", "order_reference")
NEWEST = 100  # rows looked at for dates that were set back: more than come between two looks
PAGE = 1000


def changed_payments(
    client: PrestaShopClient, dates: DateFilter, since: datetime, settings: ShopSettings
) -> tuple[str, ...]:
    """Their ids, ascending. Raises what reading raises."""
    window = Window.since("date_add", since, settings)
    found = [row for page in dates.pages(PAYMENTS, window, PAGE, display=FIELDS) for row in page]
    found += dated_back(client.rows(PAYMENTS, {"sort": "[id_DESC]", "limit": str(NEWEST)}, display=FIELDS))
    references = dict.fromkeys(str(row.get("order_reference") or "") for row in found)
    references.pop("", None)
    for page in client.keyed(PAYMENTS, "order_reference", list(references), display=("id", "order_reference")):
        found += page
    return tuple(str(number) for number in sorted({int(row["id"]) for row in found}))


def dated_back(newest: Sequence[Row]) -> Iterator[Row]:
    """Those of these rows that have an earlier date than a row that was there before them."""
    latest = ""
    for row in sorted(newest, key=lambda one: int(one["id"])):
        made = str(row.get("date_add") or "")
        if made < latest:
            yield row
        latest = max(latest, made)

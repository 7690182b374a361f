"""Reads that are bounded by a date, and the proof that the shop kept to the bound.

Without ``date=1`` a date filter is an error on some versions and ignored on others; on a resource without the column
1.7.8 answers with an empty list. So the filter is tried once on the newest row, and every row's date is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.times import between, day_filter, earliest_wall_time, since_filter, wall_text
from gp_prestashop.settings import ShopSettings

__all__ = ["DateFilter", "Window"]

END_OF_TIME = "9999-12-31 23:59:59"
# The filter compares the resource's table, the answer shows the shop's own (PrestaShop issue 42263): they may differ.
DATES_OF_THEIR_OWN = frozenset({"products", "combinations", "categories"})


@dataclass(frozen=True, slots=True)
class Window:
    """A filter, and the first and last wall time that its rows may carry."""

    field: str
    filters: Mapping[str, str]
    first: str
    last: str

    @classmethod
    def days(cls, field: str, first: date, last: date) -> Window:
        return cls(field, day_filter(field, first, last), f"{first} 00:00:00", f"{last} 23:59:59")

    @classmethod
    def since(cls, field: str, instant: datetime, settings: ShopSettings) -> Window:
        wall = earliest_wall_time(instant, settings.zone)
        return cls(field, since_filter(field, wall), wall_text(wall), END_OF_TIME)


class DateFilter:
    """Reads windows of one shop; tries the filter of each resource and column once."""

    def __init__(self, client: PrestaShopClient) -> None:
        self._client = client
        self._tried: set[tuple[str, str]] = set()

    def pages(self, resource: str, window: Window, size: int, *, display: Sequence[str] = ()) -> Iterator[list[Row]]:
        """Rows of the window by id. Raises ConfigError if the shop does not filter."""
        self.prove(resource, window.field)
        trusted = resource in DATES_OF_THEIR_OWN and window.last == END_OF_TIME
        for page in pages(self._client, resource, window.filters, size, display=display):
            for row in page:
                if not trusted and not between(row.get(window.field), window.first, window.last):
                    raise _ignored(resource, window.field, f"{resource} {row['id']} is of {row.get(window.field)}")
            yield page

    def prove(self, resource: str, field: str) -> None:
        """Asks for the newest row by its own date, and for rows of the far future: one is there, the others not."""
        if (resource, field) in self._tried:
            return
        newest = self._newest(resource, field, {})
        if newest and (resource not in DATES_OF_THEIR_OWN) and not newest.startswith("0000"):
            if self._newest(resource, field, _exactly(field, newest)) != newest:
                raise _ignored(resource, field, f"the newest row, of {newest}, is not found by its date")
            if future := self._newest(resource, field, _exactly(field, END_OF_TIME)):
                raise _ignored(resource, field, f"it gave a row of {future} for a date in the far future")
        self._tried.add((resource, field))

    def _newest(self, resource: str, field: str, filters: Mapping[str, str]) -> str:
        """The date of the row with the highest id, blank if there is none."""
        rows = self._client.rows(resource, {**filters, "sort": "[id_DESC]", "limit": "1"}, display=("id", field))
        return str(rows[0].get(field) or "") if rows else ""


def _exactly(field: str, moment: str) -> dict[str, str]:
    return {f"filter[{field}]": f"[{moment},{moment}]", "date": "1"}


def _ignored(resource: str, field: str, why: str) -> ConfigError:
    return ConfigError(
        "date_filter_ignored",
        f"The shop does not filter {resource} by {field} as asked: {why}.",
        remedy="Look for a module that overrides the webservice, or a cache or firewall that drops query parameters.",
    )

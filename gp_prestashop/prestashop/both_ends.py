"""All rows of a resource by two readers at the same time: one from the lowest id up, one from the highest down.

However the ids lie, that takes one request for each full page and two or three more. Where the readers meet, both may
have asked for the same rows: who takes the pages must not mind a row twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock

from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.paging import in_order

__all__ = ["BothEnds"]


class BothEnds:
    """``display`` must name the id. Rows that appear above the highest id of the start are left out."""

    def __init__(self, client: PrestaShopClient, resource: str, size: int, display: Sequence[str]) -> None:
        self._client, self._resource, self._size, self._display = client, resource, size, display
        newest = client.rows(resource, {"sort": "[id_DESC]", "limit": "1"}, display=("id",))
        self._lock = Lock()
        self._low, self._high = 1, int(newest[0]["id"]) if newest else 0

    def upwards(self) -> Iterator[list[Row]]:
        """Pages by ascending id. Raises ConfigError when the shop does not keep to filter and order."""
        while (bounds := self._bounds()) is not None:
            page = self._page(bounds, "ASC")
            rows = in_order(page, bounds[0] - 1, self._resource)
            if rows:
                yield rows
            self._read(low=int(rows[-1]["id"]) + 1 if len(page) == self._size else bounds[1] + 1)

    def downwards(self) -> Iterator[list[Row]]:
        """The same from the other end; within a page the ids ascend too."""
        while (bounds := self._bounds()) is not None:
            page = self._page(bounds, "DESC")
            rows = in_order(page[::-1], bounds[0] - 1, self._resource)
            if rows:
                yield rows
            self._read(high=int(rows[0]["id"]) - 1 if len(page) == self._size else bounds[0] - 1)

    def _bounds(self) -> tuple[int, int] | None:
        with self._lock:
            return (self._low, self._high) if self._low <= self._high else None

    def _page(self, bounds: tuple[int, int], order: str) -> list[Row]:
        low, high = bounds
        params = {"filter[id]": f"[{low},{high}]", "sort": f"[id_{order}]", "limit": str(self._size)}
        return self._client.rows(self._resource, params, display=self._display)

    def _read(self, *, low: int = 0, high: int | None = None) -> None:
        with self._lock:
            self._low = max(self._low, low)
            self._high = self._high if high is None else min(self._high, high)

"""Stable pages by id. Offsets shift when rows appear or go; ``id > last`` cannot lose a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.client import PrestaShopClient, Row

__all__ = ["in_order", "pages"]


def pages(
    client: PrestaShopClient,
    resource: str,
    filters: Mapping[str, str],
    size: int,
    *,
    display: Sequence[str] = (),
    after: int = 0,
) -> Iterator[list[Row]]:
    """Rows by ascending id above ``after``, ``size`` at a time.

    Raises ConfigError when the shop does not keep to filter and order.

    That guard is what ends the loop against shops (or caches before them) that answer every page alike.
    """
    last = after
    while True:
        params = {**filters, "filter[id]": f">[{last}]", "sort": "[id_ASC]", "limit": str(size)}
        received = client.rows(resource, params, display=display)
        rows = in_order(received, last, resource)
        if rows:
            yield rows
            last = int(rows[-1]["id"])
        if len(received) < size:
            return


def in_order(rows: list[Row], last: int, resource: str) -> list[Row]:
    """The rows, each once, if their ids ascend from above ``last``; else ConfigError."""
    kept: list[Row] = []
    for row in rows:
        number = int(row["id"]) if str(row.get("id", "")).isdigit() else -1
        if number == last and kept:
            continue  # joined twice by a multi-shop
        if number <= last:
            raise ConfigError(
                "paging_ignored",
                f"The shop does not keep to the order that was asked for ({resource} {number} came after {last}).",
                remedy="Look for a cache or firewall before the shop that drops query parameters, or a module that"
                " overrides the webservice.",
                details={"id": str(row.get("id")), "after": str(last)},
            )
        kept.append(row)
        last = number
    return kept

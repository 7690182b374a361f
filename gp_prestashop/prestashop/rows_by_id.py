"""Rows of known ids in as few requests as it takes: ranges where the ids lie close together, else lists of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gp_prestashop.prestashop.client import PrestaShopClient, Row

__all__ = ["rows_by_id"]

WINDOW = 1000  # ids that one range request spans
DENSE = 150  # ids wanted in a window that make a range cheaper than lists, which hold about that many in a URL


def rows_by_id(client: PrestaShopClient, resource: str, ids: Iterable[int], display: Sequence[str]) -> dict[int, Row]:
    """By id; those that are not there (any more) are absent."""
    found: dict[int, Row] = {}
    sparse: list[int] = []
    for window in _windows(sorted(set(ids))):
        if len(window) < DENSE:
            sparse += window
            continue
        params = {"filter[id]": f"[{window[0]},{window[-1]}]", "sort": "[id_ASC]"}
        wanted = set(window)
        for row in client.rows(resource, params, display=display):
            if int(row["id"]) in wanted:
                found[int(row["id"])] = row
    for page in client.keyed(resource, "id", [str(i) for i in sparse], display=display) if sparse else ():
        found |= {int(row["id"]): row for row in page}
    return found


def _windows(ids: Sequence[int]) -> Iterator[list[int]]:
    window: list[int] = []
    for identifier in ids:
        if window and identifier - window[0] >= WINDOW:
            yield window
            window = []
        window.append(identifier)
    if window:
        yield window

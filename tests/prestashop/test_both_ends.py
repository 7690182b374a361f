"""A resource read from both ends at the same time."""

from __future__ import annotations

import pytest

from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.both_ends import BothEnds


class Shop:
    """Rows of these ids; counts what is asked of it."""

    def __init__(self, ids, *, ignores=False):
        self.ids, self.ignores, self.asked = sorted(ids), ignores, 0

    def rows(self, resource, params, *, display=()):
        self.asked += 1
        low, high = 0, max(self.ids, default=0)
        if "filter[id]" in params and not self.ignores:
            low, high = (int(n) for n in params["filter[id]"].strip("[]").split(","))
        found = [i for i in self.ids if low <= i <= high]
        if params["sort"] == "[id_DESC]":
            found.reverse()
        return [{"id": str(i)} for i in found[: int(params["limit"])]]


@pytest.mark.parametrize(
    "ids", [[], [7], range(1, 1001), range(1_000_000, 1_001_000), [1, 2, 3, 10**9], range(1, 9999, 3)]
)
@pytest.mark.parametrize("turns", ["up", "down", "both"])
def test_every_row_is_read_whichever_reader_is_faster(ids, turns):
    shop = Shop(ids)
    ends = BothEnds(shop, "products", 100, ("id",))
    readers = {"up": [ends.upwards()], "down": [ends.downwards()], "both": [ends.upwards(), ends.downwards()]}[turns]
    seen = set()
    while readers:
        for reader in list(readers):
            page = next(reader, None)
            if page is None:
                readers.remove(reader)
            else:
                seen.update(int(row["id"]) for row in page)
    assert seen == set(ids)
    assert shop.asked <= len(ids) // 100 + 4


def test_a_shop_that_drops_filters_is_found_out():
    ends = BothEnds(Shop(range(1, 500), ignores=True), "products", 100, ("id",))
    with pytest.raises(ConfigError) as caught:
        list(ends.upwards())
    assert caught.value.code == "paging_ignored"

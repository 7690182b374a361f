"""Pains of products and combinations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from tests.both import both

__all__ = ["both"]

ALL = Selection()
Make = Callable[..., Any]
VERSIONS = ["8.2.1", "1.7.8.11"]
SETTINGS = {"GPPS_CATALOGUE__CREATE": "yes", "GPPS_STOCK__GUARD": "no"}


def test_3_two_products_of_one_number_are_held_and_no_suffix_is_invented(both: Make) -> None:
    """OCA 109: a connector that renames what collides, silently."""
    here = both(settings=SETTINGS)
    (product,) = here.rows("products", reference="CW-00004")
    here.store.add("products", {**product, "id": ""})
    before = Counter(row["reference"] for row in here.rows("products"))
    for flow in ("items", "stock", "prices"):
        here.house.engine.run(flow, Selection(keys=("CW-00004",)))
        assert here.state(flow, "CW-00004").state == "held"
    assert Counter(row["reference"] for row in here.rows("products")) == before


@pytest.mark.parametrize("version", VERSIONS)
def test_8_combinations_keep_their_own_rows_and_one_default(both: Make, version: str) -> None:
    """PrestaShop 34613, 12459: variants that overwrite each other, two defaults; a second run changes nothing."""
    here = both(version=version, settings=SETTINGS)
    before = here.rows("combinations")
    common = {"ITEMTYPE": 1, "ITMCLSCD": "WEBITEM", "UOMSCHDL": "EACH"}
    here.add_to_gp({"IV00101": [{"ITEMNMBR": "CW-00003-GRN-S", **common}]})
    for _ in range(2):
        here.house.engine.run("variants", ALL)
    after = here.rows("combinations")
    made = [row for row in after if row["reference"] == "CW-00003-GRN-S"]
    assert len(made) == 1
    after.remove(made[0])
    assert [(row["id"], row["id_product"], row["reference"]) for row in after] == [
        (row["id"], row["id_product"], row["reference"]) for row in before
    ]
    defaults = Counter(row["id_product"] for row in (*after, *made) if row["default_on"] == "1")
    assert set(defaults.values()) == {1}
    assert [row["default_on"] or "" for row in after] == [row["default_on"] or "" for row in before]


@pytest.mark.parametrize("version", VERSIONS)
def test_14_an_update_wipes_nothing_that_it_does_not_name(both: Make, version: str) -> None:
    """PrestaShop 33783: PUT empties what it is not sent; 1.7.8 has nothing but PUT."""
    here = both(version=version, settings=SETTINGS)
    (row,) = here.rows("products", reference="CW-00002")
    client = here.house.engine.parts.sources["prestashop"].client
    before = client.one("products", row["id"])
    here.gp("update two.iv00101 set itemshwt = 123 where itemnmbr = 'CW-00002'")
    here.house.engine.run("items", Selection(keys=("CW-00002",)))
    after = client.one("products", row["id"])
    changed = {name for name in before if before[name] != after[name]}
    assert "weight" in changed
    same = {"weight", "id_tax_rules_group", "product_type", "is_virtual", "type", "date_upd"}
    other = {name: (before[name], after[name]) for name in changed - same}
    other = {
        name: pair for name, pair in other.items() if sorted(map(str, pair)) != ["", "0"]
    }  # the shop itself saves blank as 0
    assert other == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_15_a_combination_is_changed_in_place(both: Make, version: str) -> None:
    """PrestaShop 23061: combinations that are deleted and made again vanish from customers' carts."""
    here = both(version=version, settings=SETTINGS)
    (before,) = here.rows("combinations", reference="CW-00003-RED-S")
    posted: list[tuple[str, str]] = []
    transport = here.house.engine.parts.sources["prestashop"].client.transport
    write = transport.write

    def note(method: str, path: str, *rest: Any) -> Any:
        posted.append((method, path.partition("/")[0]))
        return write(method, path, *rest)

    transport.write = note
    here.gp("update two.iv00101 set itmshnam = '4006381333931' where itemnmbr = 'CW-00003-RED-S'")
    here.gp("update two.iv00105 set listprce = 99 where itemnmbr = 'CW-00003-RED-S' and curncyid = 'EUR'")
    for flow in ("variants", "prices"):
        here.house.engine.run(flow, Selection(keys=("CW-00003-RED-S",)))
    after = here.rows("combinations", reference="CW-00003-RED-S")
    assert [(row["id"], row["ean13"]) for row in after] == [(before["id"], "4006381333931")]
    assert not any(method in {"DELETE", "POST"} for method, resource in posted if resource == "combinations")

"""Items, variants and prices from GP to the shop: matched first, made once, changed only where the flow owns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count, islice
from typing import Any

import pytest

from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.shop.faults import Fault
from tests.desk import Desk

ALL = Selection()
Make = Callable[..., Any]
VERSIONS = ["8.2.1", "1.7.8.11"]
CREATE = {"GPPS_CATALOGUE__CREATE": "yes", "GPPS_STOCK__GUARD": "no"}


def item(number: str, description: str = "Thing", **more: Any) -> dict[str, Any]:
    return {
        "ITEMNMBR": number, "ITEMDESC": description, "ITEMTYPE": 1, "ITMCLSCD": "WEBITEM", "UOMSCHDL": "EACH",
        "SELNGUOM": "Each", "TAXOPTNS": 1, "ITEMSHWT": 150, "PRICMTHD": 1, "DECPLCUR": 3, "DECPLQTY": 1, **more,
    }  # fmt: skip


def sold(*items: dict[str, Any], quantity: int = 9, price: str = "12.50") -> dict[str, list[dict[str, Any]]]:
    return {
        "IV00101": list(items),
        "IV00102": [
            {"ITEMNMBR": one["ITEMNMBR"], "LOCNCODE": site, "RCRDTYPE": kind, "QTYONHND": quantity}
            for one in items
            for site, kind in (("MAIN", 2), ("", 1))
        ],
        "IV00105": [{"ITEMNMBR": one["ITEMNMBR"], "CURNCYID": "EUR", "LISTPRCE": Decimal(price)} for one in items],
    }


def combinations(here: Any, product: str) -> list[dict[str, Any]]:
    (row,) = here.rows("products", reference=product)
    return list(here.rows("combinations", id_product=row["id"]))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_in_the_shop_is_matched_and_nothing_is_made_before_a_person_says_so(both: Make, version: str) -> None:
    here = both(version=version, settings={"GPPS_STOCK__GUARD": "no"})
    here.add_to_gp(sold(item("NEW-1")))
    before = Counter(row["reference"] for row in here.rows("products"))
    report = here.house.engine.run("items", ALL)
    variants = here.house.engine.run("variants", ALL)
    assert Counter(row["reference"] for row in here.rows("products")) == before
    assert report.states["delivered"] >= 60
    assert variants.states["delivered"] == len(here.rows("combinations"))
    state = here.state("items", "NEW-1")
    assert (state.state, state.code) == ("held", "not_in_shop")
    assert "GPPS_CATALOGUE__CREATE" in state.remedy


def eans() -> Iterator[str]:
    """Texts of 13 digits; the shop looks at no check digit."""
    return (f"40{n:011}" for n in count(1))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_ean_takes_no_product_that_is_another_items(both: Make, version: str) -> None:
    here = both(version=version, settings={"GPPS_STOCK__GUARD": "no"})
    free, own, theirs, unsold, shared = islice(eans(), 5)
    numbers = [row["reference"] for row in here.rows("products") if row["product_type"] != "combinations"]
    numbers = [number for number in numbers if number.startswith("CW-")][:5]
    ids = {number: here.rows("products", reference=number)[0]["id"] for number in numbers}

    def in_shop(number: str, reference: str, ean: str) -> None:
        here.store.change("products", ids[number], reference=reference, ean13=ean)

    in_shop(numbers[0], "", free)
    in_shop(numbers[1], "SHOP-77", own)
    in_shop(numbers[2], numbers[2], theirs)
    in_shop(numbers[3], "NOT-SOLD", unsold)
    in_shop(numbers[4], "", shared)
    for number, ean in zip(numbers, (free, own), strict=False):
        here.gp("update two.iv00101 set itmshnam = %s where itemnmbr = %s", ean, number)
    here.add_to_gp(
        sold(
            *(item(f"NEW-{n}", ITMSHNAM=ean) for n, ean in enumerate((theirs, unsold, shared, shared), 1)),
            item("NOT-SOLD", ITMCLSCD="OTHER"),
        )
    )
    foreseen = dry_run(here.house.engine.parts, "items", ALL)
    assert here.writes() == 0
    desk, keys = Desk(here.house.settings.home, here.house.environment), f"{numbers[1]},{numbers[2]},NEW-1"
    said = desk.call("run", "items", "--keys", keys, "--dry-run").stdout
    assert "1 that were there before were found by EAN." in said
    assert "1 that were there before were found by reference." in said
    assert "its reference was SHOP-77." in said
    assert f"its reference is {numbers[2]}, another item of GP" in said
    report = here.house.engine.run("items", ALL)
    by_ean = {one.source_key: one.sentence for one in report.recognised if one.by == "EAN"}
    assert by_ean == {
        numbers[0]: f"{numbers[0]} is {ids[numbers[0]]} of the shop's products, found by its EAN; it had no reference.",
        numbers[
            1
        ]: f"{numbers[1]} is {ids[numbers[1]]} of the shop's products, found by its EAN; its reference was SHOP-77.",
    }
    assert report.recognised_by()["reference"] > 40
    assert sorted(foreseen.recognised, key=str) == sorted(report.recognised, key=str)
    assert [here.store.row("products", ids[number])["reference"] for number in numbers] == [
        *numbers[:3], "NOT-SOLD", "",
    ]  # fmt: skip
    for key, names in {"NEW-1": numbers[2], "NEW-2": "NOT-SOLD", "NEW-3": "NEW-4", "NEW-4": "NEW-3"}.items():
        state = here.state("items", key)
        assert (state.state, state.code) == ("held", "number_taken")
        assert names in state.sentence
        assert key in {problem.source_key for problem in foreseen.problems if problem.code == "number_taken"}
    assert here.house.engine.run("items", ALL).recognised == []  # they are the ledger's from now on
    assert here.house.engine.run("activation", ALL).recognised == []  # a flow over products that are known


def test_combinations_are_found_by_reference_ean_or_options_and_never_twice(both: Make) -> None:
    here = both(settings={"GPPS_STOCK__GUARD": "no"})
    ean, other = islice(eans(), 2)
    names = {"product_options": ["Colour", "Size"], "product_option_values": ["Red", "Blue", "Small", "Large"]}
    for resource, texts in names.items():
        for number, text in enumerate(texts):
            row = {"id": str(number + 1), "name": {"1": text, "2": text}, "id_attribute_group": str(1 + number // 2)}
            here.store.load({resource: [row]})
    first, second, third, *_ = here.rows("combinations")
    parent = next(row["reference"] for row in here.rows("products", id=third["id_product"]))
    here.store.change("combinations", first["id"], reference="", ean13="")
    here.store.change("combinations", second["id"], reference="", ean13=ean)
    here.store.change("combinations", third["id"], ean13=other)
    here.gp("update two.iv00101 set itmshnam = %s where itemnmbr = %s", ean, second["reference"])
    here.add_to_gp(sold(item(f"{parent}-GRN-S", ITMSHNAM=other)))
    report = here.house.engine.run("variants", ALL)
    how = {one.source_key: one.by for one in report.recognised}
    assert [how[row["reference"]] for row in (first, second, third)] == ["options", "EAN", "reference"]
    assert {here.store.row("combinations", row["id"])["reference"] for row in (first, second, third)} == {
        row["reference"] for row in (first, second, third)
    }
    state = here.state("variants", f"{parent}-GRN-S")
    assert (state.state, state.code) == ("held", "number_taken")
    assert third["reference"] in state.sentence


def test_what_is_a_product_on_one_side_and_a_variant_on_the_other_is_held(both: Make) -> None:
    here = both(settings=CREATE)
    combination, product = here.rows("combinations")[0], here.rows("products", reference="CW-00002")[0]
    here.store.change("combinations", combination["id"], reference="LOOSE")
    here.store.change("products", product["id"], reference="TEE-RED-S")
    here.add_to_gp(sold(item("LOOSE"), item("TEE-RED-S"), item("TEE-BLU-S")))
    here.house.engine.run("items", Selection(keys=("LOOSE", "TEE")))
    here.house.engine.run("variants", Selection(keys=("TEE-RED-S", "TEE-BLU-S")))
    loose, red = here.state("items", "LOOSE"), here.state("variants", "TEE-RED-S")
    assert {(one.state, one.code) for one in (loose, red)} == {("held", "number_taken")}
    assert f"among its combinations, as {combination['id']}" in loose.sentence
    assert f"among its products, as {product['id']}" in red.sentence
    assert here.rows("products", reference="LOOSE") == []
    assert [row["reference"] for row in combinations(here, "TEE")] == ["TEE-BLU-S"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_item_arrives_hidden_and_is_shown_when_all_is_there(both: Make, version: str) -> None:
    here = both(version=version, settings=CREATE)
    here.add_to_gp(
        sold(item("NEW-1", "Blue <mug> #1", ITMSHNAM="4006381333931"))
        | {"IV00103": [{"ITEMNMBR": "NEW-1", "VENDORID": one, "ITMVNDTY": 1} for one in ("AAA", "ACME")]}
        | {"PM00200": [{"VENDORID": "ACME", "VENDNAME": "Acme Ltd"}, {"VENDORID": "AAA", "VENDNAME": "Another"}]}
    )
    here.gp("update two.iv00102 set primvndr = 'ACME' where itemnmbr = 'NEW-1' and rcrdtype = 1")
    here.house.engine.run("items", Selection(keys=("NEW-1",)))
    (product,) = here.rows("products", reference="NEW-1")
    assert (product["active"], product["state"], product["ean13"]) == ("0", "1", "4006381333931")
    assert set(product["name"].values()) == {"Blue  mug  no. 1"}
    assert len(product["name"]) == 2
    assert Decimal(product["weight"]) == Decimal("1.5")
    assert here.rows("suppliers", id=product["id_supplier"])[0]["name"] == "Acme Ltd"
    category = here.rows("categories", id=product["id_category_default"])[0]
    assert set(category["name"].values()) == {"Sold in the web shop"}
    here.house.engine.run("activation", Selection(keys=("NEW-1",)))  # brings stock and price first
    (product,) = here.rows("products", reference="NEW-1")
    assert (product["active"], Decimal(product["price"]), here.stock("NEW-1")) == ("1", Decimal("12.5"), 9)
    before = here.writes()
    for flow in ("items", "variants", "stock", "prices", "activation"):
        here.house.engine.run(flow, Selection(keys=("NEW-1",)))
    assert here.writes() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_the_base_unit_is_shown_after_the_price_where_it_has_a_name(both: Make, version: str) -> None:
    here = both(version=version, maps="unit_names:\n  Each: {value: per piece}\n", settings=CREATE)
    here.add_to_gp(
        sold(item("NEW-1"), item("NEW-2", UOMSCHDL="ROLLS"), item("TEE-RED-S"))
        | {"IV40201": [{"UOMSCHDL": "ROLLS", "UMSCHDSC": "Rolls", "BASEUOFM": "Roll", "UMDPQTYS": 1}]}
    )
    here.store.change("products", here.rows("products", reference="CW-00002")[0]["id"], unity="per bag")
    here.house.engine.run("items", Selection(keys=("NEW-1", "NEW-2", "TEE", "CW-00002")))
    units = {one: here.rows("products", reference=one)[0]["unity"] for one in ("NEW-1", "NEW-2", "TEE", "CW-00002")}
    assert units == {"NEW-1": "per piece", "NEW-2": "", "TEE": "per piece", "CW-00002": "per piece"}


def test_what_people_do_to_languages_and_categories_is_seen_by_a_running_process(both: Make) -> None:
    """Dagster's processes live for weeks."""
    here = both(settings=CREATE)
    here.add_to_gp(sold(item("NEW-1"), item("NEW-2")))
    here.house.engine.run("items", Selection(keys=("NEW-1",)))
    (first,) = here.rows("products", reference="NEW-1")
    assert len(first["name"]) == 2
    here.store.add("languages", {"name": "Deutsch", "iso_code": "de", "locale": "de-DE", "active": "1"})
    here.store.change("categories", first["id_category_default"], name={"1": "Old things", "2": "Vieilleries"})
    here.house.engine.parts.clock.sleep(301)
    here.house.engine.run("items", Selection(keys=("NEW-2",)))
    (second,) = here.rows("products", reference="NEW-2")
    assert set(second["name"].values()) == {"Thing"}
    assert len(second["name"]) == 3
    assert second["id_category_default"] != first["id_category_default"]


def test_a_discontinued_item_is_hidden_where_that_is_wanted(both: Make) -> None:
    here = both(settings={**CREATE, "GPPS_CATALOGUE__DISCONTINUED": "hide"})
    here.house.engine.run("activation", Selection(keys=("CW-00002",)))
    assert here.rows("products", reference="CW-00002")[0]["active"] == "1"
    here.gp("update two.iv00101 set itemtype = 2 where itemnmbr = 'CW-00002'")
    here.house.engine.run("activation", Selection(keys=("CW-00002",)))
    assert here.rows("products", reference="CW-00002")[0]["active"] == "0"


def test_an_item_without_a_price_stays_hidden(both: Make) -> None:
    here = both(settings=CREATE)
    rows = sold(item("NEW-1"))
    here.add_to_gp({**rows, "IV00105": []})
    here.house.engine.run("activation", Selection(keys=("NEW-1",)))
    assert here.rows("products", reference="NEW-1")[0]["active"] == "0"
    state = here.state("activation", "NEW-1")
    assert (state.state, state.code) == ("held", "waits")
    assert "prices NEW-1" in state.sentence
    here.add_to_gp({"IV00105": rows["IV00105"]})
    here.house.engine.run("prices", Selection(keys=("NEW-1",)))
    assert here.rows("products", reference="NEW-1")[0]["active"] == "1"  # released by itself


@pytest.mark.parametrize("version", VERSIONS)
def test_variants_become_combinations_with_one_default_that_stays(both: Make, version: str) -> None:
    here = both(version=version, settings=CREATE)
    here.add_to_gp(sold(item("TEE-BLU-L"), item("TEE-BLU-S"), item("TEE-RED-S")))
    here.house.engine.run("activation", Selection(keys=("TEE",)))
    made = combinations(here, "TEE")
    assert {row["reference"] for row in made} == {"TEE-BLU-L", "TEE-BLU-S", "TEE-RED-S"}
    default = [row["id"] for row in made if row["default_on"] == "1"]
    assert len(default) == 1
    assert [here.stock(row["reference"]) for row in made] == [9, 9, 9]
    assert here.rows("products", reference="TEE")[0]["active"] == "1"
    here.add_to_gp(sold(item("TEE-RED-L")))
    here.gp("update two.iv00101 set itmshnam = '4006381333931' where itemnmbr = 'TEE-BLU-S'")
    here.house.engine.run("variants", Selection(keys=("TEE-RED-L", "TEE-BLU-S")))
    after = {row["reference"]: row for row in combinations(here, "TEE")}
    assert {row["id"] for row in made} < {row["id"] for row in after.values()}  # none was made anew
    assert [row["id"] for row in after.values() if row["default_on"] == "1"] == default
    assert after["TEE-BLU-S"]["ean13"] == "4006381333931"
    groups = Counter(name for row in here.rows("product_options") for name in set(row["name"].values()))
    assert groups["Colour"] == 1
    names = [row["name"]["1"] for row in here.rows("product_option_values")]
    assert len(names) == len(set(names))


def test_a_product_that_gains_its_first_variant_later(both: Make) -> None:
    here = both(settings=CREATE)
    here.add_to_gp(sold(item("BAG")))
    here.house.engine.run("items", Selection(keys=("BAG",)))
    (before,) = here.rows("products", reference="BAG")
    here.add_to_gp(sold(item("BAG-RED-S")))
    here.house.engine.run("items", Selection(keys=("BAG",)))
    here.house.engine.run("variants", Selection(keys=("BAG-RED-S",)))
    (after,) = here.rows("products", reference="BAG")
    assert (after["id"], after["product_type"]) == (before["id"], "combinations")
    assert [row["reference"] for row in combinations(here, "BAG")] == ["BAG-RED-S"]
    here.house.engine.run("stock", Selection(keys=("BAG", "BAG-RED-S")))
    assert here.stock("BAG-RED-S") == 9
    assert here.state("stock", "BAG").code == "has_combinations"


def test_fields_of_the_shop_survive_and_the_difference_is_told(both: Make) -> None:
    here = both(settings=CREATE)
    here.house.engine.run("items", ALL)
    (product,) = here.rows("products", reference="CW-00002")
    here.store.change("products", product["id"], name={"1": "Edited by hand", "2": "À la main"}, weight="9.000000")
    here.gp("update two.iv00101 set itemdesc = 'From GP', itemshwt = 77 where itemnmbr = 'CW-00002'")
    report = here.house.engine.run("items", Selection(keys=("CW-00002",)))
    (after,) = here.rows("products", reference="CW-00002")
    assert after["name"] == {"1": "Edited by hand", "2": "À la main"}
    assert Decimal(after["weight"]) == Decimal("0.77")
    unchanged = {k: v for k, v in product.items() if k not in {"name", "weight", "date_upd"}}
    assert {k: after[k] for k in unchanged} == unchanged
    (told,) = [w for w in report.warnings if w.code == "kept_there"]
    assert "name stays Edited by hand, and not From GP" in told.sentence
    assert "price" not in told.sentence  # another flow's


@pytest.mark.parametrize("version", VERSIONS)
def test_what_gp_does_not_say_stays_as_the_shop_has_it(both: Make, version: str) -> None:
    """A shop that keeps EANs and weights itself, beside a GP whose items have none."""
    here = both(version=version, settings=CREATE)
    (product,) = here.rows("products", reference="CW-00002")
    (parent,) = here.rows("products", reference="CW-00003")
    (combination,) = here.rows("combinations", reference="CW-00003-RED-S")
    codes = dict(zip((product["id"], parent["id"]), islice(eans(), 2), strict=True))
    for row in (product, parent):
        here.store.change("products", row["id"], ean13=codes[row["id"]], weight="2.500000")
    here.store.change("combinations", combination["id"], ean13="4006381333931")
    here.gp("update two.iv00101 set itemshwt = 0, itmshnam = 'Short name' where left(itemnmbr, 7) = 'CW-0000'")
    here.house.engine.run("items", Selection(keys=("CW-00002", "CW-00003")))
    here.house.engine.run("variants", Selection(keys=("CW-00003-RED-S",)))
    for row in (product, parent):
        after = here.store.row("products", row["id"])
        assert (after["ean13"], after["weight"]) == (codes[row["id"]], "2.500000")
    assert here.store.row("combinations", combination["id"])["ean13"] == "4006381333931"
    here.gp("update two.iv00101 set itemshwt = 40, itmshnam = '4006381333948' where itemnmbr = 'CW-00002'")
    here.house.engine.run("items", Selection(keys=("CW-00002",)))
    after = here.store.row("products", product["id"])
    assert (after["ean13"], after["weight"]) == ("4006381333948", "0.400000")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["pack", "combinations"])
def test_a_product_that_is_a_pack_or_has_combinations_in_the_shop_stays_one(
    both: Make, version: str, kind: str
) -> None:
    """GP has it as one item, a kit for example: what is in it is the shop's."""
    here = both(version=version, settings=CREATE)
    (product,) = here.rows("products", reference="CW-00002")
    here.store.change("products", product["id"], product_type=kind)
    here.gp("update two.iv00101 set itemtype = 3, itemshwt = 40 where itemnmbr = 'CW-00002'")
    for _ in range(2):
        here.house.engine.run("items", Selection(keys=("CW-00002",)))
        after = here.store.row("products", product["id"])
        assert (after["product_type"], after["weight"]) == (kind, "0.400000")
    assert here.state("items", "CW-00002").state == "delivered"


@pytest.mark.parametrize("version", VERSIONS)
def test_names_in_gp_that_the_shop_refuses_are_written_as_it_takes_them(both: Make, version: str) -> None:
    """isCatalogName: vendors, makers and classes. isGenericName: options. They are found again under what was written."""
    maps = 'manufacturers:\n  ACME: {value: "Acme {Tools}"}\noption_values:\n  RED: {value: "Red; <dark>"}\n'
    here = both(version=version, settings={**CREATE, "GPPS_CATALOGUE__SOLD": "class:ODD"}, maps=maps)
    items = (item(number, ITMCLSCD="ODD") for number in ("NEW-1", "NEW-2", "TEE-RED-S", "TEE-RED-L"))
    vendors = [{"ITEMNMBR": number, "VENDORID": "ACME", "ITMVNDTY": 1} for number in ("NEW-1", "NEW-2")]
    here.add_to_gp(
        sold(*items)
        | {"IV00103": vendors, "PM00200": [{"VENDORID": "ACME", "VENDNAME": "Parts #1; = <best>"}]}
        | {"IV40400": [{"ITMCLSCD": "ODD", "ITMCLSDC": "Parts {small} #2"}]}
    )
    for number in ("NEW-1", "NEW-2", "TEE"):
        here.house.engine.run("items", Selection(keys=(number,)))
        assert here.state("items", number).state == "delivered", here.state("items", number).sentence
    for number in ("TEE-RED-S", "TEE-RED-L"):
        here.house.engine.run("variants", Selection(keys=(number,)))
        assert here.state("variants", number).state == "delivered", here.state("variants", number).sentence
    names = [row["name"] for resource in ("suppliers", "manufacturers") for row in here.rows(resource)]
    assert [names.count(name) for name in ("Parts no. 1, - best", "Acme (Tools)")] == [1, 1]
    texts = [text for row in here.rows("categories") for text in set(row["name"].values())]
    assert texts.count("Parts (small) no. 2") == 1
    values = [text for row in here.rows("product_option_values") for text in set(row["name"].values())]
    assert values.count("Red; dark") == 1
    before = here.writes()
    here.house.engine.run("items", ALL)
    here.house.engine.run("variants", ALL)
    assert here.writes() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_an_item_number_with_a_sign_that_has_no_capital_is_found_again(both: Make, version: str) -> None:
    """Asked for as STRASSE or with a Greek capital, MySQL finds no Straße: each run would make it once more."""
    here = both(version=version, settings=CREATE)
    numbers = ("10µF", "Straße", "é-1")
    here.add_to_gp(sold(*(item(number) for number in numbers)))
    for _ in range(2):
        here.house.engine.run("activation", Selection(keys=numbers))
    assert [len(here.rows("products", reference=number)) for number in numbers] == [1, 1, 1]
    for number in numbers:
        assert (here.state("activation", number).state, here.stock(number)) == ("delivered", 9)
        assert here.rows("products", reference=number)[0]["active"] == "1"


def test_a_product_whose_place_in_its_category_is_none_that_can_be_set_is_changed_all_the_same(both: Make) -> None:
    """PrestaShop 26761, 36077: position_in_category is a setter, and a place as read may be refused when it is put back."""
    here = both(version="1.7.8.11", settings=CREATE)
    ids = {number: here.rows("products", reference=number)[0]["id"] for number in ("CW-00002", "CW-00004", "CW-00005")}
    here.store.change("products", ids["CW-00002"], position_in_category="9000")  # others were deleted
    here.store.change("products", ids["CW-00004"], position_in_category="0")
    associations = here.store.row("products", ids["CW-00005"])["associations"]
    here.store.change("products", ids["CW-00005"], associations=associations | {"categories": [{"id": "2"}]})
    before = [here.store.row("products", one).get("position_in_category") for one in ids.values()]
    here.gp("update two.iv00101 set itemshwt = 123 where itemnmbr in ('CW-00002', 'CW-00004', 'CW-00005')")
    here.house.engine.run("items", Selection(keys=tuple(ids)))
    assert [here.state("items", number).state for number in ids] == ["delivered"] * 3
    after = [here.store.row("products", one) for one in ids.values()]
    assert [row["weight"] for row in after] == ["1.230000"] * 3
    assert [row["position_in_category"] for row in after] == before


def test_two_products_with_one_reference_are_held_never_renamed(both: Make) -> None:
    here = both(settings=CREATE)
    (product,) = here.rows("products", reference="CW-00002")
    here.store.add("products", {**product, "id": ""})
    here.house.engine.run("items", Selection(keys=("CW-00002",)))
    state = here.state("items", "CW-00002")
    assert (state.state, state.code) == ("held", "number_taken")
    assert "same reference" in state.sentence
    assert len(here.rows("products", reference="CW-00002")) == 2


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "reset", "empty_500", "error_row"])
def test_nothing_is_made_twice_whatever_the_shop_answers(both: Make, kind: str) -> None:
    maps = "option_groups:\n  '1': {value: Hue}\nprice_levels:\n  RETAIL: {value: '0'}\n"
    here = both(maps=maps, settings=CREATE)
    parents: list[str] = []
    for n, resource in enumerate(("products", "combinations", "product_options", "specific_prices")):
        keys = [f"TEE{n}{m}" for m in range(2)]
        rows = sold(*(item(f"{key}-{colour}-S") for key in keys for colour in ("RED", "BLU")))
        rows["IV00108"] = [
            {"ITEMNMBR": one["ITEMNMBR"], "CURNCYID": "EUR", "PRCLEVEL": "RETAIL", "UOFM": "Each", "FROMQTY": 10,
             "TOQTY": 999999999999, "UOMPRICE": 11, "QTYBSUOM": 1}
            for one in rows["IV00101"]
        ]  # fmt: skip
        here.add_to_gp(rows)
        here.house.sandbox.shop.faults.add(Fault(kind, resource, method="POST", row=2))
        here.house.engine.run("activation", Selection(keys=tuple(keys)))
        here.house.sandbox.shop.faults.clear()
        parents += keys
    variants = [f"{parent}-{colour}-S" for parent in parents for colour in ("RED", "BLU")]
    for flow, some in (("items", parents), ("variants", variants), ("prices", variants), ("stock", variants)):
        here.house.engine.run(flow, Selection(keys=tuple(some)))
    here.house.engine.run("activation", Selection(keys=tuple(parents)))
    made = Counter(row["reference"] for row in here.rows("products") if row["reference"].startswith("TEE"))
    assert made == Counter(parents)
    made = Counter(row["reference"] for row in here.rows("combinations") if row["reference"].startswith("TEE"))
    assert made == Counter(variants)
    assert [row["name"]["1"] for row in here.rows("product_options")].count("Hue") == 1
    prices = Counter((row["id_product"], row["id_product_attribute"]) for row in here.rows("specific_prices"))
    ours = {key: n for key, n in prices.items() if key[1] != "0"}
    assert len(ours) == len(variants)
    assert set(ours.values()) == {1}
    assert all(here.state("activation", parent).state == "delivered" for parent in parents)

"""Which items are variants of what: by pattern, by user categories, by a table; and the rule of what is sold at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.sources.variants import CatalogueRules, Variant
from gp_prestashop.settings import CatalogueSettings

Make = Callable[..., Any]


def rules(home: Path = Path(), **settings: Any) -> CatalogueRules:
    return CatalogueRules(CatalogueSettings(**settings), home)


def row(number: str, **more: str) -> dict[str, Any]:
    return {"ITEMNMBR": number, "ITMCLSCD": "WEB", **{f"USCATVLS_{n}": "" for n in range(1, 7)}, **more}


PATTERN = {"variants": "pattern", "pattern": "{parent}-{colour}-{size}", "options": "colour,size"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("TEE-RED-S", Variant("TEE", ("RED", "S"))),
        ("CW-00012-RED-S", Variant("CW-00012", ("RED", "S"))),
        ("TEE-RED", None),
        ("TEE", None),
    ],
)
def test_a_pattern(number: str, expected: Variant | None) -> None:
    assert rules(**PATTERN).variant(row(number)) == expected


def test_user_categories() -> None:
    some = rules(variants="categories", parent_category=1, options="colour=2,size=4")
    assert some.variant(row("X1", USCATVLS_1="TEE", USCATVLS_2="RED", USCATVLS_4="S")) == Variant("TEE", ("RED", "S"))
    assert some.variant(row("X2", USCATVLS_1="TEE", USCATVLS_2="RED")) is None
    assert some.groups == ("colour", "size")


def test_a_table(tmp_path: Path) -> None:
    (tmp_path / "variants.csv").write_text("item,parent,colour,size\nx-1,TEE,RED,S\n", "utf-8")
    some = rules(tmp_path, variants="table", options="colour,size")
    assert some.variant(row("X-1")) == Variant("TEE", ("RED", "S"))
    assert some.variant(row("X-2")) is None


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"variants": "pattern", "pattern": "{parent}", "options": "colour"}, "pattern_wrong"),
        ({"variants": "pattern", "pattern": "{parent}-{shade}", "options": "colour"}, "pattern_wrong"),
        ({"variants": "categories", "options": "colour"}, "options_wrong"),
        ({"variants": "table", "options": "colour"}, "variant_table"),
    ],
)
def test_a_rule_that_cannot_be_says_what_to_set(settings: dict[str, str], code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(Path("/nowhere"), **settings).variant(row("TEE-RED", USCATVLS_1="X"))
    assert caught.value.code == code
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("sold", "expected"),
    [("all", True), ("class:web,x", True), ("class:OTHER", False), ("category_3:YES", False), ("item:a, b", False)],
)
def test_the_rule_of_what_is_sold(sold: str, expected: bool) -> None:
    assert rules(sold=sold).on_web(row("TEE")) is expected


@pytest.mark.parametrize("sold", ["", "class:", "colour:RED"])
def test_without_a_rule_nothing_is_sold(sold: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(sold=sold).on_web(row("TEE"))
    assert caught.value.code == "catalogue_rule_missing"


@pytest.mark.parametrize("kind", ["categories", "table"])
def test_products_by_categories_or_table_have_their_variants(both: Make, tmp_path: Path, kind: str) -> None:
    settings = {"GPPS_CATALOGUE__VARIANTS": kind, "GPPS_CATALOGUE__OPTIONS": "colour=2,size=3"}
    (tmp_path / "variants.csv").write_text("item,parent,colour,size\nA1,TEE,RED,S\nB7,TEE,BLU,S\n", "utf-8")
    here = both(settings=settings)
    common = {"ITEMTYPE": 1, "ITMCLSCD": "WEBITEM", "UOMSCHDL": "EACH", "USCATVLS_1": "TEE", "USCATVLS_3": "S"}
    here.add_to_gp(
        {
            "IV00101": [
                {"ITEMNMBR": "A1", "USCATVLS_2": "RED", **common},
                {"ITEMNMBR": "B7", "USCATVLS_2": "BLU", **common},
            ]
        }
    )
    source = here.house.engine.parts.sources["gp"]
    for selection in (Selection(), Selection(keys=("TEE",))):
        found = {r.key: r.raw for page in source.read("products", selection, page_size=20) for r in page}
        assert [one["ITEMNMBR"] for one in found["TEE"]["variants"]] == ["A1", "B7"]
        assert found["TEE"]["IS_VARIANT"] is True
        assert not {"A1", "B7"} & set(found)
    items = {r.key: r.raw for page in source.read("items", Selection(keys=("A1",))) for r in page}
    assert (items["A1"]["PARENT"], items["A1"]["OPTION_1"], items["A1"]["OPTION_2"]) == ("TEE", "RED", "S")

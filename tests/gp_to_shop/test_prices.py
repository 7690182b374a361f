"""Prices from GP to the shop: methods, levels, currencies, units, breaks; only what changed; a person's own stay."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.gp.sources.price_rounding import PriceRounding
from gp_prestashop.gp.sources.prices import amount_of
from gp_prestashop.sandbox.shop.faults import Fault
from tests.gp_to_shop.test_catalogue import item, sold

Make = Callable[..., Any]
VERSIONS = ["8.2.1", "1.7.8.11"]
ONE = Selection(keys=("CW-00002",))
LEVELS = 'price_levels:\n  RETAIL: {value: "0"}\n  TRADE: {value: "3"}\n'
SETTINGS = {"GPPS_STOCK__GUARD": "no", "GPPS_CATALOGUE__CREATE": "yes"}
FAR = 999999999999


def break_(level: str, price: str, low: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "ITEMNMBR": "CW-00002", "CURNCYID": "EUR", "PRCLEVEL": level, "UOFM": "Each", "FROMQTY": low, "TOQTY": FAR,
        "UOMPRICE": Decimal(price), "QTYBSUOM": 1, **more,
    }  # fmt: skip


def shop_price(here: Any, reference: str) -> Decimal:
    """What the shop asks: a combination's price is added to its product's."""
    for combination in here.rows("combinations", reference=reference):
        product = here.store.row("products", combination["id_product"])
        return Decimal(product["price"]) + Decimal(combination["price"])
    return Decimal(here.rows("products", reference=reference)[0]["price"])


def specific(here: Any, reference: str = "CW-00002") -> set[tuple[str, str, int, Decimal]]:
    """(currency, group, from quantity, price) of the article's specific prices."""
    (product,) = here.rows("products", reference=reference)
    return {
        (row["id_currency"], row["id_group"], int(row["from_quantity"]), Decimal(row["price"]))
        for row in here.rows("specific_prices", id_product=product["id"])
    }


@pytest.mark.parametrize(
    ("method", "value", "expected"),
    [
        (1, "12.5", "12.5"),
        (2, "80", "16"),
        (3, "50", "15"),
        (4, "50", "18"),
        (5, "20", "12.5"),
        (6, "20", "15"),
        (6, "100", None),
    ],
)
def test_the_six_price_methods(method: int, value: str, expected: str | None) -> None:
    item = {"PRICMTHD": method, "CURRCOST": Decimal(10), "STNDCOST": Decimal(12)}
    row = {"UOMPRICE": Decimal(value), "QTYBSUOM": Decimal(1)}
    amount = amount_of(item, row, Decimal(20))
    assert amount == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("version", VERSIONS)
def test_list_prices_of_products_and_combinations_arrive_and_only_changes_are_sent(both: Make, version: str) -> None:
    here = both(version=version, settings=SETTINGS)
    here.gp("update two.iv00105 set listprce = listprce + 1")
    report = here.house.engine.run("prices", Selection())
    assert report.written > 50
    most = 100 if version[0] == "8" else 10  # products and combinations, many in a request; few in one of 1.7.8
    assert here.writes() <= 2 * (1 + report.written // most)
    lists = here.house.gp("select trim(itemnmbr::text), listprce from two.iv00105 where curncyid = 'EUR'")
    shop = {row["reference"] for row in [*here.rows("products"), *here.rows("combinations")]}
    wrong = {n: (shop_price(here, n), price) for n, price in lists if n in shop and shop_price(here, n) != price}
    assert wrong == {}
    before = here.writes()
    here.gp("update two.iv00105 set listprce = 77 where itemnmbr = 'CW-00003-RED-S' and curncyid = 'EUR'")
    report = here.house.engine.run("prices", Selection())
    assert (report.written, here.writes() - before) == (1, 1)
    assert shop_price(here, "CW-00003-RED-S") == 77


@pytest.mark.parametrize("version", VERSIONS)
def test_levels_currencies_units_and_breaks_become_specific_prices(both: Make, version: str) -> None:
    here = both(version=version, maps=LEVELS, settings=SETTINGS)
    usd = here.rows("currencies", iso_code="USD")[0]["id"]
    eur = here.rows("currencies", iso_code="EUR")[0]["id"]
    rows = [
        break_("RETAIL", "9.50", 10, TOQTY=99),
        break_("RETAIL", "9.00", 100),
        break_("TRADE", "8.00"),
        break_("TRADE", "8.80", CURNCYID="USD"),
        break_("TRADE", "84.00", UOFM="Dozen", QTYBSUOM=12),
    ]
    here.add_to_gp({"IV00108": rows})
    (product,) = here.rows("products", reference="CW-00002")
    promotion = {
        "id_product": product["id"], "id_product_attribute": "0", "id_shop": "0", "id_cart": "0", "id_currency": "0",
        "id_country": "0", "id_group": "0", "id_customer": "0", "price": "-1.000000", "from_quantity": "1",
        "reduction": "0.100000", "reduction_type": "percentage", "reduction_tax": "1", "id_specific_price_rule": "0",
        "from": "0000-00-00 00:00:00", "to": "0000-00-00 00:00:00", "id_shop_group": "0",
    }  # fmt: skip
    here.store.add("specific_prices", promotion)
    mine = ("0", "0", 1, Decimal("-1.000000"))
    here.house.engine.run("prices", ONE)
    expected = {
        (eur, "0", 10, Decimal("9.5")),
        (eur, "0", 100, Decimal(9)),
        (eur, "3", 1, Decimal(8)),
        (usd, "3", 1, Decimal("8.8")),
        (eur, "3", 12, Decimal(7)),
    }
    assert specific(here) == expected | {mine}
    before = here.writes()
    assert here.house.engine.run("prices", ONE).written == 0
    # A break goes, another one changes.
    here.gp("delete from two.iv00108 where itemnmbr = 'CW-00002' and prclevel = 'RETAIL' and fromqty = 100")
    here.gp(
        "update two.iv00108 set uomprice = 9.4, toqty = %s where itemnmbr = 'CW-00002' and prclevel = 'RETAIL'", FAR
    )
    here.house.engine.run("prices", ONE)
    expected -= {(eur, "0", 100, Decimal(9)), (eur, "0", 10, Decimal("9.5"))}
    assert specific(here) == expected | {(eur, "0", 10, Decimal("9.4")), mine}
    assert here.writes() - before == 2


@pytest.mark.parametrize("maps", ["", LEVELS])
def test_a_fixed_price_of_a_group_that_gp_does_not_price_stays(both: Make, maps: str) -> None:
    """GP's are those of the groups in the value map, also where it has no price of such a level for the item."""
    here = both(maps=maps, settings=SETTINGS)
    here.add_to_gp({"IV40800": [{"PRCLEVEL": "TRADE", "DSCRIPTN": "Trade"}]})
    (product,) = here.rows("products", reference="CW-00002")
    for group in ("2", "3"):
        fixed = {
            "id_product": product["id"], "id_product_attribute": "0", "id_shop": "0", "id_cart": "0", "id_currency": "0",
            "id_country": "0", "id_group": group, "id_customer": "0", "price": "5.000000", "from_quantity": "1",
            "reduction": "0.000000", "reduction_type": "amount", "reduction_tax": "1", "id_specific_price_rule": "0",
            "from": "0000-00-00 00:00:00", "to": "0000-00-00 00:00:00", "id_shop_group": "0",
        }  # fmt: skip
        here.store.add("specific_prices", fixed)
    here.house.engine.run("prices", ONE)
    five = Decimal(5)
    assert specific(here) == {("0", "2", 1, five)} | (set() if maps else {("0", "3", 1, five)})


def test_prices_in_a_currency_that_the_shop_does_not_have_hold_up_no_others(both: Make) -> None:
    here = both(maps=LEVELS, settings=SETTINGS)
    eur = here.rows("currencies", iso_code="EUR")[0]["id"]
    here.add_to_gp({"IV00108": [break_("RETAIL", "9.50", 10), break_("TRADE", "8.80", CURNCYID="CAD")]})
    here.house.engine.run("prices", ONE)
    assert specific(here) == {(eur, "0", 10, Decimal("9.5"))}
    assert here.state("prices", "CW-00002").state == "delivered"
    cad = here.store.add("currencies", {**here.rows("currencies", iso_code="EUR")[0], "id": "", "iso_code": "CAD"})
    here.house.engine.run("prices", ONE, sweep=True)
    assert specific(here) == {(eur, "0", 10, Decimal("9.5")), (cad["id"], "3", 1, Decimal("8.8"))}


def test_a_shop_whose_own_currency_is_not_gps_gets_no_prices(both: Make) -> None:
    """Its default currency has the rate 1; others may have it besides, or had it before they were deleted."""
    here = both(settings=SETTINGS)
    before = shop_price(here, "CW-00002")
    rates = {row["iso_code"]: row["id"] for row in here.rows("currencies")}
    here.store.change("currencies", rates["USD"], conversion_rate="1.000000")
    here.gp("update two.iv00105 set listprce = 76 where itemnmbr = 'CW-00002'")
    here.house.engine.run("prices", ONE)
    assert shop_price(here, "CW-00002") == 76 != before
    here.store.change("currencies", rates["EUR"], conversion_rate="0.900000")
    here.gp("update two.iv00105 set listprce = 77 where itemnmbr = 'CW-00002'")
    here.house.engine.parts.clock.sleep(301)  # the shop's lists are kept for a while
    here.house.engine.run("prices", ONE)
    state = here.state("prices", "CW-00002")
    assert (state.state, state.code) == ("held", "other_currency")
    assert shop_price(here, "CW-00002") == 76


def test_the_price_of_a_chosen_level_is_the_products_own(both: Make) -> None:
    here = both(maps=LEVELS, settings={**SETTINGS, "GPPS_CATALOGUE__PRICE_LEVEL": "TRADE"})
    here.add_to_gp({"IV00108": [break_("TRADE", "8.00"), break_("TRADE", "7.00", 10, TOQTY=FAR - 1)]})
    here.gp("update two.iv00101 set pricmthd = 2 where itemnmbr = 'CW-00004'")
    here.add_to_gp({"IV00108": [break_("TRADE", "80", ITEMNMBR="CW-00004")]})
    ends_in = {"ROUNDTO": 2, "ROUNDHOW": 2, "RNDGAMNT": Decimal("0.05"), "CURNCYID": "EUR", "UOFM": "Each"}
    here.add_to_gp({"IV00107": [{"ITEMNMBR": "CW-00004", "PRCLEVEL": "TRADE", **ends_in}]})
    here.house.engine.run("prices", Selection(keys=("CW-00002", "CW-00004")))
    assert shop_price(here, "CW-00002") == 8
    assert {row[2:] for row in specific(here)} == {(10, Decimal(7))}
    state = here.state("prices", "CW-00004")
    assert (state.state, state.code) == ("held", "price_rounded")
    assert "catalogue.price_level, and IV00107 (ROUNDTO, ROUNDHOW, RNDGAMNT)" in state.sentence


@pytest.mark.parametrize(
    ("amount", "to", "how", "by", "expected"),
    [
        ("12.34", 2, 1, "0.05", "12.35"),  # up to a multiple
        ("12.34", 3, 1, "0.05", "12.30"),  # down
        ("12.34", 4, 1, "0.05", "12.35"),  # to nearest: 0.01 above, 0.04 below
        ("12.35", 2, 1, "0.05", "12.35"),
        ("12.35", 3, 1, "0.05", "12.35"),
        ("12.35", 4, 1, "0.05", "12.35"),
        ("101", 4, 1, "3", "102"),  # 99 is farther away
        ("12.34", 1, 1, "0.05", "12.34"),  # not at all
        ("12.34", 2, 1, "0", "12.34"),
        ("12.325", 4, 1, "0.05", None),  # an exact half
        ("12.30004", 2, 1, "0.05", None),  # 12.30 if it is cut to cents first, else 12.35
        ("12.34", 2, 2, "0.95", None),  # ends in: 12.95 or 19.95, nothing says how far apart they are
        ("0.04", 3, 1, "0.05", None),  # nothing is left of it
        ("12.34", 2, 0, "0.05", None),
        ("12.34", 5, 1, "0.05", None),
    ],
)
def test_a_worked_out_price_is_rounded_as_iv00107_says(
    amount: str, to: int, how: int, by: str, expected: str | None
) -> None:
    found = PriceRounding(to, how, Decimal(by)).of(Decimal(amount), 2)
    assert found == (None if expected is None else Decimal(expected))


def test_a_price_that_gp_rounds_and_a_level_is_a_partition(both: Make) -> None:
    here = both(maps=LEVELS, settings=SETTINGS)
    three = ("CW-00002", "CW-00004", "CW-00005")
    here.gp("update two.iv00101 set pricmthd = 2 where itemnmbr = any(%s)", list(three))
    here.gp("update two.iv00105 set listprce = 15.42 where itemnmbr = any(%s) and curncyid = 'EUR'", list(three))
    here.add_to_gp({"IV00108": [break_("TRADE", "80", ITEMNMBR=number) for number in three]})
    rounded = {"CURNCYID": "EUR", "PRCLEVEL": "TRADE", "UOFM": "Each", "ROUNDTO": 2, "RNDGAMNT": Decimal("0.05")}
    hows = {"CW-00004": 1, "CW-00005": 2}  # a multiple of 0.05, and what ends in it
    here.add_to_gp({"IV00107": [{"ITEMNMBR": number, **rounded, "ROUNDHOW": how} for number, how in hows.items()]})
    source = here.house.engine.parts.sources["gp"]
    assert "TRADE" in source.partitions("prices")
    report = here.house.engine.run("prices", Selection(partition="TRADE"))
    assert report.seen == 3
    assert [here.state("prices", number).state for number in three] == ["delivered", "delivered", "held"]
    assert {row[3] for row in specific(here, "CW-00002")} == {Decimal("12.336")}  # 80 % of 15.42
    assert {row[3] for row in specific(here, "CW-00004")} == {Decimal("12.35")}
    assert "IV00107 (ROUNDTO, ROUNDHOW, RNDGAMNT)" in here.state("prices", "CW-00005").sentence


def test_an_item_without_a_price_is_held_and_keeps_the_shops(both: Make) -> None:
    here = both(settings=SETTINGS)
    before = shop_price(here, "CW-00002")
    here.gp("delete from two.iv00105 where itemnmbr = 'CW-00002'")
    here.house.engine.run("prices", ONE)
    state = here.state("prices", "CW-00002")
    assert (state.state, state.code, shop_price(here, "CW-00002")) == ("held", "no_price", before)


def test_a_price_edited_in_the_shop_is_put_right_by_the_sweep(both: Make) -> None:
    here = both(settings=SETTINGS)
    here.house.engine.run("prices", Selection())
    wanted = {name: shop_price(here, name) for name in ("CW-00002", "CW-00003-RED-S", "CW-00003-BLU-L")}
    (product,) = here.rows("products", reference="CW-00003")
    here.store.change("products", product["id"], price="1.000000")  # moves all its combinations
    here.store.change("products", here.rows("products", reference="CW-00002")[0]["id"], price="1.000000")
    assert here.house.engine.run("prices", Selection()).written == 0
    here.house.engine.run("prices", Selection(), sweep=True)
    assert {name: shop_price(here, name) for name in wanted} == wanted


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["", "empty_500", "error_row"])
def test_a_products_new_price_moves_none_of_its_combinations_that_gp_prices(
    both: Make, version: str, kind: str
) -> None:
    """The shop keeps what a combination adds: the product's price, written alone, would be on top of it."""
    here = both(version=version, settings=SETTINGS)
    numbers = ("BAG", "BAG-BLU-S", "BAG-RED-S")
    here.add_to_gp(sold(*(item(number) for number in numbers)))
    here.house.engine.run("items", Selection(keys=("BAG",)))
    here.house.engine.run("variants", Selection(keys=numbers))
    here.house.engine.run("prices", Selection(keys=numbers[1:]))  # before the product has a price
    red, blue = (here.rows("combinations", reference=number)[0] for number in ("BAG-RED-S", "BAG-BLU-S"))
    own = {"id_product": red["id_product"], "reference": "GIFT-WRAPPED", "price": "2.000000", "minimal_quantity": "1"}
    here.store.add("combinations", own)
    here.house.engine.run("prices", Selection(keys=("BAG",)))
    assert [shop_price(here, number) for number in numbers] == [Decimal("12.5")] * 3
    here.gp("update two.iv00105 set listprce = 20 where itemnmbr = 'BAG'")
    here.gp("update two.iv00105 set listprce = 15 where itemnmbr = 'BAG-RED-S'")
    if kind:
        method = "PATCH" if version[0] == "8" else "PUT"
        here.house.sandbox.shop.faults.add(Fault(kind, "combinations", method=method))
    here.house.engine.run("prices", Selection(keys=("BAG", "BAG-RED-S")))
    assert [shop_price(here, number) for number in numbers] == [20, Decimal("12.5"), 15]
    assert shop_price(here, "GIFT-WRAPPED") == 22  # a person's: two more than the product
    defaults = [row["default_on"] or "" for row in here.rows("combinations", id_product=blue["id_product"])]
    assert sorted(defaults) == ["", "", "1"]
    before = here.writes()
    assert here.house.engine.run("prices", Selection(keys=numbers)).written == 0
    assert here.writes() == before

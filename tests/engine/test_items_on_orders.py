"""What may stand on an order's line: units, kits, customised, virtual, discontinued and missing items, sites and shortages.

Tests share a house; each sells an item of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.clock import SystemClock
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.oversell import UnseenDemand
from tests.both import Both
from tests.house import House
from tests.shop import Shop

D = Decimal


class Counter:
    """A shop and a GP, to sell an item of GP's with and look at what became of it."""

    def __init__(self, house: House) -> None:
        self.both, self.shop = Both(house), Shop(house)
        self.ledger = house.engine.parts.ledger
        self._items = 0

    def item(self, stock: int = 10, **columns: object) -> str:
        """A new item of GP's with a price, and so many pieces at the site MAIN, five times as many at WAREHOUSE."""
        self._items += 1
        number = f"NEW-{self._items}"
        item = {
            "ITEMNMBR": number, "ITEMTYPE": 1, "DECPLQTY": 1, "DECPLCUR": 3, "UOMSCHDL": "EACH", "SELNGUOM": "Each",
            "ALWBKORD": 1, "PRICMTHD": 1, "TAXOPTNS": 1, "VCTNMTHD": 1, "PRCLEVEL": "WEB", "ITMTSHID": "ITEM-STD",
        }  # fmt: skip
        sites = {"": 6 * stock, "MAIN": stock, "WAREHOUSE": 5 * stock}
        self.both.add_to_gp(
            {
                "IV00101": [item | columns],
                "IV00102": [
                    {"ITEMNMBR": number, "RCRDTYPE": 2 if site else 1, "LOCNCODE": site, "QTYONHND": D(quantity)}
                    for site, quantity in sites.items()
                ],
                "IV00108": [
                    {"ITEMNMBR": number, "CURNCYID": currency, "PRCLEVEL": "WEB", "UOFM": "Each", "QTYBSUOM": D(1),
                     "FROMQTY": D(1), "TOQTY": D(999999), "UOMPRICE": D(10)}
                    for currency in ("EUR", "USD")
                ],
            }
        )  # fmt: skip
        return number

    def order(self, reference: str, quantity: int = 1, lines: int = 1, **changes: object) -> dict[str, Any]:
        """An order of that article alone, at 10.00 a piece without tax or shipping."""
        like = next(one for one in self.shop.delivered() if one["id_currency"] == "1")
        order = self.shop.copy_order(like)
        first, *others = self.shop.rows("order_details", id_order=order["id"])
        for other in others:
            self.both.store.table("order_details").remove(int(other["id"]))
        amount = f"{quantity * 10:.6f}"
        detail = {
            **first, "product_reference": reference, "product_id": str(990 + self._items), "product_attribute_id": "0",
            "product_quantity": str(quantity), "total_price_tax_excl": amount, "total_price_tax_incl": amount,
            "unit_price_tax_excl": "10.000000", "unit_price_tax_incl": "10.000000", "associations": {"taxes": []}, **changes,
        }  # fmt: skip
        rows = [self.shop.put("order_details", detail)]
        rows += [self.shop.put("order_details", {**detail, "id": self.shop.new_id()}) for _ in range(lines - 1)]
        whole = f"{quantity * 10 * lines:.6f}"
        totals = {name: "0.000000" for name in order if name.startswith("total_")}
        totals |= dict.fromkeys(("total_products", "total_products_wt", "total_paid", "total_paid_tax_incl"), whole)
        associations = {**order["associations"], "order_rows": [self._row(order, one) for one in rows]}
        more = {"total_paid_tax_excl": whole, "current_state": "2", "associations": associations}
        return self.shop.put("orders", {**order, **totals, **more})

    @staticmethod
    def _row(order: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
        like = order["associations"]["order_rows"][0]
        return {**like, "id": detail["id"], "product_quantity": detail["product_quantity"]}

    def send(self, order: dict[str, Any], engine: Engine | None = None) -> tuple[str, str]:
        """The order's state and code after a run."""
        (engine or self.both.house.engine).run("sales_orders", Selection(keys=(str(order["id"]),)))
        state = self.both.state("sales_orders", str(order["id"]))
        self.sentence = state.sentence
        return state.state, state.code

    def lines(self, order: dict[str, Any], columns: str, where: str = "cmpntseq = 0") -> list[tuple[Any, ...]]:
        return self.both.house.gp(
            f"select {columns} from two.sop10200 where sopnumbe = 'PS{int(order['id']):08d}' and {where} "
            "order by lnitmseq, cmpntseq"
        )


@pytest.fixture(scope="module")
def counter(make_shared_house: Callable[..., House]) -> Counter:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GPPS_CATALOGUE__SOLD", "all")
        house = make_shared_house(orders=12, troubles=False)
    house.engine.run("sales_orders", Selection())
    return Counter(house)


def test_a_piece_is_the_items_base_unit_whatever_gp_sells_it_in(counter: Counter) -> None:
    """GP would take its own selling unit, and two pieces would be two dozens."""
    order = counter.order(counter.item(SELNGUOM="Dozen"), 2)
    assert counter.send(order) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, trim(uofm::text), qtybsuom, atyalloc") == [(2, "Each", 1, 2)]


def test_a_value_map_says_in_which_unit_gp_counts_an_article(counter: Counter) -> None:
    number = counter.item(stock=100, DECPLQTY=3)
    order = counter.order(number, 3)
    article = f"{counter.shop.rows('order_details', id_order=order['id'])[0]['product_id']}-0"
    maps = counter.ledger.value_maps
    maps.load("units", {article: {"value": "Dozen", "quantity": "0.5"}}, source="test")
    assert counter.send(order) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, trim(uofm::text), oruntprc, oxtndprc, extqtyal") == [
        (D("1.5"), "Dozen", 20, 30, 18)
    ]
    maps.load("units", {article: {"value": "PALLET"}}, source="test")
    assert counter.send(counter.order(number, 3)) == ("held", "unit_not_in_schedule")
    maps.load("units", {article: {"value": "Dozen", "quantity": "0.125"}}, source="test")
    assert counter.send(counter.order(number, 1)) == ("held", "quantity_decimals")
    maps.load("units", {}, source="test")


def test_the_shop_hears_of_stock_and_prices_in_its_own_pieces(counter: Counter) -> None:
    both = counter.both
    product = next(row for row in both.rows("products") if not row["associations"]["combinations"])
    item = product["reference"].upper()
    both.gp("update two.iv00102 set qtyonhnd = 100, atyalloc = 0 where itemnmbr = %s", item)
    counter.ledger.value_maps.load("units", {f"{product['id']}-0": {"value": "Dozen"}}, source="test")
    engine = both.again(GPPS_STOCK__GUARD="no", GPPS_STOCK__UNALLOCATED="no")
    both.gp("update two.iv00105 set listprce = 1.25 where itemnmbr = %s and curncyid = 'EUR'", item)
    for flow in ("stock", "prices"):
        engine.run(flow, Selection(keys=(item,)))
        assert both.state(flow, item).state == "delivered", both.state(flow, item).sentence
    counter.ledger.value_maps.load("units", {}, source="test")
    assert both.stock(product["reference"]) == 8  # dozens, and a broken one
    assert both.rows("products", reference=product["reference"])[0]["price"] == "15.000000"


def test_a_cancelled_order_that_nobody_has_read_yet_takes_nothing(counter: Counter) -> None:
    house = counter.both.house
    for state, taken in (("2", {"quantity": 3}), ("6", None)):
        order = counter.order(counter.item(), 3)
        counter.shop.put("orders", {**order, "current_state": state})
        article = (counter.shop.rows("order_details", id_order=order["id"])[0]["product_id"], "0")
        demand = UnseenDemand(house.engine.parts.sources["prestashop"], counter.ledger, house.settings, SystemClock())
        assert demand.lookup("unseen.demand", [article], ["quantity"]).get(article) == taken


def test_a_customised_product_is_a_line_for_each_customisation_that_names_it(counter: Counter) -> None:
    order = counter.order(counter.item(), 1, lines=2)
    for number, detail in enumerate(counter.shop.rows("order_details", id_order=order["id"]), start=41):
        counter.shop.put("order_details", {**detail, "id_customization": str(number)})
    assert counter.send(order) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, oxtndprc") == [(1, 10), (1, 10)]
    said = counter.both.house.gp(
        f"select trim(comment_1::text) from two.sop10202 where sopnumbe = 'PS{int(order['id']):08d}' order by lnitmseq"
    )
    assert said == [("Customised: no. 41 in the shop",), ("Customised: no. 42 in the shop",)]


def test_a_pack_is_one_line_and_a_kit_takes_its_components_from_stock(counter: Counter) -> None:
    part, kit = counter.item(), counter.item(ITEMTYPE=3)
    counter.both.add_to_gp(
        {"IV00104": [{"ITEMNMBR": kit, "SEQNUMBR": 1, "CMPTITNM": part, "CMPITUOM": "Each", "CMPITQTY": D(3)}]}
    )
    order = counter.order(kit, 2)
    assert counter.send(order) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, oxtndprc") == [(2, 20)]
    assert counter.lines(order, "trim(itemnmbr::text), quantity, atyalloc", "cmpntseq > 0") == [(part, 6, 6)]
    assert counter.send(order) == ("delivered", "")


def test_an_order_of_downloads_needs_neither_carrier_nor_stock(counter: Counter) -> None:
    order = counter.order(counter.item(ITEMTYPE=5, stock=0))
    counter.shop.put("orders", {**order, "id_carrier": "0"})
    assert counter.send(order) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, atyalloc") == [(1, 0)]


def test_a_discontinued_item_is_sold_while_it_is_there(counter: Counter) -> None:
    number = counter.item(stock=3, ITEMTYPE=2)
    first = counter.order(number, 3)
    assert counter.send(first) == ("delivered", ""), counter.sentence
    assert counter.send(counter.order(number, 1)) == ("held", "out_of_stock")
    counter.shop.put("orders", {**first, "note": "looked at"})  # what it took itself is not missing
    assert counter.send(first) == ("delivered", ""), counter.sentence


def test_several_lines_of_one_item_take_its_stock_together(counter: Counter) -> None:
    """Each customisation is a line of its own; one by one, each of them found enough."""
    discontinued, few = counter.item(stock=3, ITEMTYPE=2), counter.item(stock=4)
    assert counter.send(counter.order(discontinued, 2, lines=2)) == ("held", "out_of_stock")
    careful = counter.both.again(GPPS_SOP__SHORTAGE="hold")
    assert counter.send(counter.order(few, 3, lines=2), careful) == ("held", "out_of_stock")
    sites = counter.both.again(GPPS_SOP__SITES="MAIN, WAREHOUSE", GPPS_SOP__SHORTAGE="hold")
    order = counter.order(few, 3, lines=2)
    assert counter.send(order, sites) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "trim(locncode::text)") == [("WAREHOUSE",), ("WAREHOUSE",)]
    exactly = counter.order(counter.item(stock=4), 2, lines=2)
    assert counter.send(exactly, careful) == ("delivered", ""), counter.sentence
    counter.shop.put("orders", {**exactly, "note": "looked at"})  # what its lines took themselves is not missing
    assert counter.send(exactly, careful) == ("delivered", ""), counter.sentence


def test_a_reference_whose_capitals_are_other_signs_is_found(counter: Counter) -> None:
    """GP and SQL Server leave ß and µ as they are."""
    for number, reference in (("STRAßE-9", "Straße-9"), ("5µM", "5µm")):
        item = counter.item()
        for table in ("iv00101", "iv00102", "iv00108"):
            counter.both.gp(f"update two.{table} set itemnmbr = %s where itemnmbr = %s", number, item)
        order = counter.order(reference)
        assert counter.send(order) == ("delivered", ""), counter.sentence
        assert counter.lines(order, "trim(itemnmbr::text)") == [(number,)]
    beside = counter.order("Maß 5µm")
    assert counter.send(beside, counter.both.again(GPPS_SOP__MISSING="line")) == ("delivered", ""), counter.sentence


def test_an_item_that_gp_lacks_holds_the_order_or_is_a_line_that_the_settings_name(counter: Counter) -> None:
    misc = counter.item(ITEMTYPE=4)
    held = counter.order("no-such-thing")
    assert counter.send(held) == ("held", "no_lookup")
    assert "no-such-thing" in counter.sentence
    named = counter.order("no-such-thing")
    assert counter.send(named, counter.both.again(GPPS_SOP__MISSING_ITEM=misc)) == ("delivered", ""), counter.sentence
    assert counter.lines(named, "trim(itemnmbr::text), noninven") == [(misc, 0)]
    beside = counter.both.again(GPPS_SOP__MISSING="line")
    for reference, number in (("no-such-thing", "NO-SUCH-THING"), ("", None)):
        order = counter.order(reference)
        assert counter.send(order, beside) == ("delivered", ""), counter.sentence
        detail = counter.shop.rows("order_details", id_order=order["id"])[0]
        expected = number or f"P{detail['product_id']}-0"
        assert counter.lines(order, "trim(itemnmbr::text), noninven, trim(uofm::text), oxtndprc") == [
            (expected, 1, "Each", 10)
        ]
        assert counter.send(order, beside) == ("delivered", "")


def test_lines_come_from_the_first_site_that_has_them_and_stay_there(counter: Counter) -> None:
    engine = counter.both.again(GPPS_SOP__SITES="MAIN, WAREHOUSE")
    number = counter.item(stock=4)
    few, many, most = counter.order(number, 4), counter.order(number, 5), counter.order(number, 500)
    for order, site in ((few, "MAIN"), (many, "WAREHOUSE"), (most, "MAIN")):  # nowhere: the usual site
        assert counter.send(order, engine) == ("delivered", ""), counter.sentence
        assert counter.lines(order, "trim(locncode::text)") == [(site,)]
    counter.shop.put("orders", {**few, "note": "looked at"})
    assert counter.send(few, engine) == ("delivered", ""), counter.sentence
    assert counter.lines(few, "trim(locncode::text)") == [("MAIN",)]


def test_a_carrier_that_leaves_from_another_site_decides_for_all_lines(counter: Counter) -> None:
    order = counter.order(counter.item())
    (carrier,) = counter.shop.rows("carriers", id=order["id_carrier"])
    maps = counter.ledger.value_maps
    maps.load("carrier_sites", {carrier["id_reference"]: {"value": "WAREHOUSE"}}, source="test")
    assert counter.send(order, counter.both.again(GPPS_SOP__SITES="MAIN")) == ("delivered", ""), counter.sentence
    maps.load("carrier_sites", {}, source="test")
    assert counter.lines(order, "trim(locncode::text)") == [("WAREHOUSE",)]


@pytest.mark.parametrize(
    ("shortage", "ordered", "back_ordered"), [("override", 6, 0), ("back_order", 4, 2), ("back_order_all", 0, 6)]
)
def test_what_gp_has_too_little_of_is_sold_or_back_ordered(
    counter: Counter, shortage: str, ordered: int, back_ordered: int
) -> None:
    engine = counter.both.again(GPPS_SOP__SHORTAGE=shortage)
    order = counter.order(counter.item(stock=4), 6)
    assert counter.send(order, engine) == ("delivered", ""), counter.sentence
    assert counter.lines(order, "quantity, qtytoinv, qtytbaor, oxtndprc") == [(6, ordered, back_ordered, 60)]
    counter.shop.put("orders", {**order, "note": "looked at"})
    assert counter.send(order, engine) == ("delivered", ""), counter.sentence


def test_a_shortage_can_hold_the_order_and_an_item_may_forbid_back_orders(counter: Counter) -> None:
    number = counter.item(stock=4, ALWBKORD=0)
    assert counter.send(counter.order(number, 6), counter.both.again(GPPS_SOP__SHORTAGE="hold")) == (
        "held",
        "out_of_stock",
    )
    order = counter.order(number, 6)
    assert counter.send(order, counter.both.again(GPPS_SOP__SHORTAGE="back_order")) == ("held", "gp_4776")
    assert counter.lines(order, "quantity") == []


def test_stock_can_be_allocated_at_entry_whatever_the_document_id_says(counter: Counter) -> None:
    counter.both.gp("update two.sop40200 set allocaby = 2 where soptype = 2 and docid = 'STDORD'")
    number = counter.item()
    for allocate, allocated in (("document_id", 0), ("yes", 2)):
        order = counter.order(number, 2)
        assert counter.send(order, counter.both.again(GPPS_SOP__ALLOCATE=allocate)) == ("delivered", "")
        assert counter.lines(order, "atyalloc") == [(allocated,)]
    counter.both.gp("update two.sop40200 set allocaby = 3 where soptype = 2 and docid = 'STDORD'")  # none
    assert counter.send(counter.order(number), counter.both.again(GPPS_SOP__ALLOCATE="yes")) == ("held", "gp_2232")
    counter.both.gp("update two.sop40200 set allocaby = 1 where soptype = 2 and docid = 'STDORD'")


def test_what_comes_back_is_counted_as_it_went(counter: Counter) -> None:
    """Three pieces that are half a dozen each, and an article that GP does not know."""
    number = counter.item(stock=100, DECPLQTY=3)
    dozens, beside = counter.order(number, 3), counter.order("no-such-thing", 2, product_id="5555")
    article = f"{counter.shop.rows('order_details', id_order=dozens['id'])[0]['product_id']}-0"
    counter.ledger.value_maps.load("units", {article: {"value": "Dozen", "quantity": "0.5"}}, source="test")
    settings = {"GPPS_SOP__MISSING": "line", "GPPS_REFUND__DOCUMENT": "return", "GPPS_REFUND__RESTOCK": "yes"}
    engine = counter.both.again(**settings)
    for order, row in (
        (dozens, (number, 0, D("1.5"), D("1.5"), "Dozen", 30)),
        (beside, ("NO-SUCH-THING", 1, 2, 2, "Each", 20)),
    ):
        assert counter.send(order, engine) == ("delivered", ""), counter.sentence
        slip = counter.shop.refund(order)
        engine.run("returns", Selection(keys=(slip["id"],)))
        state = counter.both.state("returns", slip["id"])
        assert state.state == "delivered", state.sentence
        back = "trim(itemnmbr::text), noninven, quantity, qtyonhnd, trim(uofm::text), oxtndprc"
        of_slip = f"from two.sop10200 where soptype = 4 and sopnumbe = 'PSR{int(slip['id']):08d}'"
        assert counter.both.house.gp(f"select {back} {of_slip}") == [row]
    counter.ledger.value_maps.load("units", {}, source="test")

"""Writes that no recording shows in full, or that show best by themselves."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.sandbox.shop.conftest import KEY, Client

CUSTOMER = (
    "<customer><lastname>Doe</lastname><firstname>Jane</firstname><email>{}</email><passwd>secret-1</passwd></customer>"
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def product(reference: str, **fields: str) -> str:
    more = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        f"<product><reference>{reference}</reference><price>12.5</price>{more}"
        f'<name><language id="1">{reference}</language><language id="2">{reference}</language></name></product>'
    )


def combination(product: str, quantity: str = "") -> str:
    return (
        f"<combination><id_product>{product}</id_product><minimal_quantity>1</minimal_quantity>{quantity}</combination>"
    )


def stock_row(client: Client, product: str, combination: str = "0") -> int:
    return client.ids(f"stock_availables?filter[id_product]={product}&filter[id_product_attribute]={combination}")[0]


def test_a_product_comes_with_its_stock_row_and_goes_with_it(new: Client) -> None:
    made = new.saved("POST", "products", product("NEW-1"))[0]
    assert (made["date_add"], made["price"]) == ("2026-11-20 21:37:00", "12.5")
    read = new.read("products", made["id"])
    assert (read["price"], read["wholesale_price"], read["active"]) == ("12.500000", "0.000000", "0")
    row = stock_row(new, made["id"])
    assert new.read("stock_availables", row)["quantity"] == "0"
    assert new.send("DELETE", f"products/{made['id']}").status_code == 200
    assert new.send("GET", f"stock_availables/{row}").status_code == 404
    assert new.error("DELETE", f"products/{made['id']}") == (404, [87])


def test_a_products_stock_is_the_sum_of_its_combinations(new: Client) -> None:
    made = new.saved("POST", "products", product("NEW-2"))[0]["id"]
    one, two = (row["id"] for row in new.saved("POST", "combinations", combination(made), combination(made)))
    for identifier, quantity in ((one, 7), (two, 5)):
        row = stock_row(new, made, identifier)
        new.saved("PATCH", f"stock_availables/{row}", f"<s><id>{row}</id><quantity>{quantity}</quantity></s>")
    total = stock_row(new, made)
    assert new.read("stock_availables", total)["quantity"] == "12"
    new.saved("PATCH", "stock_availables", f"<s><id>{total}</id><quantity>999</quantity></s>")
    assert new.read("stock_availables", total)["quantity"] == "999"
    new.send("DELETE", f"combinations/{two}")
    assert new.read("stock_availables", total)["quantity"] == "7"


def test_put_empties_what_it_does_not_name_and_patch_does_not(new: Client) -> None:
    made = new.saved("POST", "customers", CUSTOMER.format("jane@example.test"))[0]["id"]
    new.saved("PATCH", f"customers/{made}", f"<c><id>{made}</id><company>ACME</company></c>")
    before = new.read("customers", made)
    assert (before["company"], before["lastname"], before["active"]) == ("ACME", "Doe", "0")
    sent = CUSTOMER.format("jane@example.test").replace("<customer>", f"<customer><id>{made}</id>")
    new.saved("PUT", f"customers/{made}", sent)
    after = new.read("customers", made)
    assert (after["company"], after["secure_key"], after["id_shop"]) == ("", "", "0")
    assert before["secure_key"] != ""


def test_patch_of_one_language_keeps_the_others_only_of_a_required_field(new: Client) -> None:
    category = new.ids("categories?sort=[id_DESC]&limit=1")[0]
    new.saved(
        "PATCH", f"categories/{category}", f'<c><id>{category}</id><name><language id="1">X</language></name></c>'
    )
    assert new.texts("categories", category, "name")["2"] != ""
    new.saved("PATCH", "products/1", '<p><id>1</id><name><language id="1">X</language></name></p>')
    assert new.texts("products", 1, "name") == {"1": "X", "2": ""}


def test_several_entities_have_no_transaction(new: Client) -> None:
    rows = new.ids("stock_availables?limit=3")
    bad = [f"<s><id>{rows[0]}</id><quantity>71</quantity></s>", f"<s><id>{rows[1]}</id><quantity>x</quantity></s>"]
    late = f"<s><id>{rows[2]}</id><quantity>73</quantity></s>"
    third = new.read("stock_availables", rows[2])["quantity"]
    assert new.error("PATCH", "stock_availables", *bad, late) == (400, [85])
    assert new.read("stock_availables", rows[0])["quantity"] == "71"
    assert new.read("stock_availables", rows[2])["quantity"] == third != "73"


def test_a_state_posted_twice_is_two_rows(new: Client) -> None:
    order = new.ids("orders?filter[current_state]=2&limit=1")[0]
    history = f"<o><id_order>{order}</id_order><id_order_state>4</id_order_state></o>"
    before = len(new.ids(f"order_histories?filter[id_order]={order}"))
    first = new.saved("POST", "order_histories?sendemail=1", history)[0]
    second = new.saved("POST", "order_histories", history)[0]
    assert int(second["id"]) == int(first["id"]) + 1
    assert len(new.ids(f"order_histories?filter[id_order]={order}")) == before + 2
    changed = new.read("orders", order)
    assert (changed["current_state"], changed["date_upd"]) == ("4", "2026-11-20 21:37:00")
    assert changed["delivery_number"] != "0"
    assert order in new.ids("orders?filter[date_upd]=[2026-11-20,2026-11-21]&date=1")


def test_a_payment_leaves_the_orders_date(new: Client) -> None:
    order = new.ids("orders?limit=1")[0]
    before = new.read("orders", order)
    payment = f"<p><order_reference>{before['reference']}</order_reference><id_currency>1</id_currency><amount>1.5</amount></p>"
    assert new.saved("POST", "order_payments", payment)[0]["amount"] == "1.5"
    assert new.read("orders", order)["date_upd"] == before["date_upd"]


def test_an_order_is_placed_from_a_cart(new: Client) -> None:
    item = new.saved("POST", "products", product("NEW-3", id_tax_rules_group="6"))[0]["id"]
    row = stock_row(new, item)
    new.saved("PATCH", "stock_availables", f"<s><id>{row}</id><quantity>10</quantity></s>")
    customer, address = new.read("customers", 1), new.ids("addresses?filter[id_customer]=1")[0]
    cart = new.saved(
        "POST",
        "carts",
        f"<cart><id_currency>1</id_currency><id_lang>1</id_lang><id_customer>1</id_customer><id_address_delivery>{address}"
        f"</id_address_delivery><associations><cart_rows><cart_row><id_product>{item}</id_product><quantity>3</quantity>"
        "</cart_row></cart_rows></associations></cart>",
    )[0]
    required = ["id_address_delivery", "id_address_invoice", "id_currency", "id_lang", "id_customer", "id_carrier"]
    sent = "".join(f"<{name}>1</{name}>" for name in required)
    sums = "".join(
        f"<{name}>45</{name}>" for name in ["total_paid", "total_paid_real", "total_products", "total_products_wt"]
    )
    order = (
        f"<order>{sent}<id_cart>{cart['id']}</id_cart><module>ps_wirepayment</module><payment>Bank wire</payment>{sums}"
        "<conversion_rate>1</conversion_rate></order>"
    )
    placed = new.read("orders", new.saved("POST", "orders", order)[0]["id"])
    assert (placed["total_products"], placed["total_products_wt"], placed["total_paid"]) == (
        "37.500000",
        "45.000000",
        "45.000000",
    )
    assert (placed["current_state"], placed["secure_key"], placed["valid"]) == ("11", customer["secure_key"], "1")
    assert new.read("stock_availables", row)["quantity"] == "7"
    assert len(new.ids(f"order_payments?filter[order_reference]={placed['reference']}")) == 1
    assert len(new.ids(f"order_invoices?filter[id_order]={placed['id']}")) == 1
    again = new.send("POST", "orders", order)
    assert (again.status_code, again.text[:23]) == (500, "Cart cannot be loaded o")
    new.saved(
        "POST", "order_histories", f"<o><id_order>{placed['id']}</id_order><id_order_state>6</id_order_state></o>"
    )
    assert new.read("stock_availables", row)["quantity"] == "10"  # cancelled: the goods are back


def test_an_order_goes_without_its_details(new: Client) -> None:
    details = new.ids("order_details?filter[id_order]=3")
    assert new.send("DELETE", "orders/3").status_code == 200
    assert new.send("GET", "orders/3").status_code == 404
    assert new.ids("order_details?filter[id_order]=3") == details != []


def test_an_address_in_use_is_only_flagged(new: Client) -> None:
    used = new.read("orders", 1)["id_address_delivery"]
    assert new.send("DELETE", f"addresses/{used}").status_code == 200
    assert new.read("addresses", used)["deleted"] == "1"


def test_duplicate_email(new: Client) -> None:
    new.saved("POST", "customers", CUSTOMER.format("twice@example.test"))
    others = len(new.ids("customers?limit=1000"))
    twice = (CUSTOMER.format("twice@example.test"), CUSTOMER.format("late@example.test"))
    assert new.error("POST", "customers", *twice) == (500, [140, 46])
    assert len(new.ids("customers?limit=1000")) == others


def test_what_1_7_8_refuses(old: Client) -> None:
    assert old.error("PATCH", "products/1", "<p><id>1</id><price>3</price></p>") == (405, [23])
    assert old.error("POST", "stock_availables", "<s><quantity>1</quantity></s>") == (405, [101])
    as_read = old.send("GET", "products/1").text.removeprefix("<?xml")
    inner = re.search(r"<product>.*</product>", as_read, re.DOTALL)
    assert inner is not None
    assert old.error("PUT", "products/1", re.sub(r' xlink:href="[^"]*"', "", inner[0])) == (400, [93])
    writable = re.sub(r' xlink:href="[^"]*"|<(manufacturer_name|quantity)[ >].*?</\1>', "", inner[0])
    old.saved("PUT", "products/1", writable)


def test_errors_of_writes(new: Client) -> None:
    assert new.error("PUT", "customers/1", "<c><lastname>x</lastname></c>") == (400, [90])
    assert new.error("PATCH", "stock_availables", "<s><id>1</id></s>", "<s><id>1</id></s>") == (400, [89])
    assert new.error("POST", "customers", "<c><id>5</id></c>") == (400, [91])
    assert new.error("PUT", "suppliers/9999", "<s><id>9999</id><name>x</name></s>") == (404, [92])
    assert new.error("POST", "suppliers", "<s/>") == (400, [41])
    assert new.error("POST", "suppliers", "<s><name></name></s>") == (400, [85])
    assert new.error("PATCH", "products/1", "<p><id>1</id><associations><nope/></associations></p>") == (400, [86])
    assert new.error("GET", "orders?schema=nope") == (400, [28])
    broken = requests.post(f"{new.shop.url}/api/customers", auth=(KEY, ""), data=b"{}", timeout=10)
    assert (broken.status_code, "[127]" in broken.text) == (500, True)


def test_what_a_write_makes_is_there_for_filters_at_once(new: Client) -> None:
    option = new.saved(
        "POST",
        "product_options",
        '<o><group_type>select</group_type><name><language id="1">Size</language></name><public_name><language id="1">Size'
        "</language></public_name></o>",
    )[0]["id"]
    value = f'<v><id_attribute_group>{option}</id_attribute_group><name><language id="1">Large</language></name></v>'
    made = new.saved("POST", "product_option_values", value)[0]["id"]
    assert new.ids(f"product_option_values?filter[id_attribute_group]={option}") == [int(made)]
    price = (
        "<price>9.99</price><from_quantity>1</from_quantity><reduction>0</reduction><reduction_tax>1</reduction_tax>"
    )
    keys = "".join(
        f"<{one}>0</{one}>" for one in ["id_shop", "id_cart", "id_currency", "id_country", "id_group", "id_customer"]
    )
    times = "<reduction_type>amount</reduction_type><from>0000-00-00 00:00:00</from><to>0000-00-00 00:00:00</to>"
    made = new.saved("POST", "specific_prices", f"<s><id_product>1</id_product>{keys}{price}{times}</s>")[0]["id"]
    assert new.ids("specific_prices?filter[id_product]=[1|2]") == [int(made)]
    assert new.send("DELETE", f"specific_prices/{made}").status_code == 200
    assert new.ids("specific_prices?filter[id_product]=[1|2]") == []


def test_pictures(new: Client) -> None:
    url = f"{new.shop.url}/api/images/products/1"
    posted = requests.post(url, auth=(KEY, ""), files={"image": ("a.png", PNG, "image/png")}, timeout=10)
    assert (posted.status_code, base64.b64encode(PNG).decode() in posted.text) == (200, True)
    assert requests.get(f"{url}/1", auth=(KEY, ""), timeout=10).content == PNG
    assert new.read("products", 1)["id_default_image"] == "1"
    wrong = requests.post(url, auth=(KEY, ""), files={"image": ("a.png", b"no picture", "image/png")}, timeout=10)
    assert wrong.status_code == 400
    assert requests.delete(f"{url}/1", auth=(KEY, ""), timeout=10).status_code == 200
    assert new.read("products", 1)["id_default_image"] == ""


def test_unchanged_content_is_304(new: Client) -> None:
    first = new.send("GET", "orders/1")
    again = new.send("GET", "orders/1", **{"Local-Content-Sha1": first.headers["Content-Sha1"]})
    assert (again.status_code, again.content) == (304, b"")


def test_writes_at_the_same_time_lose_nothing(new: Client) -> None:
    def post(n: int) -> str:
        return new.saved("POST", "suppliers", f"<s><name>S{n}</name></s>", f"<s><name>T{n}</name></s>")[0]["id"]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(post, range(40)))
    assert len(set(made)) == 40
    assert len(new.ids("suppliers?limit=1000")) == 80

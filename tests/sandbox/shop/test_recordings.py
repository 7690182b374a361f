"""Every recorded exchange with real shops, replayed against the stand-in over HTTP.

The stand-in starts with what PrestaShop's installer made; the ``seed`` folder then builds the shop, request by request,
and everything else follows in the order in which it happened. Status, Content-Type, error codes and bodies must be the
recorded ones, to the letter, but for moments in time and for what a shop draws by lot (keys, references, hashes).
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from gp_prestashop.sandbox.shop.server import ShopServer
from gp_prestashop.sandbox.shop.store import Key, Row, ShopStore
from gp_prestashop.sandbox.world.rows import RowMaker, install_rows
from tests.sandbox.shop.recordings import VERSIONS, Exchange, exchanges
from tests.sandbox.shop.sequence import in_order

RECORDED_BASE = re.compile(r"http://127\.0\.0\.1:\d+/")
MOMENT = re.compile(r"20(?:26|27)-\d\d-\d\d(?: |%20)\d\d:\d\d:\d\d")
DRAWN = re.compile(r"<(?:secure_key|passwd)><!\[CDATA\[([^\]<]+)")
ANY_ORDER = re.compile(r"(?<=<)(combinations|product_option_values)( nodeType[^>]*>\n)(.*?)(?=</\1>)", re.DOTALL)
ANY_ORDER_JSON = re.compile(r'("(?:combinations|product_option_values)":)(\[(?:\{"id":"\d+"\},?)+\])')

# Rows that orders and products make; no installer has any.
DERIVED = {
    "orders", "order_details", "order_carriers", "order_payments", "order_histories", "order_invoices",
    "order_cart_rules", "order_slip", "stock_availables", "combinations", "products", "carts", "messages",
}  # fmt: skip

# What the recorder did to the shop by other ways than the webservice: SQL, back office, other requests.
CART_RULES = {3: [1], 4: [2]}
ORDER_DATES = {
    1: "2023-12-31 23:59:59", 2: "2024-01-01 00:00:00", 3: "2024-06-15 12:30:00", 4: "2024-12-31 00:00:00",
    5: "2024-12-31 10:00:00", 6: "2025-03-01 08:00:00",
}  # fmt: skip

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
FORM = (
    b'--seedboundary\r\nContent-Disposition: form-data; name="image"; filename="seed.png"\r\n'
    b"Content-Type: image/png\r\n\r\n%b\r\n--seedboundary--\r\n"
)
SLIP_DETAIL = re.compile(
    r"(<order_slip_detail>\n\t<id><!\[CDATA\[)\d+"
)  # ids have a gap that nothing recorded explains
CONTENT = re.compile(r'(<content encode="base64"><!\[CDATA\[)[^\]]+')

NOT_COVERED = [
    ("one/product_price_virtual_field", "prices computed on request (price[…]): nothing here asks for them"),
]
FLOOR = {"8.2.1": 897, "1.7.8.11": 859}  # the number reached; it only rises


@dataclass
class Replay:
    """What became of each exchange: blank where it was answered as recorded, else the first difference."""

    version: str
    outcomes: dict[str, str] = field(default_factory=dict)


class Translator:
    """Pairs what the recorded shop drew by lot with what ours drew, as answers show them."""

    def __init__(self) -> None:
        self.ours: dict[str, str] = {}

    def learn(self, recorded: str, answer: str) -> None:
        left, right = DRAWN.findall(recorded), DRAWN.findall(answer)
        if len(left) == len(right):
            self.ours = dict(zip(left, right, strict=True)) | self.ours
        if recorded.startswith('{"customers":[{'):
            mine = {row["id"]: row for row in json.loads(answer)["customers"]}
            for row in json.loads(recorded)["customers"]:
                names = [name for name in ("secure_key", "passwd") if row.get(name) and row["id"] in mine]
                self.ours = {row[name]: mine[row["id"]][name] for name in names} | self.ours

    def __call__(self, text: str) -> str:
        """Recorded text as our shop would have it."""
        for theirs, mine in self.ours.items():
            if theirs in text:
                text = text.replace(theirs, mine)
            escaped = theirs.replace("/", "\\/")
            if escaped != theirs and escaped in text:
                text = text.replace(escaped, mine.replace("/", "\\/"))
        return text


def start(version: str) -> ShopStore:
    """A shop as the installer leaves it."""
    recorded = exchanges(version)
    store = ShopStore(version)
    store.keys = {
        "SEEDKEY" * 4 + "SEED": Key(),
        "READONLY" * 4: Key(rights=dict.fromkeys(("customers", "orders", "products"), frozenset({"GET", "HEAD"}))),
        "DISABLED" * 4: Key(active=False),
    }
    store.install_modules("ps_wirepayment", "ps_checkpayment", "ps_cashondelivery")
    firsts = first_ids(recorded)
    maker = RowMaker(version)
    store.load({"countries": [maker.fit("countries", row) for row in install_rows("countries")]})
    for exchange in recorded.values():
        if re.fullmatch(r"list/\w+_full_json", exchange.name) and exchange.resource not in DERIVED:
            answer = json.loads(exchange.answer)
            rows = [row_of(store, exchange.resource, row) for row in (next(iter(answer.values())) if answer else [])]
            first = firsts.get(exchange.resource, 1 << 30)
            store.load({exchange.resource: [row for row in rows if int(row["id"]) < first]})
    for resource, first in firsts.items():
        if resource not in DERIVED:
            store.table(resource).start_after(first - 1)
    return store


def first_ids(recorded: dict[str, Exchange]) -> dict[str, int]:
    """The lowest id that a recorded POST was given, by resource."""
    found: dict[str, int] = {}
    for exchange in recorded.values():
        if exchange.method == "POST" and exchange.status == 201:
            ids = [int(one) for one in re.findall(r"\n\t<id><!\[CDATA\[(\d+)", exchange.answer)[:1]]
            for one in ids:
                found[exchange.resource] = min(found.get(exchange.resource, one), one)
    return found


def row_of(store: ShopStore, resource: str, row: dict[str, Any]) -> Row:
    fields = store.shapes[resource].fields
    return {
        name: {text["id"]: text["value"] for text in value} if name in fields and fields[name].i18n else value
        for name, value in row.items()
    } | {"id": str(row["id"])}


def replay(version: str) -> Replay:
    """All exchanges, one after the other, over HTTP."""
    store, result, translate = start(version), Replay(version), Translator()
    orders = json.loads(exchanges(version)["list/orders_full_json"].answer)["orders"]
    references = {str(order["id"]): order["reference"] for order in orders}
    moment = [datetime(2026, 11, 20)]  # the recorded shops' local time
    with ShopServer(store, clock=lambda: moment[0]) as shop, requests.Session() as session:
        for exchange in in_order(exchanges(version)):
            moment[0] = parsedate_to_datetime(exchange.answer_headers["date"]).replace(tzinfo=None)
            meddle(store, exchange)
            answer = send(session, shop, exchange, translate)
            if exchange.folder == "seed" and exchange.resource == "orders":
                last = store.row("orders", store.ids("orders")[-1])
                translate.ours[references[last["id"]]] = last["reference"]
            result.outcomes[exchange.name] = difference(shop, exchange, answer, translate)
            store.enabled = True
    return result


def meddle(store: ShopStore, exchange: Exchange) -> None:
    """What happened to the shop before this exchange, and not through the webservice."""
    if exchange.name == "errors/webservice_disabled_503":
        store.enabled = False
    elif exchange.name == "seed/order_03_percent_rule":
        store.cart_rules.update(CART_RULES)
    elif exchange.name == "ops/delete_many_addresses":
        tmp_addresses(store, exchange.url)
    elif exchange.name == "put/path_id_differs_from_body" and store.version == "8.2.1":
        store.change("stock_availables", 1, quantity="190")  # by the recorder's timings
        store.change("stock_availables", 3, quantity="173")
    elif exchange.name == "api/root":
        for order, date in ORDER_DATES.items():
            store.change("orders", order, date_add=date, date_upd=date)


def tmp_addresses(store: ShopStore, url: str) -> None:
    """More addresses of the customer that goes next; their POSTs were not kept."""
    for number in re.findall(r"\d+", url):
        store.load({"addresses": [store.row("addresses", store.ids("addresses")[-1]) | {"id": number}]})


def send(session: requests.Session, shop: ShopServer, exchange: Exchange, translate: Translator) -> requests.Response:
    body = translate(exchange.body).encode() if exchange.body is not None else None
    if exchange.name == "ops/image_post_product":
        body = FORM % PNG  # the recorder kept the picture as text, which it is not
    request = requests.Request(exchange.method, shop.url, headers=exchange.headers, data=body)
    prepared = request.prepare()
    prepared.url = shop.url + translate(exchange.url)
    prepared.headers.update({name: translate(value) for name, value in exchange.headers.items()})
    return session.send(prepared, timeout=10, allow_redirects=False)


def difference(shop: ShopServer, exchange: Exchange, answer: requests.Response, translate: Translator) -> str:
    """The first thing that is not as recorded, or blank."""
    if answer.status_code != exchange.status:
        return f"status {answer.status_code}, recorded {exchange.status}: {answer.text[:300]}"
    kind = answer.headers.get("Content-Type")
    if kind != exchange.answer_headers.get("content-type"):
        return f"Content-Type {kind}, recorded {exchange.answer_headers.get('content-type')}"
    text = answer.content.decode()
    recorded = RECORDED_BASE.sub(f"{shop.url}/", exchange.answer)
    translate.learn(recorded, text)
    if exchange.name == "probe/get_for_sha":
        translate.ours[exchange.answer_headers["content-sha1"]] = answer.headers["Content-Sha1"]
    ours, theirs = plain(text), plain(translate(recorded))
    if ours == theirs or (unsorted(exchange) and parts(ours) == parts(theirs)):
        return ""
    place = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return (
        f"at {place}: {ours[max(place - 90, 0) : place + 110]!r}, recorded {theirs[max(place - 90, 0) : place + 110]!r}"
    )


def plain(text: str) -> str:
    """Without moments and pictures; associations that MySQL gives in any order in one order."""
    text = SLIP_DETAIL.sub(r"\1N", text)
    text = CONTENT.sub(r"\1PICTURE", MOMENT.sub("NOW", text))
    text = ANY_ORDER.sub(lambda one: one[1] + one[2] + "".join(sorted(re.split(r"(?<=\n)(?=\t<\w+ )", one[3]))), text)
    return ANY_ORDER_JSON.sub(lambda one: one[1] + json.dumps(sorted(json.loads(one[2]), key=str)), text)


def unsorted(exchange: Exchange) -> bool:
    """Lists without sort come in no dependable order."""
    return exchange.method == "GET" and "sort=" not in exchange.url


def parts(text: str) -> list[str]:
    """The entities of a list, in an order of their own."""
    if text.startswith("{") and isinstance(next(iter(json.loads(text).values())), list):
        return sorted(json.dumps(row) for rows in json.loads(text).values() for row in rows)
    entity = re.search(r"<prestashop[^>]*>\n<(\w+)>\n<(\w+)", text)
    if entity is None:
        return [text]
    rows = text.partition(f"<{entity[1]}>\n")[2].rpartition(f"</{entity[1]}>")[0]
    return sorted(one.strip() for one in re.split(rf"\n(?=<{entity[2]}[ >])", rows))


@pytest.fixture(scope="module", params=VERSIONS)
def replayed(request: pytest.FixtureRequest) -> Replay:
    return replay(request.param)


def reason(name: str) -> str:
    """Why an exchange is not expected to be answered as recorded; blank when it is."""
    return next((why for pattern, why in NOT_COVERED if re.fullmatch(pattern, name)), "")


def test_recorded_exchanges(replayed: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    differing = {name: what for name, what in replayed.outcomes.items() if what}
    surprising = {name: what for name, what in differing.items() if not reason(name)}
    covered = [name for name in replayed.outcomes if not differing.get(name) and not reason(name)]
    with capsys.disabled():
        print(report(replayed, covered))  # noqa: T201
    assert not surprising, "\n".join(f"{name}: {what}" for name, what in list(surprising.items())[:20])
    assert len(covered) >= FLOOR[replayed.version]


def of_installer(version: str, name: str) -> bool:
    """A list or a row of a resource that nothing recorded ever wrote."""
    exchange = exchanges(version)[name]
    written = DERIVED | set(first_ids(exchanges(version)))
    return exchange.folder in ("list", "one") and exchange.resource not in written


def report(replayed: Replay, covered: list[str]) -> str:
    lines = [
        f"\n{replayed.version}: {len(covered)} of {len(replayed.outcomes)} recorded exchanges answered as recorded"
    ]
    whys: Counter[str] = Counter(reason(name) for name in replayed.outcomes if reason(name))
    folder: Callable[[str], str] = lambda name: name.partition("/")[0]  # noqa: E731
    total, done = Counter(map(folder, replayed.outcomes)), Counter(map(folder, covered))
    lines += ["  " + ", ".join(f"{name} {done[name]}/{count}" for name, count in total.items())]
    installed = [name for name in covered if of_installer(replayed.version, name)]
    lines += [
        f"  {len(installed)} of these read rows that PrestaShop's installer makes, which start() takes from recorded lists"
    ]
    lines += [f"  {count} not covered: {why}" for why, count in whys.most_common()]
    return "\n".join(lines)

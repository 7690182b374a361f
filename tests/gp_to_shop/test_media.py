"""Pictures and texts from a folder or from web addresses: added once, whatever the shop answers."""

from __future__ import annotations

import os
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.prestashop.media import Media
from gp_prestashop.prestashop.media_download import download
from gp_prestashop.sandbox.shop.faults import Fault
from gp_prestashop.wiring import connect
from tests.house import EagerClock

Make = Callable[..., Any]
ONE = Selection(keys=("CW-00002",))
SETTINGS = {"GPPS_CATALOGUE__CREATE": "yes", "GPPS_STOCK__GUARD": "no"}


def picture(shade: int) -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(bytes([0, shade]))
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.fixture
def switched_on(both: Make, tmp_path: Path) -> Make:
    """A house with the flow on; and the folder."""

    def make(**options: Any) -> tuple[Any, Path, str]:
        overlay = tmp_path / "flows" / "media"
        overlay.mkdir(parents=True)
        (overlay / "overlay.yaml").write_text(
            "type: gp_prestashop.Overlay\nattributes: {flow: media, enabled: true}\n", "utf-8"
        )
        folder = tmp_path / "media"
        folder.mkdir()
        here = both(**{"settings": SETTINGS, **options})
        (product,) = here.rows("products", reference="CW-00002")
        return here, folder, product["id"]

    return make


def pictures(here: Any, product: str) -> list[bytes]:
    """The product's pictures, in the shop's order."""
    rows = here.store.row("products", product).get("associations", {}).get("images", [])
    return [here.store.files[int(product), int(row["id"])] for row in rows]


@pytest.mark.parametrize("version", ["8.2.1", "1.7.8.11"])
def test_files_named_after_items_become_pictures_and_texts_once(switched_on: Make, version: str) -> None:
    here, folder, product = switched_on(version=version)
    before = pictures(here, product)
    wanted = [picture(n) for n in range(len(before) + 2)]
    for n, content in enumerate(wanted, 1):
        (folder / (f"CW-00002_{n}.png" if n > 1 else "cw-00002.png")).write_bytes(content)
    (folder / "CW-00002.en.html").write_text("<p>Of a good make</p>", "utf-8")
    (folder / "CW-00002.en.short.html").write_text("<p>Good</p>", "utf-8")
    others = here.store.row("products", product)["description"]["2"]
    here.house.engine.run("media", ONE)
    assert here.state("media", "CW-00002").state == "delivered"
    assert pictures(here, product) == [*before, *wanted[len(before) :]]  # a person's own are left alone
    row = here.store.row("products", product)
    assert row["description"] == {"1": "<p>Of a good make</p>", "2": others}
    assert row["description_short"]["1"] == "<p>Good</p>"
    writes = here.writes()
    here.house.engine.run("media", ONE, sweep=True)
    assert here.writes() == writes
    (folder / f"CW-00002_{len(wanted) + 1}.png").write_bytes(picture(99))  # moves nothing in GP
    here.house.engine.parts.targets["prestashop"]._media._read_at = -1000.0
    here.house.engine.run("media", ONE, sweep=True)
    assert here.writes() == writes + 1
    assert pictures(here, product)[-1] == picture(99)


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "reset", "empty_500"])
def test_a_lost_answer_duplicates_no_picture(switched_on: Make, kind: str) -> None:
    here, folder, product = switched_on()
    count = len(pictures(here, product))
    for n in range(1, count + 3):
        (folder / f"CW-00002_{n}.png").write_bytes(picture(n))
    here.house.sandbox.shop.faults.add(Fault(kind, "images", method="POST"))
    here.house.engine.run("media", ONE)
    here.house.sandbox.shop.faults.clear()
    here.house.engine.run("media", ONE)
    assert here.state("media", "CW-00002").state == "delivered"
    assert pictures(here, product)[count:] == [picture(count + 1), picture(count + 2)]


def test_names_and_texts_of_every_language_come_from_a_table_once(switched_on: Make) -> None:
    here, folder, product = switched_on()
    here.house.engine.run("items", ONE)
    (folder / "CW-00002.en.html").write_text("<p>Of its file</p>", "utf-8")
    rows = [
        "item,language,name,description,description_short,meta_title",
        "CW-00002,EN,Tote bag,<p>Of the table</p>,,Totes",
        'cw-00002,fr,Cabas,"<p>En toile, solide</p>",,',
        "CW-00002,xx,Nobody's,,,",
        "UNKNOWN,en,Nothing,,,",
    ]
    (folder / "texts.csv").write_text("\n".join(rows), "utf-8")
    before = here.store.row("products", product)
    assert here.store.row("languages", "2")["iso_code"] == "fr"
    here.house.engine.run("media", ONE)
    assert here.state("media", "CW-00002").state == "delivered"
    row = here.store.row("products", product)
    assert row["name"] == {"1": "Tote bag", "2": "Cabas"}
    assert row["description"] == {"1": "<p>Of its file</p>", "2": "<p>En toile, solide</p>"}
    assert row["meta_title"] == {**before["meta_title"], "1": "Totes"}
    same = {name for name in row if row[name] == before[name]}
    assert set(row) - same - {"date_upd"} == {"name", "description", "meta_title"}
    # Neither flow takes back what the other, or a person, wrote.
    here.store.change("products", product, name={"1": "Tote bag!", "2": "Cabas"})
    writes = here.writes()
    for _ in range(2):
        here.house.engine.run("media", ONE, sweep=True)
        here.house.engine.run("items", ONE, sweep=True)
    assert (here.writes(), here.store.row("products", product)["name"]["1"]) == (writes, "Tote bag!")
    here.gp("update two.iv00101 set itemdesc = 'Renamed in GP' where itemnmbr = 'CW-00002'")
    here.house.engine.run("items", ONE)
    assert here.writes() == writes
    rows[2] = rows[2].replace("Cabas", "Sac")
    (folder / "texts.csv").write_text("\n".join(rows), "utf-8")
    here.house.engine.parts.targets["prestashop"]._media._read_at = -1000.0
    here.house.engine.run("media", ONE, sweep=True)
    assert here.store.row("products", product)["name"] == {"1": "Tote bag", "2": "Sac"}


def test_a_table_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text("article;langue\nx;fr\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        Media(tmp_path, EagerClock()).lookup("prestashop.text_files", [("X", "1")], ["name"])
    assert caught.value.code == "media_table"
    (tmp_path / "texts.csv").write_bytes("item,language,name\nX,fr,Tête\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"texts\.csv"):
        Media(tmp_path, EagerClock()).lookup("prestashop.text_files", [("X", "1")], ["name"])


class Killed(BaseException):
    """Stands for SIGKILL at a step."""


def test_a_kill_duplicates_no_picture(switched_on: Make) -> None:
    here, folder, product = switched_on()
    count = len(pictures(here, product))
    for n in range(1, count + 2):
        (folder / f"CW-00002_{n}.png").write_bytes(picture(n))

    def die(name: str) -> None:
        if name == "written":
            raise Killed

    with pytest.raises(Killed):
        here.house.with_step(die).run("media", ONE)
    here.house.engine.run("media", ONE)
    assert pictures(here, product)[count:] == [picture(count + 1)]


def test_pictures_that_differ_are_replaced_where_that_is_wanted(switched_on: Make) -> None:
    here, folder, product = switched_on(settings={**SETTINGS, "GPPS_CATALOGUE__REPLACE_IMAGES": "yes"})
    (folder / "CW-00002.png").write_bytes(picture(1))
    here.house.engine.run("media", ONE)
    ids = here.store.row("products", product)["associations"]["images"]
    (folder / "CW-00002.png").write_bytes(picture(2))
    os.utime(folder / "CW-00002.png", (1, 1))
    here.house.engine.parts.targets["prestashop"]._media._read_at = -1000.0
    here.house.engine.run("media", ONE, sweep=True)
    assert pictures(here, product)[0] == picture(2)
    assert here.store.row("products", product)["associations"]["images"] == ids


def test_what_is_no_picture_is_held_and_an_address_is_fetched(switched_on: Make) -> None:
    here, folder, product = switched_on()
    (folder / "CW-00002.png").write_bytes(picture(1))
    here.house.engine.run("media", ONE)
    (stored,) = here.store.row("products", product)["associations"]["images"]
    shop = here.house.settings.shop
    address = f"{shop.url.replace('://', f'://{shop.secret_key}:@')}/api/images/products/{product}/{stored['id']}"
    (folder / "images.csv").write_text(f"item,url\nCW-00002,{address}\nCW-00004,ftp://x/y.png\n", "utf-8")
    here.house.engine.parts.targets["prestashop"]._media._read_at = -1000.0
    here.house.engine.run("media", Selection(keys=("CW-00002", "CW-00004")), sweep=True)
    assert here.state("media", "CW-00002").state == "delivered"
    assert pictures(here, product) == [picture(1)] * 2
    state = here.state("media", "CW-00004")
    assert (state.state, state.code) == ("held", "no_picture")
    assert "ftp://x" in state.sentence


@pytest.fixture
def web() -> Iterator[str]:
    """A web server with one picture, and ways that lead to it and elsewhere; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            port = self.server.server_port  # type: ignore[attr-defined]
            ways = {
                "/moved": "/one.png", "/circle": "/circle", "/file": "file:///etc/passwd",
                "/name": f"http://localhost:{port}/one.png", "/port": "http://127.0.0.1:9/one.png",
                "/inside": "http://169.254.169.254/latest", "/nowhere": "",
            }  # fmt: skip
            self.server.asked.append(self.path)  # type: ignore[attr-defined]
            self.send_response(302 if self.path in ways else 200)
            if self.path in ways:
                self.send_header("Location", ways[self.path])
            self.end_headers()
            if self.path not in ways:
                self.wfile.write(picture(7))

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_leads_to_no_other_host(switched_on: Make, web: str) -> None:
    here, folder, _ = switched_on()
    ways = {
        "moved": "", "circle": "no_picture", "file": "no_picture", "name": "picture_elsewhere",
        "port": "picture_elsewhere", "inside": "picture_elsewhere", "nowhere": "no_picture",
    }  # fmt: skip
    numbers = [row["reference"] for row in here.rows("products") if row["reference"].startswith("CW-")][: len(ways)]
    ids = [here.rows("products", reference=number)[0]["id"] for number in numbers]
    counts = [len(pictures(here, one)) for one in ids]
    lines = [
        f"{number},{web.replace('://', '://user:secret@')}/{way}\n" * (count + 1)
        for number, way, count in zip(numbers, ways, counts, strict=True)
    ]
    (folder / "images.csv").write_text("item,url\n" + "".join(lines), "utf-8")
    here.house.engine.run("media", Selection(keys=tuple(numbers)))
    states = [here.state("media", number) for number in numbers]
    assert [state.code for state in states] == list(ways.values())
    assert [state.state for state in states] == ["delivered"] + ["held"] * 6
    assert pictures(here, ids[0])[counts[0] :] == [picture(7)]
    assert [len(pictures(here, one)) for one in ids[1:]] == counts[1:]
    assert not any("secret" in state.sentence for state in states)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_inside_the_network_is_refused_and_nothing_is_asked(address: str) -> None:
    with pytest.raises(DataError) as caught:
        download("http://pictures.example/one.png", lambda _host: ["93.184.216.34", address])
    assert caught.value.code == "picture_inside"
    assert address in caught.value.remedy


def test_a_machine_that_is_named_by_its_address_is_meant(web: str) -> None:
    assert download(f"{web}/one.png", lambda _host: []) == picture(7)


def test_doctor_asks_for_the_right_to_pictures_where_the_flow_is_on(switched_on: Make, tmp_path: Path) -> None:
    here, _, _ = switched_on(settings={**SETTINGS, "GPPS_CATALOGUE__REPLACE_IMAGES": "yes"})
    shop = here.house.settings.shop

    def probes() -> dict[str, Any]:
        target = connect(here.house.settings).targets["prestashop"]
        return {probe.name: probe for probe in target.doctor()}

    assert probes()["may write images"].ok
    whole = here.store.keys[shop.secret_key]
    rights = {resource: whole.methods(resource) for resource in here.store.shapes}
    here.store.keys[shop.secret_key] = replace(whole, rights={**rights, "images": frozenset({"GET", "POST"})})
    probe = probes()["may write images"]
    assert not probe.ok
    assert "(PUT)" in probe.sentence
    (tmp_path / "flows" / "media" / "overlay.yaml").unlink()
    assert "may write images" not in probes()

"""Pictures and texts from a folder or from web addresses: added once, whatever the shop answers."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.shop.faults import Fault
from tests.both import MAPS

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
        here = both(maps=MAPS, **{"settings": SETTINGS, **options})
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

"""Faults of the stand-in shop, ordered over its control port."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from typer.testing import CliRunner

from gp_prestashop.commands.sandbox import app
from gp_prestashop.sandbox.shop.faults import KINDS
from gp_prestashop.sandbox.soap.faults import Faults as SoapFaults
from gp_prestashop.sandbox.soap.server import SoapServer
from gp_prestashop.sandbox.tds.faults import Faults as TdsFaults
from tests.sandbox.shop.conftest import Client

SUPPLIER = "<s><name>Northern</name></s>"


def order(client: Client, **fault: Any) -> requests.Response:
    return requests.post(f"{client.shop.url}/__faults__", json=fault, timeout=10)


def suppliers(client: Client) -> int:
    return len(client.ids("suppliers?limit=1000"))


@pytest.mark.parametrize(
    ("kind", "status"), [("too_many", 429), ("unavailable", 503), ("html", 200), ("empty_500", 500)]
)
def test_refused_before_anything_is_done(new: Client, kind: str, status: int) -> None:
    order(new, kind=kind, method="POST", seconds=7)
    answer = new.send("POST", "suppliers", SUPPLIER)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("7" if status in (429, 503) else None)
    assert "<suppliers" not in answer.text
    assert suppliers(new) == 0


def test_reset_before_and_after_the_work(new: Client) -> None:
    for kind, left in (("reset", 0), ("reset_after", 1)):
        order(new, kind=kind, resource="suppliers", method="POST")
        with pytest.raises(requests.ConnectionError):
            new.send("POST", "suppliers", SUPPLIER)
        assert suppliers(new) == left


@pytest.mark.parametrize(
    ("kind", "start"),
    [("notice", b"<br />\n<b>Notice</b>"), ("bom", b"\xef\xbb\xbf\n<?xml"), ("error_after", b"<?xml")],
)
def test_done_and_then_garbled(new: Client, kind: str, start: bytes) -> None:
    order(new, kind=kind, method="POST")
    answer = new.send("POST", "suppliers", SUPPLIER)
    assert answer.content.startswith(start)
    assert answer.status_code == (500 if kind == "error_after" else 201)
    assert suppliers(new) == 1


def test_cut_off(new: Client) -> None:
    order(new, kind="truncate")
    with pytest.raises(requests.RequestException):
        new.send("GET", "orders?display=full")
    assert new.send("GET", "orders?display=full").text.endswith("</prestashop>\n")


def test_one_row_of_a_batch(new: Client) -> None:
    order(new, kind="error_row", row=3, method="POST")
    assert new.error("POST", "suppliers", *[SUPPLIER] * 5) == (500, [3])
    assert suppliers(new) == 2


def test_as_often_as_ordered_and_only_where_ordered(new: Client) -> None:
    order(new, kind="empty_500", resource="orders", count=2)
    assert new.send("GET", "customers/1").status_code == 200
    assert [new.send("GET", "orders/1").status_code for _ in range(3)] == [500, 500, 200]


def test_the_control_port_lists_clears_and_refuses_nonsense(new: Client) -> None:
    url = f"{new.shop.url}/__faults__"
    assert set(requests.get(url, timeout=10).json()["kinds"]["shop"]) == set(KINDS)
    assert order(new, kind="earthquake").status_code == 400
    assert order(new, kind="delay", target="moon").status_code == 400
    assert order(new, kind="delay", wind=3).status_code == 400
    assert requests.post(url, data=b"x", timeout=10).status_code == 400
    waiting = order(new, kind="delay", count=3).json()["faults"]
    assert [(one["target"], one["kind"], one["count"]) for one in waiting] == [("shop", "delay", 3)]
    assert requests.delete(url, timeout=10).json()["faults"] == []
    assert new.shop.requests.total() == 0


def test_other_listeners_are_reached_by_the_same_port(new: Client) -> None:
    faults = TdsFaults()
    soap = SoapServer("postgresql://nowhere", None)  # type: ignore[arg-type]
    new.shop.books |= {"tds": faults, "soap": SoapFaults(soap)}
    order(new, target="tds", kind="deadlock", text="taSopHdrIvcInsert")
    taken = faults.take("EXEC taSopHdrIvcInsert @I_vSOPTYPE = 2")
    assert taken is not None
    assert taken.kind == "deadlock"
    order(new, target="soap", kind="error_before", resource="CreateSalesOrder")
    soap.before("CreateCustomer")
    with pytest.raises(RuntimeError):
        soap.before("CreateSalesOrder")
    order(new, target="soap", kind="error_after", resource="CreateSalesOrder")
    soap.before("CreateSalesOrder")
    with pytest.raises(RuntimeError):
        soap.after("CreateSalesOrder")
    assert requests.get(f"{new.shop.url}/__faults__", timeout=10).json()["faults"] == []


def test_the_command(new: Client) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["faults", *words, "--url", new.shop.url])
        assert result.exit_code == 0, result.output
        return result.output

    assert "delay" in run("list")
    run("add", "too_many", "--times", "2", "--resource", "orders", "--method", "get")
    assert [new.send("GET", "orders/1").status_code for _ in range(3)] == [429, 429, 200]
    run("add", "unavailable")
    assert '"faults": []' in run("clear", "--json")
    assert new.send("GET", "orders/1").status_code == 200

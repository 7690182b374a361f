"""Look-up lists, defaults, changes and the doctor through the real wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.conformance import run_conformance
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

Make = Callable[..., Document]


def test_items_by_key_as_asked(target: GpTarget) -> None:
    found = target.lookup("gp.items", [("item-a",), (" ITEM-B ",), ("NONE",)], ["ITEMNMBR", "decimals", "INACTIVE"])
    assert found == {
        ("item-a",): {"ITEMNMBR": "ITEM-A", "decimals": 0, "INACTIVE": 0},
        (" ITEM-B ",): {"ITEMNMBR": "ITEM-B", "decimals": 0, "INACTIVE": 0},
    }


def test_currencies_by_iso_code(target: GpTarget) -> None:
    found = target.lookup("gp.currencies", [("EUR",), ("usd",), ("XXX",)], ["CURNCYID", "decimals", "functional"])
    assert found == {
        ("EUR",): {"CURNCYID": "EUR", "decimals": 2, "functional": True},
        ("usd",): {"CURNCYID": "USD", "decimals": 2, "functional": False},
    }


@pytest.mark.parametrize(
    ("name", "key", "column", "value"),
    [
        ("gp.sites", ("MAIN",), "LOCNCODE", "MAIN"),
        ("gp.document_ids", ("2", "STDORD"), "ALLOCABY", 1),
        ("gp.tax_details", ("frvat20",), "TXDTLPCT", Decimal(20)),
        ("gp.tax_schedules", ("SHOP-FR",), "TAXSCHID", "SHOP-FR"),
        ("gp.checkbooks", ("BANK-EUR",), "ACTNUMST", "000-1100-00"),
        ("gp.checkbooks", ("BANK-USD",), "CURNCYID", "USD"),
        ("gp.shipping_methods", ("EXPRESS",), "SHIPTYPE", 1),
        ("gp.customer_classes", ("WEB",), "PYMTRMID", "PREPAID"),
        ("gp.payment_terms", ("NET 30",), "DUEDTDS", 30),
        ("gp.units", ("EACH", "Each"), "QTYBSUOM", Decimal(1)),
    ],
)
def test_lists(name: str, key: tuple[str, ...], column: str, value: object, target: GpTarget) -> None:
    assert target.lookup(name, [key, ("NONE",) * len(key)], [column]) == {key: {column: value}}


def test_customers(target: GpTarget, ready: Make) -> None:
    ready()
    found = target.lookup("gp.customers", [("PS00000007",)], ["CUSTNAME", "INACTIVE", "HOLD"])
    assert found == {("PS00000007",): {"CUSTNAME": "Zoé Martin", "INACTIVE": 0, "HOLD": 0}}


def test_defaults(target: GpTarget) -> None:
    assert target.defaults() == {
        "sop.docid": "STDORD",
        "sop.invoice_docid": "STDINV",
        "refund.docid": "STDRTN",
        "sop.site": "MAIN",
        "gp.functional_currency": "EUR",
    }


def test_changes_since(target: GpTarget, ready: Make) -> None:
    changes = target.changes()
    before = changes.now() - timedelta(seconds=1)
    assert before.tzinfo is UTC
    document = ready()
    target.write(document, "create")
    pages = list(changes.changed("SOP10100", before, ["SOPNUMBE", "DOCDATE"]))
    assert document.key in {row["SOPNUMBE"] for page in pages for row in page}
    far = datetime(2099, 1, 1, tzinfo=UTC)
    assert list(changes.changed("SOP10100", far, ["SOPNUMBE"])) == []
    assert dict(changes.fingerprints("TX00201", ["TXDTLPCT"]))[("FRVAT20",)]


def test_the_doctor_is_content(target: GpTarget) -> None:
    probes = {probe.name: probe for probe in target.doctor()}
    assert [name for name, probe in probes.items() if not probe.ok] == []
    assert {"GP server", "eConnect procedures", "GP tables", "GP fiscal period", "GP checkbooks"} <= probes.keys()


def test_the_doctor_names_what_is_wrong(server: Any, clock: Any) -> None:
    wrong = GpTarget(GpSettings(sql_url=server.url.replace("sa:pw", "sa:wrong"), company="TWO"), clock)
    (probe,) = wrong.doctor()
    assert not probe.ok
    assert "GPPS_GP__SQL_URL" in probe.remedy


def test_the_doctor_says_what_the_hold_of_cancelled_orders_lets_through(
    make_target: Callable[..., GpTarget], services_target: Callable[..., GpTarget], server: Any
) -> None:
    def probe(make: Callable[..., GpTarget]) -> tuple[bool, str]:
        probes = {probe.name: probe for probe in make(cancel="hold", cancel_hold="STOP 7").doctor()}
        found = probes["GP hold of cancelled orders"]
        return found.ok, found.sentence

    assert probe(make_target) == (True, "STOP 7 is made with the first cancelled order.")
    assert probe(services_target) == (False, "GP has no process hold STOP 7.")
    server.sql("INSERT INTO two.sop00100 (prchldid, xferphol) VALUES ('STOP 7', 1)")
    assert probe(make_target) == (False, "An order on hold STOP 7 can still be posted.")
    server.sql("UPDATE two.sop00100 SET postphol = 1 WHERE prchldid = 'STOP 7'")
    assert probe(services_target) == (True, "STOP 7 stops transfer and posting.")


def test_a_company_that_the_system_database_lacks(server: Any, clock: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        _ = GpTarget(GpSettings(sql_url=server.url, company="NOPE"), clock).database.company
    assert caught.value.code in {"company_unknown", "no_database"}


def test_the_conformance_kit_passes(server: Any) -> None:
    """With the system's own clock: the kit dates its documents today."""
    settings = GpSettings(sql_url=server.url, company="TWO", batch={"prefix": "CONF"})
    results = list(run_conformance(settings, write=True))
    assert [(result.name, result.sentence) for result in results if not result.ok] == []
    assert sum(result.name.startswith("write: ") for result in results) == 19


def test_the_posted_invoices_of_an_order(target: GpTarget, server: Any) -> None:
    """Its own, those of its back order, and the one that was made in its place; oldest first, voided ones not."""
    for soptype, number, origin, day, voided in (
        (3, "INV2", "ORD-A", 2, 0),
        (3, "INV1", "ORD-A", 1, 0),
        (3, "INV0", "ORD-A", 1, 1),
        (5, "BO1", "ORD-A", 1, 0),
        (3, "INV3", "BO1", 3, 0),
        (3, "ORD-B", "", 1, 0),
        (2, "ORD-A", "", 1, 0),
    ):
        server.sql(
            "INSERT INTO two.sop30200 (soptype, sopnumbe, orignumb, docdate, voidstts) VALUES (%s, %s, %s, %s, %s)",
            soptype, number, origin, datetime(2026, 11, day), voided,
        )  # fmt: skip
    asked = [("ord-a", "1"), ("ORD-A", "2"), ("ORD-A", "3"), ("ORD-A", "4"), ("ORD-B", "1"), ("ORD-B", "2")]
    found = target.lookup("gp.posted_invoices", asked, ["INVOICE"])
    assert {key: row["INVOICE"] for key, row in found.items()} == {
        ("ord-a", "1"): "INV1", ("ORD-A", "2"): "INV2", ("ORD-A", "3"): "INV3", ("ORD-B", "1"): "ORD-B",
    }  # fmt: skip

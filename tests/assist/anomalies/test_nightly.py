"""The nightly check through the wires: GP's postings, recorded stock and recorded orders, as one Dagster check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import dagster as dg
import psycopg
from typer.testing import CliRunner

from gp_prestashop.commands.anomalies import app
from gp_prestashop.components.anomaly_check import CHECK, anomaly_definitions
from gp_prestashop.components.build import build_definitions
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.silence_check import CHECK as SILENCE
from gp_prestashop.components.silence_check import silence_definitions
from gp_prestashop.ledger.ledger import Received, content_hash
from gp_prestashop.settings import AnomalySettings
from gp_prestashop.wiring import connect
from tests.house import House

TODAY = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
INVOICES = 240


def insert(cursor: psycopg.Cursor[Any], table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("%s" for _ in row)
    cursor.execute(f"insert into two.{table} ({', '.join(row)}) values ({marks})", list(row.values()))  # type: ignore[arg-type]


def post_invoices(house: House, strange: int) -> None:
    """Posted invoices of eight months; one is posted on a Sunday night by somebody else, to the freight's account."""
    with psycopg.connect(house.gp_url) as connection, connection.cursor() as cursor:
        accounts = [
            row[0] for row in cursor.execute("select actindx from two.gl00105 order by actindx limit 3").fetchall()
        ]
        for at in range(INVOICES):
            odd = at == strange
            day = TODAY - timedelta(days=(INVOICES - 1 - at))
            net, freight, tax = Decimal(30 + at % 17), Decimal(6), Decimal(8)
            number = f"INV{at:06d}"
            insert(cursor, "sop30200", {
                "soptype": 3, "sopnumbe": number, "docdate": day, "creatddt": day, "custnmbr": f"C{at % 40:03d}", "bachnumb": f"WEB{at}",
                "user2ent": "sa", "subtotal": net, "frtamnt": freight, "taxamnt": tax, "docamnt": net + freight + tax,
            })  # fmt: skip
            insert(cursor, "sop30300", {
                "soptype": 3, "sopnumbe": number, "lnitmseq": 16384, "itemnmbr": f"I{at % 17}", "quantity": 1, "unitprce": net, "xtndprce": net,
            })  # fmt: skip
            posted = day + timedelta(hours=26 + (1 if odd else 0), minutes=at % 50)
            sales = accounts[2] if odd else accounts[1]
            for account, debit, credit in (
                (accounts[0], net + freight + tax, 0),
                (sales, 0, net),
                (accounts[2], 0, freight + tax),
            ):
                insert(cursor, "gl20000", {
                    "jrnentry": 7000 + at, "trxdate": day, "actindx": account, "series": 3, "orctrnum": number,
                    "uswhpstd": "mallory" if odd else "batch", "debitamt": debit, "crdtamnt": credit, "dex_row_ts": posted,
                })  # fmt: skip


def keep_stock(house: House, *on_hand: int) -> None:
    """What the flow ``stock`` would have read of an item, one reading after the other."""
    ledger = house.engine.parts.ledger
    with ledger.open_run("stock", "test") as run:
        for pieces in on_hand:
            raw = {"ITEMNMBR": "SPADE", "sites": [{"LOCNCODE": "MAIN", "QTYONHND": pieces, "ATYALLOC": 0}]}
            ledger.receive(run, "gp", "stock", ["stock"], [Received("SPADE", raw, content_hash(raw))])


def keep_orders(house: House, last: datetime) -> None:
    """Eight orders a day for two months."""
    ledger = house.engine.parts.ledger
    moments = [last - timedelta(hours=3 * at) for at in range(8 * 60)]
    raws = [{"id": str(at), "date_add": str(moment), "order_details": []} for at, moment in enumerate(moments)]
    items = [
        Received(raw["id"], raw, content_hash(raw), day=moment.date())
        for raw, moment in zip(raws, moments, strict=True)
    ]
    with ledger.open_run("sales_orders", "test") as run:
        ledger.receive(run, "prestashop", "orders", ["sales_orders"], items)


def test_the_nightly_check_tells_of_postings_and_stock(make_house: Callable[..., House]) -> None:
    house = make_house(orders=3, troubles=False)
    wired = connect(house.settings)
    checks = {"engine": EngineResource(lambda: house.engine)}
    definitions = dg.Definitions.merge(
        anomaly_definitions(wired.flows, house.settings),
        silence_definitions(wired.flows, house.settings),
        dg.Definitions(assets=_assets(), resources=checks),
    )

    def run(name: str = CHECK) -> dg.AssetCheckEvaluation:
        result = definitions.resolve_job_def(f"{name}_job").execute_in_process()
        (check,) = result.get_asset_check_evaluations()
        return check

    keep_stock(house, 40, 35, 33, 30)
    post_invoices(house, strange=INVOICES - 2)
    check = run()
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    text = str(check.metadata["postings"].value)
    assert f"INV{INVOICES - 2:06d}" in text
    assert text.count("\n") == 0, text
    assert check.metadata["stock"].value == "none"

    keep_stock(house, -3)
    assert "less than nothing" in str(run().metadata["stock"].value)
    for of, key in (("stock", "SPADE"), ("posting", f"INV{INVOICES - 2:06d}")):
        marked = CliRunner().invoke(app, ["fine", key, "--of", of, "--by", "ana"])
        assert marked.exit_code == 0, marked.output
    check = run()
    assert check.passed, check.metadata

    assert run(SILENCE).passed, "there are no orders yet"
    keep_orders(house, last=TODAY - timedelta(days=9))
    silence = run(SILENCE)
    assert not silence.passed
    assert "may be down" in str(silence.description)

    def schedules(settings: Any) -> set[str]:
        built = build_definitions(wired.flows, wired.broken, settings, lambda: house.engine)
        return {schedule.name for schedule in built.schedules or ()}

    assert {"anomalies_nightly", "orders_arrive_hourly"} <= schedules(house.settings)
    assist = house.settings.assist.model_copy(update={"anomalies": AnomalySettings(policy="off")})
    assert "anomalies_nightly" not in schedules(house.settings.model_copy(update={"assist": assist}))


def _assets() -> list[dg.AssetsDefinition]:
    @dg.asset(key=["gp", "sales_orders"])
    def delivered() -> None:
        return None

    @dg.asset(key=["prestashop", "orders"])
    def read() -> None:
        return None

    return [delivered, read]

"""The command line as a person uses it: the real wires, exit codes, sentences, JSON."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML

from gp_prestashop.cli import COMMANDS, app
from tests.desk import Desk
from tests.shop import Shop


@pytest.fixture
def house(make_house: Callable[..., Any]) -> Any:
    return make_house(orders=20, troubles=False)


@pytest.fixture
def desk(house: Any) -> Desk:
    return Desk(house.settings.home, house.environment)


def test_a_day_from_dry_run_to_reconciliation(house: Any, desk: Desk) -> None:
    ids = ",".join(str(row["id"]) for row in house.world.shop["orders"])
    dry = desk.process("run", "sales_orders", "--keys", ids, "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    foreseen = {document["key"] for document in json.loads(dry.stdout)["documents"]}
    run = desk.process("run", "sales_orders", "--json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["written"] == len(foreseen) > 5
    again = desk.call("run", "sales_orders")
    assert "0 documents written" in again.stdout
    nobody = desk.call("run", "sales_orders", "--keys", f"99999,{ids.split(',')[0]}")
    assert nobody.returncode == 1
    assert "99999 is not in the shop." in nobody.stdout
    first, last = house.world.go_live, date(2026, 12, 31)
    reconciled = desk.call("reconcile", "--day", f"{first}...{last}", "--json")
    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr
    rows = house.gp("select trim(sopnumbe::text) from two.sop10100 where soptype = 2 and cstponbr <> 'COUNTER SALE'")
    assert {str(row[0]) for row in rows} == foreseen


def test_a_sweep_takes_up_what_was_delivered_before_a_value_map_changed(house: Any, desk: Desk) -> None:
    house.gp("insert into two.rm00201 (classid, clasdscr) values ('SHOP', 'Shop') returning classid")
    classes = "select count(*) from two.rm00101 where custclas = 'SHOP'"
    first = json.loads(desk.call("run", "customers", "--json").stdout)
    assert first["written"] > 5
    maps = house.settings.home / "maps" / "values.yaml"
    values = YAML(typ="safe").load(maps.read_text())
    values["customer_classes"] = {key: {"value": "SHOP"} for key in values["customer_classes"]}
    YAML().dump(values, maps)
    again = json.loads(desk.call("run", "customers", "--json").stdout)
    assert (again["written"], house.gp(classes)) == (0, [(0,)])
    swept = json.loads(desk.call("run", "customers", "--sweep", "--json").stdout)
    assert house.gp(classes) == [(swept["written"],)] != [(0,)]
    both = desk.call("run", "customers", "--sweep", "--dry-run")
    assert both.returncode == 2
    assert "not both" in both.stderr


def test_reconcile_exits_non_zero_on_a_break(house: Any, desk: Desk) -> None:
    assert desk.call("run", "sales_orders").returncode == 0
    house.gp(
        "update two.sop10100 set ordocamt = ordocamt + 1 where soptype = 2 and cstponbr <> 'COUNTER SALE' returning 1"
    )
    broken = desk.call("reconcile")
    assert broken.returncode == 1
    assert "GP" in broken.stdout


def test_doctor_says_what_to_mend(desk: Desk) -> None:
    good = json.loads(desk.call("doctor", "--json").stdout)
    failed = {probe["name"]: probe["remedy"] for probe in good if not probe["ok"]}
    # The sandbox maps what its orders use, and one of its articles has no price in dollars.
    assert set(failed) == {"value map carriers", "value map tax_details", "GP currency USD"}
    assert '"4": ""  # Relais colis' in failed["value map carriers"]
    bad = desk.call("doctor", GPPS_SHOP__KEY="X" * 32)
    assert bad.returncode == 1
    assert "key" in bad.stdout.lower()


def test_settings_that_are_wrong_are_named(desk: Desk) -> None:
    unknown = desk.process("run", "sales_orders", GPPS_SHOP__COLOUR="blue")
    assert unknown.returncode == 2
    assert "colour" in unknown.stderr.lower()
    no_flow = desk.call("run", "sale_orders")
    assert no_flow.returncode == 2
    assert "sales_orders" in no_flow.stderr
    both = desk.call("run", "sales_orders", "--partition", "2026-01-01", "--keys", "1")
    assert both.returncode == 2
    day = desk.call("run", "sales_orders", "--partition", "yesterday")
    assert day.returncode == 2
    assert "--partition" in day.stderr


def test_what_people_wrote_is_printed_as_they_wrote_it(house: Any, desk: Desk) -> None:
    """Square brackets are markup to the printer: they ended the command with a traceback, or went missing."""
    shop = Shop(house)
    order = shop.put("orders", {**shop.rows("orders", current_state="2")[0], "date_add": "2026-11-20 10:00:00"})
    for detail in shop.rows("order_details", id_order=order["id"]):
        shop.put("order_details", {**detail, "product_reference": "[/b] x [red] :smile:"})
    unknown = desk.call("explain", "[/x]")
    assert (unknown.returncode, unknown.stderr.count("'[/x]'")) == (2, 1)
    for options in (("--dry-run",), ()):
        said = desk.call("run", "sales_orders", "--keys", str(order["id"]), *options)
        assert "[/b] x [red] :smile:" in said.stdout, said.stdout + said.stderr


def test_an_option_that_selects_nothing_is_said(desk: Desk) -> None:
    """An empty variable in a script stood for every order since go-live."""
    for option, value, sentence in (
        ("--keys", "", "names no record"),
        ("--keys", " , ", "names no record"),
        ("--partition", "", "is no date"),
        ("--since", "", "is no date"),
        ("--partition", "2026-11-20...2026-11-10", "ends before it begins"),
        ("--partition", "2026-11-20...", "is no date"),
    ):
        said = desk.call("run", "sales_orders", option, value)
        assert (said.returncode, sentence in said.stderr, "→" in said.stderr) == (2, True, True), said.stderr
    backwards = desk.call("reconcile", "--day", "2026-11-20...2026-11-10")
    assert (backwards.returncode, "ends before it begins" in backwards.stderr) == (2, True)
    dry = desk.call("run", "sales_orders", "--dry-run", "--keys", "99999")
    assert (dry.returncode, "99999 is not in the shop." in dry.stdout) == (1, True)
    as_json = desk.call("run", "sales_orders", "--dry-run", "--keys", "99999", "--json")
    assert (as_json.returncode, json.loads(as_json.stdout)["absent"]) == (1, ["99999"])


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A spreadsheet saves a value map in its own encoding."""
    desk = Desk(tmp_path, {"GPPS_GO_LIVE": "2026-01-01"})
    table = tmp_path / "maps" / "carriers.csv"
    table.parent.mkdir()
    table.write_bytes("code,value\n4,Pr\xe9pay\xe9\n".encode("cp1252"))
    said = desk.call("run", "customers")
    assert (said.returncode, "carriers.csv is not in UTF-8" in said.stderr) == (2, True), said.stderr
    (tmp_path / "gp_prestashop.toml").write_text("[shop\n")
    said = desk.call("doctor")
    assert (said.returncode, "is not TOML" in said.stderr) == (2, True), said.stderr


def test_a_second_sandbox_in_one_home_is_refused(tmp_path: Path) -> None:
    """It took the first one's database away when it ended."""
    (tmp_path / "sandbox.json").write_text(json.dumps({"pid": os.getpid(), "settings": {}}))
    said = Desk(tmp_path).call("sandbox", "start")
    assert (said.returncode, "runs already" in said.stderr) == (2, True), said.stderr


def test_a_sandbox_that_cannot_start_says_why(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = Desk(tmp_path).call("sandbox", "start", "--tds-port", port)
    assert (said.returncode, f"--tds-port {port} cannot be listened on" in said.stderr) == (2, True), said.stderr
    (tmp_path / "file").write_text("")
    said = Desk(tmp_path / "file" / "home").call("sandbox", "start")
    assert (said.returncode, "cannot be made" in said.stderr) == (2, True), said.stderr


@pytest.mark.parametrize(
    ("variable", "address", "sentence"),
    [
        ("GPPS_GP__SQL_URL", "mssql+pymssql://sa:x@127.0.0.1:port/TWO", "is no URL of a SQL Server"),
        ("GPPS_DATABASE_URL", "postgresql://me@127.0.0.1:port/x", "is no URL of a Postgres"),
        ("GPPS_DATABASE_URL", "nonsense", "is no URL of a Postgres"),
        ("GPPS_DATABASE_URL", "mysql://me@127.0.0.1/x", "is no URL of a Postgres"),
        ("GPPS_DATABASE_URL", "postgresql://me@127.0.0.1:9/x", "cannot be reached"),
    ],
)
def test_an_address_that_is_wrong_is_one_sentence(tmp_path: Path, variable: str, address: str, sentence: str) -> None:
    site = {"GPPS_GP__COMPANY": "TWO", "GPPS_GO_LIVE": "2026-01-01"}
    desk = Desk(tmp_path, {**site, variable: address})
    said = desk.call("run", "stock" if variable == "GPPS_GP__SQL_URL" else "customers")
    assert said.returncode in (1, 2)
    assert (sentence in said.stderr, "→" in said.stderr) == (True, True), said.stderr
    doctor = desk.call("doctor", "--json")
    assert any(sentence in probe["sentence"] for probe in json.loads(doctor.stdout))


def test_a_broken_site_flow_leaves_the_others_working(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "flows" / "mine"
    folder.mkdir(parents=True)
    (folder / "defs.yaml").write_text("type: gp_prestashop.Flow\nattributes:\n  name: mine\n  sorce: {}\n")
    listed = desk.call("flows", "list", "--json")
    states = {row["name"]: row["state"] for row in json.loads(listed.stdout)}
    assert states["mine"].startswith("broken")
    assert states["sales_orders"] == "ready"
    assert desk.call("flows", "validate").returncode == 1


def test_a_shop_that_is_down_is_one_sentence(house: Any, desk: Desk) -> None:
    house.sandbox.shop.stop()
    run = desk.call("run", "customers")
    assert run.returncode == 1
    assert "cannot be reached" in run.stderr
    assert "Traceback" not in run.stderr


def test_conformance_of_both_sides(desk: Desk) -> None:
    for side in ("prestashop", "gp"):
        result = desk.call("conformance", side, "--json")
        assert result.returncode == 0, result.stdout


def test_the_list_of_commands_says_what_each_says_itself_and_loads_none() -> None:
    group = typer.main.get_command(app)
    own = {name: (group.get_command(None, name).help or "").partition("\n\n")[0] for name in COMMANDS}  # type: ignore[attr-defined,arg-type]
    assert {name: what for name, (_, _, what) in COMMANDS.items()} == own
    program = (
        "import sys; from typer.testing import CliRunner; from gp_prestashop.cli import app\n"
        "said = CliRunner().invoke(app, ['--help']).output\n"
        "sys.exit('reconcile' not in said or 'gp_prestashop.wiring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0

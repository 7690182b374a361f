"""``suggest`` over files of pairs, and over a house: both stand-ins, read live."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from gp_prestashop.assist.suggest.site.decisions import AUTOMATIC, Decisions, decision
from gp_prestashop.cli import app
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.wiring import connect
from tests.house import House

RUNNER = CliRunner()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEYS = {"pair", "source", "target", "rank", "score", "confidence", "chosen", "evidence"}


def test_a_file_of_pairs_is_answered_as_one_document(tmp_path: Path) -> None:
    fields = [
        {"id": "customers.email", "name": "email", "values": ["a@b.fr", "c@d.de"]},
        {"id": "customers.secure_key", "name": "secure_key", "values": ["x1", "y2"]},
    ]
    path = tmp_path / "pairs.json"
    targets = [{"id": "SY01200.INET1", "name": "INET1", "type": "char(201)", "values": ["a@b.fr", "c@d.de"]}]
    path.write_text(json.dumps({"pairs": [{"id": "p", "source_fields": fields, "target_fields": targets}]}), "utf-8")
    result = RUNNER.invoke(app, ["suggest", "--pairs", str(path), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert all(set(one) >= KEYS for one in found)
    assert {one["source"] for one in found} == {"customers.email", "customers.secure_key"}


def test_without_a_question_it_says_what_to_give() -> None:
    result = RUNNER.invoke(app, ["suggest"])
    assert result.exit_code == 2
    assert "--pairs" in result.output


def test_a_run_of_a_flow_does_not_load_scikit_learn() -> None:
    code = "import sys, gp_prestashop.commands.run, gp_prestashop.wiring; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0


@pytest.fixture(scope="module")
def house(make_shared_house: Callable[..., House]) -> House:
    """Read only, but for the overlay of the flow ``customers``."""
    return make_shared_house(orders=40, items=30)


def test_suggestions_read_live_are_decided_on_written_and_audited(house: House) -> None:
    result = RUNNER.invoke(app, ["suggest", "--source", "customers", "--target", "RM00101", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    best = {one["source"]: one["target"] for one in found if one["chosen"]}
    assert best["customers.id"] == "RM00101.CUSTNMBR"
    assert not any("passwd" in one["source"] or "secure_key" in one["source"] for one in found)

    accepted = RUNNER.invoke(
        app,
        [
            "suggest",
            "accept",
            "customers.note",
            "RM00101.COMMENT1",
            "--expression",
            "fit(latin(coalesce(note, '')), 30)",
        ],
    )
    assert accepted.exit_code == 0, accepted.output
    assert (
        RUNNER.invoke(app, ["suggest", "accept", "customers.id", "RM00101.CUSTNMBR", "--expression", "id"]).exit_code
        == 0
    )
    assert (
        RUNNER.invoke(
            app, ["suggest", "accept", "customers.ape", "RM00101.COMMENT2", "--expression", "uper(ape)"]
        ).exit_code
        == 0
    )
    assert RUNNER.invoke(app, ["suggest", "reject", "customers.id_lang", "RM00101.USERLANG"]).exit_code == 0
    written = RUNNER.invoke(app, ["suggest", "--write-overlay"])
    assert written.exit_code == 0, written.output

    overlay = YAML(typ="safe").load((house.settings.home / "flows" / "customers" / "overlay.yaml").read_text("utf-8"))
    assert overlay["attributes"]["map"] == {"header": {"COMMENT1": "fit(latin(coalesce(note, '')), 30)"}}
    assert "maps CUSTNMBR already" in written.output
    columns = connect(house.settings).flows["customers"].flow.map.header.columns
    assert columns["COMMENT1"] == "fit(latin(coalesce(note, '')), 30)"

    ledger = Ledger(house.environment["GPPS_DATABASE_URL"])
    with ledger.engine.connect() as connection:
        actions = [
            row.action
            for row in connection.execute(t.audit.select().order_by(t.audit.c.id))
            if row.action.startswith("suggestion")
        ]
    ledger.close()
    assert actions == ["suggestion_accepted"] * 3 + ["suggestion_rejected", "suggestion_written"]

    again = RUNNER.invoke(app, ["suggest", "--source", "customers", "--target", "RM00101", "--json"])
    assert not any(one["chosen"] and one["target"] == "RM00101.USERLANG" for one in json.loads(again.stdout))


def test_what_is_sure_is_taken_where_only_the_unsure_is_reviewed(house: House) -> None:
    result = RUNNER.invoke(
        app, ["suggest", "--source", "addresses", "--target", "RM00102", "--review", "never", "--write-overlay"]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(RUNNER.invoke(app, ["suggest", "decisions", "--json"]).stdout)
    told = [one for one in told if one["source"].startswith("addresses.")]
    assert told
    assert all(one["by"] == "automatic" for one in told)
    flows = house.engine.parts.flows
    mapped = set(flows["addresses"].flow.map.header.columns)
    assert not mapped & {one["target"].partition(".")[2] for one in told}


def test_what_nobody_looked_at_is_not_written_when_it_would_hold_records(house: House) -> None:
    home = house.settings.home
    names = "value('payment_modules', payment)"  # the map's entries are modules, not the names that customers see
    sure = decision("accepted", "orders.payment", "SOP10100.PYMTRMID", by=AUTOMATIC, at=NOW, expression=names)
    Decisions(home).record(sure)
    written = RUNNER.invoke(app, ["suggest", "--write-overlay"])
    assert written.exit_code == 0, written.output
    assert "sampled records" in written.output
    overlay = home / "flows" / "sales_orders" / "overlay.yaml"
    assert not overlay.exists() or "PYMTRMID" not in overlay.read_text("utf-8")


def test_value_maps_are_suggested_from_both_sides(house: House) -> None:
    states = RUNNER.invoke(app, ["suggest", "values", "order_states", "--json"])
    assert states.exit_code == 0, states.output
    by_name = {one["name"]: one["value"] for one in json.loads(states.stdout) if one["chosen"]}
    assert {by_name.get("Canceled"), by_name.get("Shipped")} == {"cancel", "order"}, by_name
    taxes = RUNNER.invoke(app, ["suggest", "values", "tax_details", "--json"])
    assert taxes.exit_code == 0, taxes.output
    assert any(one["chosen"] and "20" in one["value"] for one in json.loads(taxes.stdout))
    assert RUNNER.invoke(app, ["suggest", "values", "nonsense"]).exit_code == 2


def test_the_shipped_flows_have_no_serious_mistake(house: House) -> None:
    for flow in ("customers", "sales_orders"):
        result = RUNNER.invoke(app, ["suggest", "check", flow, "--sample", "15", "--json"])
        assert result.exit_code == 0, result.output
        assert all(one["severity"] == "warning" for one in json.loads(result.stdout))


class _Model:
    """Answers as a model would: an expression that does not compile, one that no record fits, one that is right."""

    def __init__(self) -> None:
        self.answers = [
            '{"expression": "uper(lastname)"}',
            json.dumps({"expression": " || ".join(["lastname"] * 12)}),
            '{"expression": "upper(lastname)"}',
        ]
        self.asked: list[str] = []

    def answer(self, _system: str, prompt: str) -> str:
        self.asked.append(prompt)
        return self.answers.pop(0)


def test_a_draft_is_shown_only_when_it_compiles_and_records_take_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = RUNNER.invoke(app, ["suggest", "draft", "customers.lastname", "RM00101.USERDEF1", "in capitals"])
    assert off.exit_code == 2
    assert "GPPS_ASSIST__LANGUAGE_MODEL__PROVIDER" in off.output
    model = _Model()
    monkeypatch.setattr("gp_prestashop.assist.suggest.site.session.language_model", lambda _settings: model)
    drafted = RUNNER.invoke(app, ["suggest", "draft", "customers.lastname", "RM00101.USERDEF1", "in capitals"])
    assert drafted.exit_code == 0, drafted.output
    assert drafted.stdout.strip() == "upper(lastname)"
    assert model.answers == []
    assert "is wrong" in model.asked[1]
    assert "sampled records" in model.asked[2], "the dry run spoke against it"
    tried = [line.partition(": ")[2] for line in drafted.stderr.splitlines()]
    assert 5 <= len(tried) <= 10
    assert all(name == name.upper() for name in tried)


def test_evidence_may_be_phrased_by_the_model(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Model:
        def answer(self, _system: str, prompt: str) -> str:
            asked.append(prompt)
            return '{"sentence": "It is the e-mail."}' if "Rephrase" in prompt else "{}"

    monkeypatch.setattr("gp_prestashop.assist.suggest.site.session.language_model", lambda _settings: Model())
    result = RUNNER.invoke(app, ["suggest", "--source", "customers", "--target", "RM00101", "--phrased", "--json"])
    assert result.exit_code == 0, result.output
    chosen = [one for one in json.loads(result.stdout) if one["chosen"]]
    assert chosen
    assert {one["evidence"] for one in chosen} == {"It is the e-mail."}
    people = [row[name] for row in house.world.shop["customers"] for name in ("email", "lastname")]
    assert not any(person in prompt for prompt in asked for person in people if len(person) > 4)

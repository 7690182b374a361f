"""The asset graph: it loads without any system being there, and its shape cannot change unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GPPS_HOME", str(tmp_path))
    monkeypatch.setenv("GPPS_GO_LIVE", "2026-11-01")
    monkeypatch.setenv("GPPS_GP__COMPANY", "TWO")
    return tmp_path


def _definitions(home: Path):  # type: ignore[no-untyped-def]
    from gp_prestashop.components.build import build_definitions

    assert home.exists()
    wired = connect(load_settings())
    return build_definitions(wired.flows, wired.broken, wired.settings, pytest.fail)


def test_the_graph_reads_as_lineage(home: Path) -> None:
    repository = _definitions(home).get_repository_def()
    graph = {
        key.to_user_string(): sorted(dep.to_user_string() for dep in repository.asset_graph.get(key).parent_keys)
        for key in repository.asset_graph.get_all_asset_keys()
    }
    kept = Path(__file__).parent / "graph.json"
    assert graph == json.loads(kept.read_text(encoding="utf-8")), (
        f"If the change is meant, write the new graph to {kept}."
    )


def test_lineage_reaches_the_shops_columns(home: Path) -> None:
    assert home.exists()
    lineage = connect(load_settings()).flows["sales_orders"].compiled.lineage()
    assert any("total_paid" in source for source in lineage["header.DOCAMNT"] + lineage["header.TRDISAMT"])


def test_a_broken_flow_is_shown_and_the_others_load(home: Path) -> None:
    folder = home / "flows" / "bad_flow"
    folder.mkdir(parents=True)
    (folder / "defs.yaml").write_text("type: gp_prestashop.Flow\nattributes: {name: bad_flow, sauce: x}\n")
    repository = _definitions(home).get_repository_def()
    keys = {key.to_user_string() for key in repository.asset_graph.get_all_asset_keys()}
    assert {"mapped/bad_flow", "gp/sales_orders"} <= keys
    checks = {check.to_user_string() for check in repository.asset_graph.asset_check_keys}
    assert any("flow_is_valid" in check for check in checks)

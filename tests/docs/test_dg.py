"""Dagster's own commands work on flows, in a project of somebody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DG = str(Path(sys.executable).parent / "dg")
PROJECT = """\
[project]
name = "their-site"
version = "0"
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "their_site"
code_location_target_module = "their_site.definitions"
registry_modules = []
"""


@pytest.fixture
def dg(tmp_path):
    """Calls dg in a project whose flows are in their_site/defs."""
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "their_site" / "defs").mkdir(parents=True)
    (tmp_path / "their_site" / "__init__.py").touch()
    (tmp_path / "their_site" / "definitions.py").touch()
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "VIRTUAL_ENV": str(Path(sys.executable).parents[1]),
        "GPPS_HOME": str(tmp_path / "home"),
        "HOME": str(tmp_path),
        "COLUMNS": "200",
    }

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [DG, *arguments], check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240
        )

    return call


def test_the_component_is_listed_under_its_type(dg):
    listed = dg("list", "components", "--json")
    assert listed.returncode == 0, listed.stderr
    keys = {one["key"] for one in json.loads(listed.stdout[listed.stdout.index("{") :])["items"]}
    assert "gp_prestashop.Flow" in keys


def test_a_draft_is_scaffolded_and_checked(dg, tmp_path):
    made = dg(
        "scaffold",
        "defs",
        "gp_prestashop.Flow",
        "points",
        "--source",
        "prestashop.customers",
        "--target",
        "gp.customer",
    )
    assert made.returncode == 0, made.stderr
    path = tmp_path / "their_site" / "defs" / "points" / "defs.yaml"
    assert 'CUSTNAME: "null"' in path.read_text()
    checked = dg("check", "yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    path.write_text(path.read_text().replace("  title:", "  titel:"))
    wrong = dg("check", "yaml")
    assert (wrong.returncode, "titel" in wrong.stdout + wrong.stderr) == (1, True)


def test_our_package_imports_no_dagster():
    program = "import gp_prestashop, sys; assert 'dagster' not in sys.modules; gp_prestashop.Flow; assert 'dagster' in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_invalid_files_never_stop_the_other_flows(tmp_path):
    files = {
        "twice": "type: gp_prestashop.Flow\nattributes:\n  name: customers\n",
        "no yaml é": "type: [",
        "names": "type: gp_prestashop.Flow\nattributes:\n  name: 'Größe!'\n",
        "python": "type: gp_prestashop.Flow\nattributes:\n  name: python\n",
    }
    for name, text in files.items():
        (tmp_path / "flows" / name).mkdir(parents=True)
        (tmp_path / "flows" / name / "defs.yaml").write_text(text)
    (tmp_path / "flows" / "python" / "rules.py").write_text("raise SystemExit")
    (tmp_path / "flows" / "orphan").mkdir()
    (tmp_path / "flows" / "orphan" / "overlay.yaml").write_text(
        "type: gp_prestashop.Overlay\nattributes: {flow: none}\n"
    )
    program = (
        "import json\n"
        "from gp_prestashop.definitions import defs\n"
        "graph = defs.get_repository_def().asset_graph\n"
        "print(json.dumps({key.path[1]: graph.get(key).group_name for key in graph.get_all_asset_keys() if key.path[0] == 'mapped'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, env={**os.environ, "GPPS_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    groups = json.loads(done.stdout.splitlines()[-1])
    broken = {name for name, group in groups.items() if group == "broken"}
    assert broken == {"customers_2", "no_yaml__", "Gr__e_", "python", "overlay_none"}
    assert groups["customers"] == "prestashop_to_gp"

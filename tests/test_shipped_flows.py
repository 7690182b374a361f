"""The shipped flows, tried out here so that no process need do it again when it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import SHIPPED_FLOWS, Wired, connect

NAMES = sorted(path.parent.name for path in SHIPPED_FLOWS.glob("*/defs.yaml"))


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Wired:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GPPS_HOME", str(tmp_path_factory.mktemp("home")))
        return connect(load_settings())


@pytest.mark.parametrize("name", NAMES)
def test_its_map_runs_over_no_record_at_all(wired: Wired, name: str) -> None:
    loaded = next(one for one in wired.loaded if one.path == Path(SHIPPED_FLOWS / name / "defs.yaml"))
    assert loaded.flow is not None
    resources = wired.sources[loaded.flow.source.system].resources()
    documents = wired.targets[loaded.flow.target.system].documents()
    assert wired.values is not None
    compiled, errors = compile_flow(loaded, resources, documents, wired.lists, wired.values)
    assert errors == ()
    assert compiled is not None

"""What a new user has: a house, and the files that a tutorial tells them to write."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.engine.report import RunReport
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect
from tests.house import EVER

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorials"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Reader:
    """Follows a page: writes its files, runs its flows."""

    def __init__(self, page: str, home: Path) -> None:
        self.text = (TUTORIALS / page).read_text(encoding="utf-8")
        self.home = home

    def blocks(self, kind: str) -> list[str]:
        return [textwrap.dedent(body) for _, found, body in BLOCK.findall(self.text) if found == kind]

    def write(self, number: int = 0) -> Path:
        """The page's n-th YAML file, where its first line says."""
        body = self.blocks("yaml")[number]
        path = self.home / body.partition("\n")[0].removeprefix("# $GPPS_HOME/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        return path


@pytest.fixture
def reader(tmp_path: Path) -> Callable[[str], Reader]:
    return lambda page: Reader(page, tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., RunReport]:
    """A flow as a new process would run it: files and value maps are read anew."""

    def run_it(house: Any, flow: str, selection: Selection | None = None, *, sweep: bool = False) -> RunReport:
        settings = load_settings()
        wired = connect(settings)
        assert [str(error) for loaded in wired.broken for error in loaded.errors] == []
        engine = wired.engine(house.settings.secret_database_url)
        try:
            dated = engine.parts.flow(flow).resource.created is not None
            return engine.run(flow, selection or (EVER if dated else Selection()), sweep=sweep)
        finally:
            engine.parts.ledger.close()
            wired.target.close()
            wired.sources["gp"].close()

    return run_it

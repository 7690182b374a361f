"""A process that is killed (SIGKILL, from outside) while it writes: the next run ends with one document for each order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.engine.reconcile import reconcile
from tests.house import EVER

PROGRAM = str(Path(sys.executable).parent / "gp-prestashop")


@pytest.mark.parametrize("statement", ["taSopHdrIvcInsert", "COMMIT TRANSACTION"])
def test_a_killed_process_leaves_exactly_one_document(make_house: Callable[..., Any], statement: str) -> None:
    house = make_house(orders=25, troubles=False)
    faults = house.sandbox.tds.faults
    take, seen, started = faults.take, Counter[str](), []

    def kill_at_the_fifth(sql: str) -> Any:
        if statement in sql:
            seen["statement"] += 1
            if seen["statement"] == 5:
                started[0].kill()
                started[0].wait(timeout=30)  # the statement itself still runs, as it does on a server
        return take(sql)

    faults.take = kill_at_the_fifth
    process = subprocess.Popen(
        [PROGRAM, "run", "sales_orders", "--json"],
        env={**os.environ, **house.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    started.append(process)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == -9, errors.decode()
    faults.take = take
    report = house.engine.run("sales_orders", EVER)
    assert report.states["in_doubt"] == 0
    rows = house.gp("select trim(sopnumbe::text) from two.sop10100 where soptype = 2 and cstponbr <> 'COUNTER SALE'")
    found = Counter(str(row[0]) for row in rows)
    assert set(found.values()) == {1}
    assert len(found) == report.states["delivered"]
    assert reconcile(house.engine.parts, "sales_orders", date(2023, 1, 1), date(2026, 12, 31)).breaks == []

"""Runs live exactly as long as their processes, and what a killed one leaves behind is found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.ledger.ledger import Ledger, Run

PROJECT = Path(__file__).parents[2]
DRAFT = "IntentDraft(sys.argv[2], 'sales_order', 'PS7', 'create', 'f' * 64, {'SOPNUMBE': 'PS7'})"
PREPARE = """
import sys
from gp_prestashop.ledger.ledger import IntentDraft, Ledger, Received
ledger = Ledger(sys.argv[1])
"""
IN_THE_MIDDLE = f"""{PREPARE}
with ledger.open_run("orders", "to be killed") as run:
    intents = ledger.open_intents(run, "orders", [{DRAFT}])
    print(run.id, len(intents), flush=True)
    sys.stdin.read()
"""
RACE = f"""{PREPARE}
with ledger.open_run("orders", "race") as run:
    print("ready", flush=True)
    sys.stdin.readline()
    print(len(ledger.open_intents(run, "orders", [{DRAFT}])), flush=True)
    sys.stdin.readline()
"""

Make = Callable[..., Any]


@contextmanager
def process(program: str, ledger: Ledger, key: str) -> Iterator[subprocess.Popen[str]]:
    url = ledger.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [sys.executable, "-c", program, url, key]
    with subprocess.Popen(command, cwd=PROJECT, stdin=-1, stdout=-1, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_a_run_lives_while_its_block_does(ledger: Ledger, rows: Make, clock: Any) -> None:
    with ledger.open_run("orders", "by hand") as run:
        assert ledger.run_alive(run.id)
        assert not ledger.run_alive(run.id + 1)
        clock.sleep(5)
        run.counts = {"delivered": 3}
    assert not ledger.run_alive(run.id)
    [(flow, reason, counts, pid, started, finished)] = rows(
        "select flow, reason, counts, pid, started_at, finished_at from gpps.run"
    )
    assert (flow, reason, counts, pid) == ("orders", "by hand", {"delivered": 3}, os.getpid())
    assert (finished - started).total_seconds() == 5
    assert started == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_run_that_fails_is_over(ledger: Ledger, rows: Make) -> None:
    with pytest.raises(ZeroDivisionError), ledger.open_run("orders", "fails"):
        raise ZeroDivisionError
    assert rows("select finished_at is not null from gpps.run") == [(True,)]


def test_a_killed_run_is_dead_and_leaves_its_intents_to_be_settled(
    ledger: Ledger, run: Run, item: Make, draft: Make, rows: Make
) -> None:
    ledger.receive(run, "prestashop", "orders", ["orders"], [item("7")])
    with process(IN_THE_MIDDLE, ledger, "7") as child:
        run_id, opened = map(int, line(child).split())
        assert opened == 1
        assert ledger.run_alive(run_id)
        assert [(i.run_id, i.run_alive) for i in ledger.doubtful("orders")] == [(run_id, True)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        while ledger.run_alive(run_id):  # the server notices the closed socket in its own time
            pass
    assert ledger.run_alive(run.id)
    [intent] = ledger.doubtful("orders")
    assert (intent.run_alive, intent.key, intent.document) == (False, "7", {"SOPNUMBE": "PS7"})
    assert ledger.open_intents(run, "orders", [draft("7")]) == {}
    ledger.finish(run, "orders", intent.id, "found", intent.target_key, intent.fingerprint, {})
    assert ledger.states_of("orders", ["7"])["7"].state == "delivered"


def test_of_two_processes_one_gets_the_record(ledger: Ledger, run: Run, item: Make) -> None:
    keys = [str(n) for n in range(5)]
    ledger.receive(run, "prestashop", "orders", ["orders"], [item(key) for key in keys])
    for key in keys[:2]:
        with process(RACE, ledger, key) as one, process(RACE, ledger, key) as other:
            assert line(one) == line(other) == "ready"
            for child in (one, other):
                assert child.stdin is not None
                child.stdin.write("\n")
                child.stdin.flush()
            assert sorted([line(one), line(other)]) == ["0", "1"]
            assert len(ledger.doubtful("orders", [key])) == 1

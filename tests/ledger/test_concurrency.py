"""Runs that meet on the same records: none dead-locks, none sees half of another's change."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from sqlalchemy import event

from gp_prestashop.ledger.ledger import Delivery, Ledger, Mark, Run

Make = Callable[..., Any]
KEYS = [str(n) for n in range(60)]


def test_runs_with_common_records_go_on(ledger: Ledger, item: Make, draft: Make) -> None:
    def one(seed: int) -> int:
        chance, delivered = random.Random(seed), 0
        with ledger.open_run("orders", f"run {seed}") as run:
            for _ in range(8):
                keys = chance.sample(KEYS, 30)
                page = [item(key, chance.choice(["10.00", "11.00"])) for key in keys]
                ledger.receive(run, "prestashop", "orders", ["orders", "deposits"], page)
                ledger.mark(run, "orders", [Mark(key, chance.choice(["held", "ignored"]), "x") for key in keys[:10]])
                intents = ledger.open_intents(run, "orders", [draft(key) for key in keys])
                done = [Delivery(i, "created", f"PS{key}", "f" * 64) for key, i in intents.items()]
                ledger.finish_many(run, "orders", chance.sample(done, len(done)))
                ledger.seal()
                delivered += len(done)
        return delivered

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(one, range(6))) >= len(KEYS) // 2
    assert ledger.doubtful("orders") == []
    ledger.seal()
    assert ledger.verify() is None
    counted = ledger.conservation("orders")
    states = ledger.states_of("orders", KEYS)
    assert sum(row.count for row in counted) == len(states)
    assert sum((row.amount or Decimal(0) for row in counted), Decimal(0)) == sum(s.amount or 0 for s in states.values())


def test_a_page_costs_a_few_statements(ledger: Ledger, run: Run, item: Make, draft: Make) -> None:
    page = [item(key) for key in KEYS]
    told: list[str] = []
    event.listen(ledger.engine, "before_cursor_execute", lambda *about: told.append(about[2]))

    def cost(do: Callable[[], Any]) -> int:
        told.clear()
        do()
        return len(told)

    intents: dict[str, int] = {}
    assert cost(lambda: ledger.receive(run, "prestashop", "orders", ["orders"], page)) <= 4
    assert cost(lambda: ledger.mark(run, "orders", [Mark(key, "held", "x") for key in KEYS])) <= 2
    assert cost(lambda: intents.update(ledger.open_intents(run, "orders", [draft(key) for key in KEYS]))) <= 2
    done = [Delivery(i, "created", f"PS{key}", "f" * 64) for key, i in intents.items()]
    assert len(done) == len(KEYS)
    assert cost(lambda: ledger.finish_many(run, "orders", done)) <= 4
    assert cost(lambda: ledger.link(run, "orders", {key: f"PS{key}-1" for key in KEYS})) <= 2
    assert cost(lambda: ledger.waiting_for("customers", KEYS)) == 1
    assert cost(ledger.seal) <= 6

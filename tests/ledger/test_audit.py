"""The sealed audit trail: every change of it is noticed, and nothing slips in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from gp_prestashop.ledger.ledger import Ledger, Mark, Run

Make = Callable[..., Any]


@pytest.fixture
def told(ledger: Ledger, run: Run, item: Make) -> None:
    ledger.receive(run, "prestashop", "orders", ["orders"], [item(str(n)) for n in range(1, 6)])
    ledger.mark(run, "orders", [Mark("1", "held", "x"), Mark("2", "ignored", rule="r")])


def test_sealed_once_and_whole(ledger: Ledger, run: Run, told: None) -> None:
    assert ledger.verify() is None
    assert ledger.seal() == 7
    assert ledger.seal() == 0
    ledger.mark(run, "orders", [Mark("3", "held", "x")])
    assert ledger.seal() == 1
    assert ledger.verify() is None


SWAP = """
    update gpps.audit set position = case id when 2 then -2 else -3 end where id in (2, 3);
    update gpps.audit set position = case id when 2 then 3 else 2 end where id in (2, 3)"""


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update gpps.audit set actor = 'nobody' where id = 3", 3),
        ("update gpps.audit set at = at + interval '1 microsecond' where id = 3", 3),
        ("update gpps.audit set after = jsonb_set(after, '{state}', '\"dead\"') where id = 3", 3),
        ("update gpps.audit set before = '{}' where id = 7", 7),
        ("update gpps.audit set key = '9' where id = 1", 1),
        ("update gpps.audit set run_id = null where id = 5", 5),
        ("delete from gpps.audit where id = 4", 5),
        ("delete from gpps.audit where id = 1", 2),
        ("delete from gpps.audit where id >= 6", 6),
        ("delete from gpps.audit", 1),
        ("update gpps.audit set position = null, hash = null, previous_hash = null where id = 7", 7),
        ("update gpps.audit set hash = repeat('0', 64) where id = 7", 7),
        ("update gpps.audit set position = 100 where id = 7", 7),
        (SWAP, 3),
    ],
)  # fmt: skip
def test_every_change_is_noticed(ledger: Ledger, told: None, change: str, broken: int) -> None:
    ledger.seal()
    with ledger.engine.begin() as connection:
        for statement in change.split(";"):
            connection.execute(text(statement))
    assert ledger.verify() == broken


def test_what_is_still_under_way_is_sealed_later(ledger: Ledger, run: Run, told: None) -> None:
    """An entry with a lower id may commit later: nothing after the oldest open transaction is sealed before it ends."""
    entry = text(
        "insert into gpps.audit (at, actor, action, flow, key) values (now(), 'late', 'held', 'orders', '9') returning id"
    )
    with ledger.engine.connect() as slow:
        late = slow.execute(entry).scalar_one()
        ledger.mark(run, "orders", [Mark("4", "held", "x")])
        assert ledger.seal() == 7  # what was committed before the slow one began
        slow.commit()
    assert ledger.seal() == 2
    with ledger.engine.connect() as connection:
        order = connection.execute(text("select id from gpps.audit order by position")).scalars().all()
    assert order == sorted(order)
    assert late in order
    assert ledger.verify() is None


def test_many_batches(ledger: Ledger, run: Run, item: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gp_prestashop.ledger.audit.BATCH", 10)
    ledger.receive(run, "prestashop", "orders", ["orders"], [item(str(n)) for n in range(35)])
    assert ledger.seal() == 35
    assert ledger.verify() is None

"""Databases that are kept for the next batch: what one batch held, made or broke, the next does not see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from gp_prestashop.mapping import session as sessions
from gp_prestashop.mapping.runner import Runner
from gp_prestashop.mapping.session import Session, session_of

TABLES = Runner.tables

BODY = """
lines:
  from: order_details
  LNITMSEQ: "line_number() * 16384"
  ITEMNMBR: "lookup('gp.items', product_reference, 'ITEMNMBR')"
  XTNDPRCE: "round(unit_price * product_quantity, 2)"
header:
  SOPNUMBE: "'PS' || pad(id, 8)"
  COMMENT: "setting('sop.prefix') || gift_message"
  SUBTOTAL: "total('lines.XTNDPRCE')"
"""
ITEMS = {("lookup", "gp.items"): {(f"ITEM{n}",): {"ITEMNMBR": f"ITEM{n}"} for n in (1, 2)}}


def test_batches_in_one_session_are_strangers_to_each_other(kit):
    compiled = kit.compile(BODY)

    def batch(first: int, last: int, **raw: object) -> list[tuple[str, object]]:
        result = compiled.map([kit.record(n, **raw) for n in range(first, last)], kit.answers(ITEMS))
        return [
            (document.key, document.header["COMMENT"], document.header["SUBTOTAL"]) for document in result.documents
        ]

    alone = batch(1, 2, gift_message="a")
    assert len(batch(1, 400, gift_message="long " * 50)) == 399
    assert batch(1, 400, order_details=[kit.detail(1, unit_price="none")]) == []
    assert batch(1, 2, gift_message="a") == alone
    assert batch(1, 2, gift_message="b")[0][1] == "PSb"


def test_statements_are_planned_once(kit, monkeypatch):
    compiled, made = kit.compile(BODY), []
    monkeypatch.setattr(sessions, "Session", lambda *given: made.append(1) or Session(*given))
    for _ in range(3):
        compiled.map([kit.record()], kit.answers(ITEMS))
    assert made == []  # trying it out, the compiler had made the one that is used


def test_threads_have_a_session_each(kit):
    compiled = kit.compile(BODY)

    def run(number: int) -> object:
        return compiled.map([kit.record(number)], kit.answers(ITEMS)).documents[0].key

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(1, 41))) == [f"PS{number:08d}" for number in range(1, 41)]


def test_an_idle_session_holds_no_row(kit):
    compiled = kit.compile(BODY)
    compiled.map([kit.record()], kit.answers(ITEMS))
    with session_of(compiled.mapping, compiled.limits, compiled.code_page) as session:
        assert session.table("raw_s0").num_rows == session.table("header").num_rows == 0


def test_a_session_in_which_something_was_raised_is_closed(kit):
    compiled = kit.compile(BODY)
    with (
        pytest.raises(KeyError),
        session_of(compiled.mapping, compiled.limits, compiled.code_page) as session,
    ):
        raise KeyError
    with pytest.raises(duckdb.ConnectionException):
        session.execute("SELECT 1")
    with session_of(compiled.mapping, compiled.limits, compiled.code_page) as other:
        assert other is not session


def test_only_so_many_sessions_wait(kit, monkeypatch):
    monkeypatch.setattr(sessions, "IDLE", 2)
    compiled = [kit.compile(kit.header({"COMMENT": f"'{n}'"})) for n in range(4)]
    results = [one.map([kit.record()], kit.answers()).documents[0].header["COMMENT"] for one in compiled]
    assert results == ["0", "1", "2", "3"]
    assert len(sessions._idle._sessions) == 2


LONG = "replace(gift_message, 'x', gift_message)"  # 32 KB of 180 characters


def test_text_that_outgrows_the_memory_halves_the_batch(kit, monkeypatch):
    monkeypatch.setattr(sessions, "_bytes", lambda _: 500_000)
    compiled, sizes = kit.compile(kit.header({"COMMENT": LONG})), []
    monkeypatch.setattr(Runner, "tables", lambda self, records: sizes.append(len(records)) or TABLES(self, records))
    result = compiled.map([kit.record(n, gift_message="x" * 180) for n in range(1, 101)], kit.answers())
    assert (len(result.documents), result.problems) == (100, [])
    assert max(sizes) == 100
    assert min(sizes) <= 500_000 // 32_768


def test_a_record_whose_text_fits_into_no_memory_is_held(kit, monkeypatch):
    monkeypatch.setattr(sessions, "_bytes", lambda _: 20_000)
    compiled = kit.compile(kit.header({"COMMENT": LONG}))
    result = compiled.map([kit.record(1, gift_message="x" * 180), kit.record(2)], kit.answers())
    assert [document.source_key for document in result.documents] == ["2"]
    assert [(problem.source_key, problem.code) for problem in result.problems] == [("1", "not_computable")]


def test_so_many_growing_texts_are_computed_in_smaller_batches(kit, monkeypatch):
    lets = {f"a{n}": f"gift_message || '{n}'" for n in range(100)}
    compiled, sizes = kit.compile(kit.header({"COUNT": " + ".join(f"length(a{n})" for n in range(30))}, lets)), []
    monkeypatch.setattr(Runner, "tables", lambda self, records: sizes.append(len(records)) or TABLES(self, records))
    result = compiled.map([kit.record(n, gift_message="x") for n in range(1, 1201)], kit.answers())
    assert (len(result.documents), result.problems) == (1200, [])
    assert 32_768 * 30 * max(size for size in sizes if size < 1200) < 10**9

"""Nothing but the record's own data can be reached from an expression, and nothing can be exhausted."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.database import Limits, locked_database, watched
from gp_prestashop.mapping.loader import LoadedFlow
from gp_prestashop.mapping.runner import Runner

ATTACKS = [
    "(select 1)",
    "exists (select 1)",
    "id in (select 1)",
    "(select content from read_text('/etc/passwd'))",
    "read_csv('/etc/passwd')",
    "read_text('/etc/passwd')",
    "read_blob('/etc/passwd')",
    "read_parquet('http://127.0.0.1/x')",
    "glob('/*')",
    "getenv('HOME')",
    "current_setting('threads')",
    "current_database()",
    "version()",
    "pg_sleep(1)",
    "random()",
    "now()",
    "nextval('x')",
    "query('select 1')",
    "query_table('s0')",
    "duckdb_settings()",
    "pragma_version()",
    "getvariable('x')",
    "sql_auto_complete('x')",
    "json_execute_serialized_sql('x')",
    "repeat('x', 1000000000)",
    "range(1000000000)",
    "generate_series(1, 1000000000)",
    "list_transform([1, 2], x -> x)",
    "unnest([1, 2])",
    "rpad('x', 1000000000, 'x')",
    "lpad('x', 1000000000, 'x')",
    "regexp_replace(reference, '(a+)+$', '')",
    "md5(reference)",
    "gpps_latin(reference)",
    "gpps_fit(reference, 5)",
    "sum(id) over ()",
    "count(*)",
    "*",
    "record.*",
    "columns('.*')",
    "s0",
    "s0.r",
    "r",
    "raw_s0.i",
    "id; drop table s0",
    "id) from s0; copy s0 to '/tmp/x'; select (1",
    "1) as x from duckdb_settings() --",
    "id union select 1",
    "attach '/tmp/x.db'",
    "install httpfs",
    "load httpfs",
    "pragma database_list",
    "set threads = 64",
    "copy s0 to '/tmp/x.csv'",
    "create table x(i int)",
    "call pragma_version()",
    "export database '/tmp/x'",
    "$1",
    "?",
    ":name",
    "{'a': 1}",
    "[1, 2, 3]",
    "map {'a': 1}",
    "id::blob",
    "cast(id as json)",
    "cast(reference as integer[])",
    "cast(id as double)",
    "id::real",
    "total_paid / 3",
    "power(total_paid, 2)",
    "sqrt(total_paid)",
    "avg(total_paid)",
    "1e300",
    "total_paid ** 99",
    "interval '1' day",
    "case when true then (select 1) end",
    "coalesce(null, (select 1))",
    "lookup('gp.items', (select reference), 'ITEMNMBR')",
    "lookup('gp.items; drop table x', reference, 'ITEMNMBR')",
    "setting('database_url')",
    "setting('sop.' || 'prefix')",
    "pad(id, 999999999)",
    "strftime(date_add, '%' || reference)",
    "date_part('epoch', date_add)",
    "round(total_paid, 999999999)",
    "\x00",
    "'unclosed",
    "/* unclosed",
    "((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))",
    " || ".join(["reference"] * 700),
    "(" * 2000 + "1" + ")" * 2000,
    "not " * 900 + "gift",
    "1 + " * 999 + "1",
    "9" * 50,
    "case " + "when gift then 1 " * 400 + "end",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{n}: {attack[:40]!r}" for n, attack in enumerate(ATTACKS)])
def test_refused_with_its_place(kit, attack):
    loaded = kit.load(kit.text(kit.header({"COMMENT": "'x'"})))
    flow = loaded.flow.model_copy(deep=True)
    flow.map.header.columns["COMMENT"] = attack
    changed = LoadedFlow(loaded.name, loaded.path, flow, (), loaded.marks)
    compiled, errors = compile_flow(changed, *kit.surroundings)
    assert compiled is None
    assert [error.line for error in errors] == [9]


def test_text_in_an_expression_stays_text(kit):
    for text in ("'; drop table s0; --", "\\'", '"', "%s", "{0}", "a''b"):
        expression = "'" + text.replace("'", "''") + "'"
        assert kit.value(expression) == text


def test_names_in_maps_stay_names(kit):
    answers = kit.answers({("value", "it's; drop table x"): {("1'; --",): {'a"b': "ok"}}})
    body = kit.header({"COMMENT": "value('it''s; drop table x', reference, 'a\"b')"})
    assert kit.one(body, kit.record(reference="1'; --"), answers).header["COMMENT"] == "ok"


def test_data_is_never_read_as_sql_or_as_a_template(kit):
    body = kit.header({"COMMENT": "value('carriers', reference)"})
    (problem,) = kit.map(body, kit.record(reference="{0}'; drop table s0; --")).problems
    assert problem.sentence == "“{0}'; drop table s0; --” has no entry in the value map 'carriers'."


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/gpps_attack.csv'",
        "ATTACH '/tmp/gpps_attack.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 64",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET memory_limit",
        "SELECT * FROM 'http://127.0.0.1/x.parquet'",
    ],
)
def test_the_database_itself_is_locked(statement):
    with locked_database(Limits(), "cp1252") as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)


def test_python_variables_cannot_be_read_as_tables():
    secret = pa.table({"x": [1]})
    with locked_database(Limits(), "cp1252") as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("SELECT * FROM secret")
    assert secret.num_rows == 1


def test_doubling_text_in_lets_stays_within_bounds(kit):
    lets = {"a0": "gift_message || gift_message"} | {f"a{n}": f"a{n - 1} || a{n - 1}" for n in range(1, 60)}
    header = kit.one(kit.header({"COUNT": "length(a59)"}, lets), kit.record(gift_message="x" * 100)).header
    assert header["COUNT"] <= 65_536


def test_growing_text_by_replacing_stays_within_bounds(kit):
    expression = "reference"
    for _ in range(15):
        expression = f"replace({expression}, 'x', '{'x' * 100}')"
    header = kit.one(kit.header({"COUNT": f"length({expression})"}), kit.record(reference="x" * 100)).header
    assert header["COUNT"] <= 65_536


def test_repeating_long_text_is_held_for_a_few_records_at_a_time(kit, monkeypatch):
    """Of 20 records 100 rows each with a key of 30,000 characters would be 60 MB, of one it is 3."""
    sizes = []
    attempt = Runner._attempt
    monkeypatch.setattr(
        Runner,
        "_attempt",
        lambda self, one, records, *more, **kw: attempt(self, one, _seen(sizes, records), *more, **kw),
    )
    body = kit.header({"COUNT": "count('lines')"}) + (
        "lines:\n  from: record\n  repeat: 100\n  LNITMSEQ: repetition\n"
        f"  let: {{long: \"replace(gift_message, 'x', '{'y' * 100}') || repetition\"}}\n"
        '  QUANTITY: "length(long)"\n'
        "  ITEMNMBR: \"coalesce(try_lookup('gp.items', long, 'ITEMNMBR'), 'none')\"\n"
    )
    compiled = kit.compile(body, limits=Limits(memory="64MB"))
    result = compiled.map([kit.record(n, gift_message="x" * 300) for n in range(20)], kit.answers())
    assert [document.header["COUNT"] for document in result.documents] == [100] * 20
    assert result.documents[7].frames["lines"][99] == {"LNITMSEQ": 100, "QUANTITY": 30_003, "ITEMNMBR": "none"}
    assert {20, 10} <= set(sizes)  # 20 were refused


def _seen(sizes, records):
    sizes.append(len(records))
    return records


def test_memory_is_limited():
    with locked_database(Limits(memory="32MB"), "cp1252") as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute("CREATE TEMP TABLE t AS SELECT i, hash(i) AS h FROM range(50000000) x(i)")


def test_the_watchdog_interrupts_what_takes_too_long():
    with (
        locked_database(Limits(), "cp1252") as connection,
        pytest.raises(duckdb.InterruptException),
        watched(connection, 0.2),
    ):
        connection.execute("SELECT sum(hash(a.i + b.i)) FROM range(10000000) a(i), range(10000000) b(i)")


def test_a_map_that_is_interrupted_stops_the_flow_and_says_so(kit, monkeypatch):
    compiled = kit.compile(kit.header({"COUNT": "id"}))

    def interrupted(*_args, **_kwargs):
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    monkeypatch.setattr(Runner, "_compute", interrupted)
    with pytest.raises(ConfigError, match="was stopped") as raised:
        compiled.map([kit.record(1), kit.record(2)], kit.answers())
    assert raised.value.code == "map_too_slow"

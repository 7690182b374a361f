"""Flow files are data; a broken one stops no other."""

from __future__ import annotations

import json

import pytest

from gp_prestashop.mapping.loader import load_flows
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.schema import flow_json_schema

GOOD = """\
type: gp_prestashop.Flow
attributes:
  name: sales_orders
  title: Orders
  source: {system: prestashop, resource: orders}
  accept: "gift"
  target: {system: gp, document: sales_order, key: SOPNUMBE}
  map:
    lines:
      from: order_details
      when: "product_quantity > 0"
      LNITMSEQ: 1
    taxes:
      - from: record
        LNITMSEQ: 0
    header:
      let: {n: "id"}
      SOPNUMBE: "n"
  check:
    - {code: fine, assert: "true"}
  triggers: {events: [order.created], poll: 5m, finish: "*/5 * * * *"}
"""


def test_a_flow_is_read(kit):
    loaded = kit.load(GOOD)
    assert loaded.errors == ()
    flow = loaded.flow
    assert (flow.name, flow.title, flow.accept["accept"].assert_) == ("sales_orders", "Orders", "gift")
    assert flow.map.frames["lines"][0].columns == {"LNITMSEQ": "1"}
    assert (flow.map.header.let, flow.map.header.columns) == ({"n": "id"}, {"SOPNUMBE": "n"})
    assert flow.triggers.poll_seconds == 300


def test_a_flow_dumped_is_the_flow(kit):
    flow = kit.load(GOOD).flow
    again = Flow.model_validate(json.loads(json.dumps(flow.model_dump(mode="json", by_alias=True, exclude_none=True))))
    assert again == flow


def test_broken_files_stop_no_other(tmp_path):
    for name, text in {"a": "type: [", "b": GOOD, "c": "", "d": GOOD.replace("sales_orders", "other")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "defs.yaml").write_text(text)
    loaded = load_flows([tmp_path, tmp_path / "missing"])
    assert [(one.name, one.flow is not None) for one in loaded] == [
        ("a", False),
        ("sales_orders", True),
        ("c", False),
        ("other", True),
    ]
    assert all(one.errors for one in loaded if one.flow is None)


def test_a_name_used_twice_breaks_the_later_file(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "defs.yaml").write_text(GOOD)
    first, second = load_flows([tmp_path])
    assert first.flow is not None
    assert (second.flow, second.errors[0].line, second.errors[0].column) == (None, 3, 9)


def test_every_file_has_a_name_of_its_own_that_dagster_takes(tmp_path):
    texts = {"a": GOOD, "b": GOOD, "c x": "type: [", "c_x": "type: [", "ü": GOOD.replace("sales_orders", "Größe!")}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "defs.yaml").write_text(text)
    names = [one.name for one in load_flows([tmp_path])]
    assert names == ["sales_orders", "sales_orders_2", "c_x", "c_x_2", "Gr__e_"]


BROKEN = [
    ("title: Orders", "titel: Orders", 4, 10, "titel is not a key of a flow.", "did you mean title?"),
    ("title: Orders", "title: '{{ env.SECRET }}'", 4, 11, "Templates ({{) are refused", ""),
    ("title: Orders", "title: Orders\n  title: Again", 5, 3, 'found duplicate key "title"', ""),
    ("title: Orders", "title: &x Orders\n  needs: [*y]", 5, 11, "found undefined alias", ""),
    ("resource: orders}", "resource: orders, since: 3}", 5, 57, "source.since is not a key of a flow.", ""),
    ("name: sales_orders", "name: Sales Orders", 3, 9, "name: String should match pattern", ""),
    ("poll: 5m", "poll: 5 minutes", 21, 45, "triggers.poll: String should match pattern", ""),
    ("code: fine,", "code: fine, severity: fatal,", 20, 30, "check.0.severity: Input should be 'hold' or 'warn'", ""),
    ("LNITMSEQ: 1", "LNITMSEQ: 1.5", 12, 17, "map.lines.LNITMSEQ: Input should be a valid string", ""),
    ("      from: order_details\n", "", 9, 5, "map.lines.from is missing.", ""),
    ("type: gp_prestashop.Flow", "type: other.Flow", 1, 7, "type must be gp_prestashop.Flow.", ""),
    ("attributes:", "atributes:", 2, 1, "atributes is not a key of a flow file.", "did you mean attributes?"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "message", "suggestion"), BROKEN, ids=[one[1][:30] for one in BROKEN]
)
def test_what_is_wrong_with_a_file_has_its_place(kit, right, wrong, line, column, message, suggestion):
    assert right in GOOD
    loaded = kit.load(GOOD.replace(right, wrong))
    assert loaded.flow is None
    error = next(one for one in loaded.errors if message in one.message)
    assert (error.line, suggestion in error.suggestion) == (line, True)
    assert error.column == column


@pytest.mark.parametrize(
    "text",
    [
        "- " * 3000 + "x",
        "[" * 5000,
        "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "!!python/object/apply:os.system ['true']",
        "\x00",
        "x" * 1_000_001,
        "type: gp_prestashop.Flow\nattributes: !!binary aGVsbG8=\n",
        "42",
    ],
    ids=["deep", "deeper", "aliases", "python", "null byte", "huge", "binary", "number"],
)
def test_files_that_are_no_flow_are_refused_and_harmless(kit, text):
    loaded = kit.load(text)
    assert (loaded.flow, bool(loaded.errors)) == (None, True)


def test_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "defs.yaml").write_bytes(b"type: \xff\xfe")
    (loaded,) = load_flows([tmp_path])
    assert "cannot be read" in loaded.errors[0].message


def test_the_json_schema_names_every_key():
    schema = flow_json_schema()
    attributes = schema["properties"]["attributes"]["properties"]
    assert set(attributes) == {
        "name", "title", "enabled", "source", "partitions", "needs", "accept", "withdraw", "hold", "match", "target", "map",
        "check", "drift", "triggers",
    }  # fmt: skip
    assert set(schema["$defs"]["Check"]["properties"]) == {"code", "assert", "because", "when", "severity", "frame"}
    assert schema["$defs"]["FlowMap"]["required"] == ["header"]
    json.dumps(schema)

"""Model → YAML → model: nothing is lost, the same flow gives the same bytes, and comments stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.model import NAME, RESERVED, Flow
from gp_prestashop.mapping.writer import flow_text, rewritten
from gp_prestashop.wiring import SHIPPED_FLOWS

names = st.from_regex(NAME, fullmatch=True).filter(lambda name: len(name) < 30 and name not in (*RESERVED, "header"))
columns = st.one_of(
    names, names.map(str.upper), st.sampled_from(["on", "NO", "null", "True", "y", "USERDEF1", "a b", "é"])
)
paths = st.one_of(names, st.tuples(names, names).map(".".join))
types = st.sampled_from(
    ["varchar", "varchar(20)", "bigint", "integer", "decimal(19,5)", "date", "timestamp", "boolean"]
)
NASTY = [
    "'a' || b",
    "{{ x }}",
    "a {% b",
    "# no comment",
    "true",
    "null",
    "1.50",
    "x: y",
    "\ttab",
    "line\nline\n",
    "“ü”",
    " ",
]
text = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
expressions = text.filter(bool)
COMMENT = "# a remark"


def some(keys: Any, values: Any, most: int = 3) -> Any:
    return st.dictionaries(keys, values, max_size=most)


def part(**required: Any) -> Any:
    """A mapped part: its own keys, lets, and columns beside them."""
    optional = {"let": some(names, expressions)}
    if "from" in required:
        optional["when"] = expressions
    fixed = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda own, more: {**own, **more}, fixed, some(columns, expressions))


coded = {"code": names, "because": text}
rule = st.fixed_dictionaries({**coded, "when": expressions})
check = st.fixed_dictionaries(
    {"code": names, "assert": expressions},
    optional={"because": text, "when": expressions, "severity": st.sampled_from(["hold", "warn"]), "frame": names},
)
node = st.fixed_dictionaries(
    {"procedure": st.just("taCustom"), "columns": some(names.map(str.upper), types)},
    optional={"required": st.lists(names, max_size=2), "after": st.booleans()},
)
frame = part(**{"from": paths})
flow_map = st.builds(
    lambda lets, frames, header: {**({"let": lets} if lets else {}), **frames, "header": header},
    some(names, expressions),
    some(names, st.one_of(frame, st.lists(frame, min_size=1, max_size=3))),
    part(),
)
attributes = st.fixed_dictionaries(
    {
        "name": names,
        "source": st.fixed_dictionaries(
            {"system": names, "resource": names},
            optional={
                "changed_by": names,
                "key": st.one_of(names, st.lists(names, max_size=2)),
                "columns": some(paths, types),
            },
        ),
        "target": st.fixed_dictionaries(
            {"system": names, "document": names, "key": columns},
            optional={"owns": st.lists(columns, max_size=3), "columns": some(paths, types), "nodes": some(names, node, 2)},
        ),
        "map": flow_map,
    },
    optional={
        "title": text,
        "enabled": st.booleans(),
        "partitions": st.one_of(st.builds(lambda n: {"daily": n}, names), st.builds(lambda n: {"by": n}, names)),
        "needs": some(names, st.one_of(names, st.lists(names, max_size=3))),
        "accept": st.one_of(
            expressions, some(names, st.fixed_dictionaries({"assert": expressions}, optional={"because": text}))
        ),
        "withdraw": st.lists(rule, max_size=2),
        "hold": st.lists(rule, max_size=2),
        "match": st.fixed_dictionaries({}, optional={"existing": expressions, "identity": expressions}),
        "check": st.lists(check, max_size=3),
        "drift": st.sampled_from(["ignore", "correct", "report"]),
        "triggers": st.fixed_dictionaries(
            {},
            optional={
                "events": st.lists(st.sampled_from(["order.created", "order.updated"]), max_size=2),
                "poll": st.sampled_from(["60s", "5m", "1h"]),
                "sweep": st.just("0 3 * * *"),
                "finish": st.just("*/5 * * * 1-5"),
            },
        ),
    },
)  # fmt: skip


@st.composite
def some_flow(draw: st.DrawFn) -> Flow:
    return Flow.model_validate(draw(attributes))


flows = some_flow()
often = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def read(folder: Path, text: str) -> Flow:
    path = folder / "defs.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    loaded = load_flow(path)
    assert loaded.flow is not None, "\n".join(map(str, loaded.errors))
    return loaded.flow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round_trip")


def test_the_flows_that_are_tried_have_every_key_of_the_language() -> None:
    """Else the properties would hold of less than they say."""
    seen: set[str] = set()

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(flows)
    def gather(flow: Flow) -> None:
        said = flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        seen.update(said)
        seen.update(f"{side}.{key}" for side in ("source", "target") for key in said[side])

    gather()
    model = Flow.model_fields
    parts = {f"{name}.{key}" for name in ("source", "target") for key in model[name].annotation.model_fields}
    assert seen == set(model) | parts


@often
@given(flows)
def test_a_flow_that_is_written_and_read_is_the_flow(folder: Path, flow: Flow) -> None:
    written = flow_text(flow)
    again = read(folder, written)
    assert again == flow
    assert flow_text(again) == written


@often
@given(st.data(), flows)
def test_comments_and_bytes_stay_where_nothing_changes(folder: Path, data: st.DataObject, flow: Flow) -> None:
    text = commented(data, flow_text(flow))
    assert rewritten(text, read(folder, text)) == text


@often
@given(st.data(), flows, flows)
def test_a_file_that_is_changed_says_the_other_flow_and_keeps_its_comments(
    folder: Path, data: st.DataObject, flow: Flow, other: Flow
) -> None:
    text = commented(data, flow_text(flow))
    changed = rewritten(text, other)
    assert read(folder, changed) == other
    assert rewritten(changed, other) == changed
    assert changed.count(COMMENT + "\n") == text.count(COMMENT + "\n")


@pytest.mark.parametrize("path", sorted(SHIPPED_FLOWS.glob("*/defs.yaml")), ids=lambda path: path.parent.name)
def test_one_expression_of_a_shipped_flow_is_changed_in_one_line(folder: Path, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    flow = read(folder, text)
    column = next(iter(flow.map.header.columns))
    header = flow.map.header.model_copy(update={"columns": {**flow.map.header.columns, column: "'changed'"}})
    changed = rewritten(text, flow.model_copy(update={"map": flow.map.model_copy(update={"header": header})}))
    lines = list(zip(text.splitlines(), changed.splitlines(), strict=True))
    assert [new.strip() for old, new in lines if old != new] == [f"{column}: \"'changed'\""]


def commented(data: st.DataObject, text: str) -> str:
    """Remarks on lines of their own before some lines."""
    lines = text.splitlines(keepends=True)
    places = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4))
    return "".join(f"{indent(line)}{COMMENT}\n{line}" if n in places else line for n, line in enumerate(lines))


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]

"""docs/mapping.md tells the truth: every example in it is executed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop.gp.lookups import lookup_lists
from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.library import LIBRARY
from gp_prestashop.mapping.loader import LoadedFlow, load_flow
from gp_prestashop.mapping.rules import load_hooks
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, LookupList, SourceRecord
from gp_prestashop.prestashop.resources import resource_shapes
from gp_prestashop.settings import load_settings
from gp_prestashop.value_files import read_value_files
from gp_prestashop.wiring import SHIPPED_FLOWS, connect
from tests.mapping.conftest import Answers

TEXT = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \| `(.+?)` \|$", re.MULTILINE)
EXAMPLES = [tuple(cell.replace("\\|", "|") for cell in match.groups()) for match in ROW.finditer(TEXT)]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
FLOWS = [body for kind, body in BLOCKS if kind == "yaml" and body.startswith("# defs.yaml")]
OVERLAYS = [body for kind, body in BLOCKS if kind == "yaml" and body.startswith("# overlay.yaml")]
PER_ROW = ("line_number(", "allocate(", "together(")

LISTS = {
    "prestashop.currencies": LookupList("prestashop.currencies", ("id",), (Column("iso_code"),)),
}
ANSWERS = Answers(
    {
        ("xref", "customers"): {("7",): {"value": "PS00000007"}},
        ("value", "carriers"): {("3",): {"value": "SEA", "site": "NORTH"}},
        ("lookup", "prestashop.currencies"): {("1",): {"iso_code": "EUR"}},
    }
)


def blocks(kind: str) -> list[str]:
    return [body for found, body in BLOCKS if found == kind]


def order() -> SourceRecord:
    raw = json.loads(blocks("json")[0])
    return SourceRecord(raw["id"], raw)


def load(folder: Path, body: str, name: str = "defs.yaml") -> LoadedFlow:
    path = folder / "flow" / name
    path.parent.mkdir()
    path.write_text(body, encoding="utf-8")
    return load_flow(path)


def documents(loaded: LoadedFlow, shape: DocumentShape, lists: Any) -> list[Document]:
    compiled, errors = compile_flow(
        loaded, resource_shapes(), {shape.name: shape}, lists, {"sop.prefix": "PS", "vars.threshold": "5"}
    )
    assert compiled is not None, "\n".join(map(str, errors))
    result = compiled.map([order()], ANSWERS)
    assert [one for one in result.problems if one.severity == "hold"] == []
    return result.documents


def flow_of(map_: str, document: str = "result", key: str = "K") -> str:
    body = "".join(f"    {line}\n" for line in map_.strip("\n").splitlines())
    return (
        "type: gp_prestashop.Flow\nattributes:\n  name: example\n"
        "  source: {system: prestashop, resource: orders}\n"
        f"  target: {{system: gp, document: {document}, key: {key}}}\n  map:\n{body}"
    )


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of each example what it gives, all from one flow."""
    parts: dict[bool, list[str]] = {True: [], False: []}
    for number, (written, _, expression, _) in enumerate(EXAMPLES):
        text = json.dumps(f"cast(({expression}) as varchar)", ensure_ascii=False)
        parts[written.startswith(PER_ROW)].append(f"  X{number}: {text}\n")
    map_ = f"rows:\n  from: order_details\n{''.join(parts[True])}header:\n  K: '1'\n{''.join(parts[False])}"
    columns = tuple(Column(f"X{number}") for number in range(len(EXAMPLES)))
    shape = DocumentShape(
        "gp", "result", ("K",), (Frame("header", (Column("K"), *columns)), Frame("rows", columns, ("rows",)))
    )
    (document,) = documents(load(tmp_path_factory.mktemp("examples"), flow_of(map_)), shape, LISTS)
    frames = [document.frames["rows"] if written.startswith(PER_ROW) else [document.header] for written, *_ in EXAMPLES]
    return [", ".join(row[f"X{number}"] for row in rows) for number, rows in enumerate(frames)]


@pytest.mark.parametrize(
    ("number", "result"),
    [(number, one[3]) for number, one in enumerate(EXAMPLES)],
    ids=[f"{n}-{one[0]}" for n, one in enumerate(EXAMPLES)],
)
def test_every_example_of_an_expression(computed, number, result):
    assert computed[number] == result


def test_every_function_is_there_with_its_own_words():
    told = {signature: doc for signature, doc, _, _ in EXAMPLES}
    assert {one.signature: one.doc.replace("``", "`") for one in LIBRARY.values()}.items() <= told.items()
    names = {signature.partition("(")[0] for signature in told if "(" in signature}
    assert names - set(LIBRARY) <= {"if", "coalesce", "cast", "try_cast", "in "}


def test_the_map_with_several_rows_gives_what_the_page_says(tmp_path, wired):
    body = next(body for body in blocks("yaml") if body.startswith("# map of"))
    shape = wired.targets["gp"].documents()["sales_order"]
    loaded = load(tmp_path, flow_of(body, "sales_order", "SOPNUMBE"))
    (document,) = documents(loaded, shape, lookup_lists())
    lines = [f"{row['LNITMSEQ']} {row['ITEMNMBR']} {row['QUANTITY'].normalize():f}" for row in document.frames["lines"]]
    taxes = [f"{row['LNITMSEQ']} {row['TAXDTLID']}" for row in document.frames["taxes"]]
    header = f"{document.key} {document.header['DOCAMNT'].normalize():f}"
    assert blocks("text")[0] == f"lines: {' | '.join(lines)}\ntaxes: {' | '.join(taxes)}\nheader: {header}\n"


@pytest.fixture
def wired(tmp_path, monkeypatch):
    monkeypatch.setenv("GPPS_HOME", str(tmp_path / "home"))
    return connect(load_settings())


def test_every_look_up_list_is_there(wired):
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]*) \| [^|]* \|$", TEXT, re.MULTILINE))
    lists = {name: ", ".join(one.keys) for name, one in wired.lists.items() if not name.startswith("ledger.")}
    assert lists.items() <= told.items()


@pytest.mark.parametrize("number", range(len(FLOWS)))
def test_every_flow_on_the_page_is_valid(tmp_path, wired, number):
    loaded = load(tmp_path, FLOWS[number])
    assert loaded.errors == ()
    ready = wired.compile(loaded)
    assert getattr(ready, "errors", ()) == ()


@pytest.mark.parametrize("number", range(len(OVERLAYS)))
def test_every_overlay_on_the_page_fits_the_shipped_flow(tmp_path, wired, number):
    path = tmp_path / "overlay.yaml"
    path.write_text(OVERLAYS[number], encoding="utf-8")
    (flow,) = re.findall(r"^  flow: (\w+)$", OVERLAYS[number], re.MULTILINE)
    loaded = load_flow(SHIPPED_FLOWS / flow / "defs.yaml", [path])
    assert loaded.errors == ()
    ready = wired.compile(loaded)
    assert getattr(ready, "errors", ()) == ()


def test_the_value_maps_on_the_page_are_read(tmp_path):
    as_yaml, as_csv = tmp_path / "site.yaml", tmp_path / "carriers.csv"
    as_yaml.write_text(next(body for body in blocks("yaml") if body.startswith("# maps/")))
    as_csv.write_text(blocks("csv")[0])
    maps = read_value_files([as_yaml])
    assert maps["carriers"] == {"3": {"value": "SEA", "site": "NORTH"}, "4": {"value": "AIR"}}
    assert maps["payment_modules"]["ps_wirepayment"]["CHEKBKID"] == "UPTOWN TRUST"
    assert read_value_files([as_csv])["carriers"]["3"] == {"value": "SEA", "site": "NORTH"}


def test_the_rules_on_the_page_do_what_they_say(tmp_path):
    path = tmp_path / "rules.py"
    path.write_text(blocks("python")[0])
    hooks, errors = load_hooks([path])
    assert errors == []
    ((record,), problems) = hooks.before_map([SourceRecord("1", {"reference": "TEST-A"})])
    assert (record.raw["reference"], problems) == ("A", [])
    long = Document("1", "sales_order", "PS1", {"header": [{"SOPNUMBE": "PS1"}], "lines": [{}] * 201})
    assert hooks.after_map(long, record, "SOPNUMBE", problems) is None
    cash = Document("2", "sales_order", "PS2", {"header": [{"CUSTNMBR": "CASH"}]})
    problems += hooks.before_write([(cash, "change"), (cash, "create")])
    assert [one.code for one in problems] == ["many_lines", "cash_sale"]

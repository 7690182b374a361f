"""Overlays: a site changes a shipped flow, and keeps its changes when the flow is upgraded."""

from __future__ import annotations

from pathlib import Path

import pytest

from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.loader import load_flow, load_flows
from gp_prestashop.mapping.overlay import part_names
from gp_prestashop.mapping.three_way import changes, with_base

TEMPLATE = """\
# The shipped flow.
type: gp_prestashop.Flow
attributes:
  name: sales_orders
  source: {system: prestashop, resource: orders, changed_by: date_upd}
  accept: "id > 0"
  hold:
    - {code: gifts, when: "gift", because: "Gifts wait."}
    - {code: huge, when: "total_paid > 1000", because: "Over 1000."}
  target: {system: gp, document: sales_order, key: SOPNUMBE}
  map:
    let:
      number: "'PS' || id"
    lines:
      from: order_details
      LNITMSEQ: "line_number()"
      ITEMNMBR: "product_reference"
      ITEMDESC: "product_name"
    taxes:
      - from: record
        LNITMSEQ: "1"
        TAXDTLID: "'A'"
      - from: record
        LNITMSEQ: "2"
        TAXDTLID: "'B'"
    header:
      SOPNUMBE: "number"
      CSTPONBR: "reference"
      COMMENT: "gift_message"
  check:
    - {code: totals, assert: "CSTPONBR <> ''"}
    - {code: more, assert: "id > 0", severity: warn}
  triggers: {events: [order.created], poll: 60s}
"""


class Site:
    """A shipped flow and a site's folder."""

    def __init__(self, folder: Path, kit) -> None:
        self.kit = kit
        self.shipped, self.home = folder / "shipped", folder / "home"
        self.upgrade(TEMPLATE)

    def upgrade(self, text: str) -> None:
        path = self.shipped / "sales_orders" / "defs.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def overlay(self, body: str, folder: str = "sales_orders", flow: str = "sales_orders") -> Path:
        path = self.home / folder / "overlay.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"  {line}\n" for line in body.strip("\n").splitlines())
        path.write_text(f"type: gp_prestashop.Overlay\nattributes:\n  flow: {flow}\n{lines}")
        return path

    @property
    def all(self):
        return load_flows([self.shipped, self.home])

    @property
    def flow(self):
        (loaded,) = self.all
        return loaded

    def compile(self):
        return compile_flow(self.flow, *self.kit.surroundings)

    def document(self, **raw):
        compiled, errors = self.compile()
        assert compiled is not None, "\n".join(map(str, errors))
        result = compiled.map([self.kit.record(7, **raw)], self.kit.answers())
        assert not result.problems
        return result.documents[0]


@pytest.fixture
def site(tmp_path, kit):
    return Site(tmp_path, kit)


def test_an_overlay_changes_what_it_names_and_nothing_else(site):
    before = site.document(gift_message="Hello")
    site.overlay('map:\n  header:\n    COMMENT: "upper(gift_message)"\n    SHIPMTHD: "\'SEA\'"')
    after = site.document(gift_message="Hello")
    assert after.header == {**before.header, "COMMENT": "HELLO", "SHIPMTHD": "SEA"}
    assert {k: v for k, v in after.frames.items() if k != "header"} == {
        k: v for k, v in before.frames.items() if k != "header"
    }


def test_lets_frames_rules_and_checks_are_merged_by_name(site):
    site.overlay("""
map:
  let: {number: "'X' || id"}
  lines: {ITEMDESC: "upper(product_name)"}
  taxes: {LNITMSEQ: "7"}
hold:
  - {code: huge, when: "total_paid > 5000"}
  - {code: no_gifts, when: "id = 13", because: "Thirteen."}
check:
  - {code: totals, severity: warn}
  - {code: mine, assert: "COMMENT <> 'bad'", because: "Bad words."}
triggers: {poll: 5m}
title: Ours
""")
    flow = site.flow.flow
    assert flow.map.let["number"] == "'X' || id"
    assert [part.columns["LNITMSEQ"] for part in flow.map.frames["taxes"]] == ["7", "7"]
    assert [part.columns["TAXDTLID"] for part in flow.map.frames["taxes"]] == ["'A'", "'B'"]
    assert [(one.code, one.when, one.because) for one in flow.hold] == [
        ("gifts", "gift", "Gifts wait."),
        ("huge", "total_paid > 5000", "Over 1000."),
        ("no_gifts", "id = 13", "Thirteen."),
    ]
    assert [(one.code, one.severity) for one in flow.check] == [("totals", "warn"), ("more", "warn"), ("mine", "hold")]
    assert (flow.triggers.poll, flow.triggers.events) == ("5m", ["order.created"])
    assert flow.title == "Ours"
    assert flow.accept["accept"].assert_ == "id > 0"


def test_parts_of_a_frame_are_merged_one_by_one_and_more_can_be_added(site):
    site.overlay("""
map:
  taxes:
    - {}
    - {TAXDTLID: "'C'"}
    - {from: record, LNITMSEQ: "3", TAXDTLID: "'D'"}
""")
    assert [row["TAXDTLID"] for row in site.document().frames["taxes"]] == ["A", "C", "D"]


def test_parts_are_switched_off(site):
    site.overlay(
        "off: [map.header.COMMENT, map.lines.ITEMDESC, 'map.taxes[0]', check.totals, hold.gifts, triggers.poll]"
    )
    flow = site.flow.flow
    assert "COMMENT" not in flow.map.header.columns
    assert list(flow.map.frames["lines"][0].columns) == ["LNITMSEQ", "ITEMNMBR"]
    assert [part.columns["TAXDTLID"] for part in flow.map.frames["taxes"]] == ["'B'"]
    assert ([one.code for one in flow.check], [one.code for one in flow.hold]) == (["more"], ["huge"])
    assert flow.triggers.poll is None
    site.overlay("off: [map.taxes]")
    assert list(site.flow.flow.map.frames) == ["lines"]


def test_everything_that_can_be_switched_off_has_a_name_that_works(site):
    names = list(part_names(site.flow.template))
    assert {"check.totals", "hold.gifts", "map.taxes", "map.lines.ITEMNMBR", "map.let.number"} <= set(names)
    for name in names:
        site.overlay(f"off: [{name}]")
        assert not any("has no part" in error.message for error in site.flow.errors), name


def test_a_rule_with_a_short_form_is_overlaid_in_either_form(site):
    site.overlay('accept: "gift"')
    assert site.flow.flow.accept["accept"].assert_ == "gift"
    site.overlay('accept: {accept: {because: "Ours"}, big: {assert: "total_paid > 1"}}')
    accept = site.flow.flow.accept
    assert [(name, one.assert_, one.because) for name, one in accept.items()] == [
        ("accept", "id > 0", "Ours"),
        ("big", "total_paid > 1", ""),
    ]


def test_a_flow_is_switched_off(site):
    site.overlay("enabled: false")
    assert (site.flow.flow.enabled, load_flow(site.flow.path).flow.enabled) == (False, True)


def test_errors_are_shown_in_the_file_that_has_them(site):
    path = site.overlay('map:\n  header:\n    CUSTNMBR: "1 +* 2"\n    CUSTNMR: "\'x\'"\n    CSTPONBR: "refrence"')
    compiled, errors = site.compile()
    assert compiled is None
    assert [(e.file, e.line, e.column) for e in errors] == [(path, 6, 23), (path, 7, 16), (path, 8, 18)]
    assert errors[1].suggestion == "did you mean CUSTNMBR?"
    assert errors[2].suggestion == "did you mean reference?"


def test_an_error_that_an_overlay_makes_in_the_flow_is_shown_in_the_flow(site):
    site.overlay("off: [map.let.number]")
    _, errors = site.compile()
    assert [(e.file.parent.parent.name, e.line) for e in errors] == [("shipped", 27)]


@pytest.mark.parametrize(
    ("body", "line", "message", "suggestion"),
    [
        ("of: [check.totals]", 4, "of is not a key of a flow.", ""),
        ("off: [check.total]", 4, "sales_orders has no part check.total.", "did you mean check.totals?"),
        ("off: check.totals", 4, "off is a list of parts", ""),
        ("name: other", 4, "name cannot be changed by an overlay.", "Write a flow of your own."),
        ("target: {key: CSTPONBR}", 4, "target.key cannot be changed by an overlay.", ""),
        ("source: {columns: {x: number}}", 4, "source.columns.x: String should match pattern", ""),
        ("map:\n  lines: {LNITMSEQ: 1.5}", 5, "map.lines.LNITMSEQ: Input should be a valid string", ""),
        ("hold:\n  - {code: new_one, when: gift}", 5, "hold.2.because is missing.", ""),
        ("title: '{{ x }}'", 4, "Templates ({{) are refused", ""),
        ("title: [", 5, "This is not YAML", ""),
        ("triggers: {pol: 5m}", 4, "triggers.pol is not a key of a flow.", "did you mean poll?"),
    ],
)
def test_what_is_wrong_with_an_overlay_has_its_place(site, body, line, message, suggestion):
    path = site.overlay(body)
    assert site.flow.flow is None
    error = next(one for one in site.flow.errors if message in one.message)
    assert (error.file, error.line, suggestion in error.suggestion) == (path, line, True)


def test_an_overlay_of_no_flow_is_shown_and_stops_nothing(site):
    site.overlay("title: x", folder="b", flow="sales_order")
    flow, orphan = site.all
    assert flow.flow is not None
    assert (orphan.name, orphan.flow) == ("overlay_sales_order", None)
    assert orphan.errors[0].suggestion == "did you mean sales_orders?"


def test_a_broken_overlay_breaks_its_flow_only(site):
    other = site.home / "other" / "defs.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(TEMPLATE.replace("name: sales_orders", "name: other"))
    (site.home / "sales_orders").mkdir()
    (site.home / "sales_orders" / "overlay.yaml").write_text("type: [")
    sales, other_flow = site.all
    assert (sales.flow, other_flow.flow is not None) == (None, True)


def test_two_overlays_apply_in_the_order_of_their_folders(site):
    site.overlay("map: {header: {COMMENT: \"'a'\", SHIPMTHD: \"'a'\"}}", folder="a")
    site.overlay("map: {header: {COMMENT: \"'b'\"}}", folder="b")
    assert site.document().header["COMMENT"] == "b"
    assert site.document().header["SHIPMTHD"] == "a"


def states(site):
    return {change.part: change.state for change in changes(site.flow)}


def test_an_upgrade_that_changes_an_overlaid_field_is_reported(site):
    path = site.overlay("""
# ours
map:
  header:
    COMMENT: "upper(gift_message)"  # shouting
    CSTPONBR: "reference"
    SHIPMTHD: "'SEA'"
check:
  - {code: totals, severity: warn}
off: [map.taxes]
""")
    assert states(site) == {
        "map.taxes[0].from": "unrecorded",
        "map.taxes[0].LNITMSEQ": "unrecorded",
        "map.taxes[0].TAXDTLID": "unrecorded",
        "map.taxes[1].from": "unrecorded",
        "map.taxes[1].LNITMSEQ": "unrecorded",
        "map.taxes[1].TAXDTLID": "unrecorded",
        "map.header.COMMENT": "unrecorded",
        "map.header.CSTPONBR": "same",
        "map.header.SHIPMTHD": "adds",
        "check.totals.severity": "adds",
    }
    path.write_text(with_base(site.flow.overlays[0], site.flow))
    assert "# ours" in path.read_text()
    assert "# shouting" in path.read_text()
    assert set(states(site).values()) == {"changes", "same", "adds"}

    site.upgrade(TEMPLATE.replace('"gift_message"', '"left(gift_message, 50)"').replace("'B'", "'Z'"))
    conflicts = {change.part: change for change in changes(site.flow) if change.state == "conflict"}
    assert set(conflicts) == {"map.header.COMMENT", "map.taxes[1].TAXDTLID"}
    found = conflicts["map.header.COMMENT"]
    assert (found.base, found.template, found.overlay) == (
        "gift_message",
        "left(gift_message, 50)",
        "upper(gift_message)",
    )
    assert (found.file, found.line) == (path, 7)
    assert site.document(gift_message="hello").header["COMMENT"] == "HELLO"  # the overlay holds meanwhile

    path.write_text(with_base(site.flow.overlays[0], site.flow))
    assert "conflict" not in states(site).values()


def test_a_field_that_an_upgrade_brings_or_drops_is_a_conflict_too(site):
    path = site.overlay("map: {header: {SHIPMTHD: \"'SEA'\", COMMENT: \"'x'\"}}")
    path.write_text(with_base(site.flow.overlays[0], site.flow))
    site.upgrade(TEMPLATE.replace('      COMMENT: "gift_message"\n', "      SHIPMTHD: \"'LAND'\"\n"))
    assert states(site) == {"map.header.SHIPMTHD": "conflict", "map.header.COMMENT": "conflict"}
    sentences = [change.sentence() for change in changes(site.flow)]
    assert sentences[0] == (
        "map.header.SHIPMTHD: the shipped flow had nothing, and has 'LAND' now; the overlay keeps 'SEA'."
    )

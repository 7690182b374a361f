"""Decisions are kept, change later suggestions, and never let the machine replace what a person said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gp_prestashop.assist.suggest.matcher import Suggestion
from gp_prestashop.assist.suggest.site.decisions import Decision, Decisions, decision
from gp_prestashop.assist.suggest.site.review import sorted_out
from gp_prestashop.errors import ConfigError

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SOURCE, TARGET = "customers.plafond", "RM00101.CRLMTAMT"


def accepted(source: str = SOURCE, target: str = TARGET, by: str = "anna", expression: str | None = None) -> Decision:
    return decision("accepted", source, target, by=by, at=AT, expression=expression)


def test_decisions_survive_the_process(tmp_path: Path) -> None:
    Decisions(tmp_path).record(accepted(expression="plafond"))
    Decisions(tmp_path).record(decision("rejected", "customers.note", "RM00101.COMMENT1", by="anna", at=AT))
    again = Decisions(tmp_path)
    assert [(d.verdict, d.source) for d in again] == [("accepted", SOURCE), ("rejected", "customers.note")]
    history = again.history()
    assert history.accepted == {("customers", "plafond", "RM00101", "CRLMTAMT")}
    assert history.rejected == {("customers", "note", "RM00101", "COMMENT1")}


def test_a_person_changes_their_mind_and_the_machine_does_not_change_it_for_them(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.record(decision("rejected", SOURCE, TARGET, by="anna", at=AT))
    assert decisions.record(accepted(by="automatic")) is not None
    assert decisions.find(SOURCE, TARGET) == decision("rejected", SOURCE, TARGET, by="anna", at=AT)
    decisions.record(accepted())
    found = decisions.find(SOURCE, TARGET)
    assert found is not None
    assert found.verdict == "accepted"
    decisions.take_back(SOURCE, TARGET)
    assert len(Decisions(tmp_path)) == 0


def test_two_sources_of_one_target_are_a_conflict_unless_they_are_one_expression(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    joined = "trim(firstname || ' ' || lastname)"
    decisions.record(accepted("customers.firstname", "RM00101.CUSTNAME", expression=joined))
    decisions.record(accepted("customers.lastname", "RM00101.CUSTNAME", expression=joined))
    with pytest.raises(ConfigError) as caught:
        decisions.record(accepted("customers.company", "RM00101.CUSTNAME"))
    assert caught.value.code == "decision_conflict"


@pytest.mark.parametrize("name", ["customers", "a.b.c"])
def test_names_without_one_dot_are_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        accepted(source=name)


def test_a_broken_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "assist").mkdir()
    (tmp_path / "assist" / "decisions.yaml").write_text("accepted: [{what: x}]", "utf-8")
    with pytest.raises(ConfigError) as caught:
        Decisions(tmp_path)
    assert caught.value.code == "decisions_unreadable"


def suggestion(source: str, target: str, confidence: float) -> Suggestion:
    return Suggestion("p", source, target, 1, confidence, confidence, True, "why")


@pytest.mark.parametrize(
    ("mode", "taken"), [("always", []), ("low-confidence", ["c.sure"]), ("never", ["c.sure", "c.unsure"])]
)
def test_review_modes_decide_what_waits_and_conflicts_always_do(tmp_path: Path, mode: str, taken: list[str]) -> None:
    decisions = Decisions(tmp_path)
    decisions.record(accepted("c.other", "T.TAKEN"))
    decisions.record(decision("rejected", "c.no", "T.NO", by="anna", at=AT))
    found = [
        suggestion("c.sure", "T.A", 0.99),
        suggestion("c.unsure", "T.B", 0.6),
        suggestion("c.clash", "T.TAKEN", 0.99),
        suggestion("c.mapped", "T.MAPPED", 0.99),
        suggestion("c.no", "T.NO", 0.99),
    ]
    accepted_now, waiting = sorted_out(found, decisions, ["MAPPED"], mode, 0.95)  # type: ignore[arg-type]
    assert [one.source for one in accepted_now] == taken
    reasons = {one.source: why for one, why in waiting}
    assert reasons["c.clash"].startswith("conflict")
    assert reasons["c.mapped"].startswith("conflict")
    assert "c.no" not in reasons

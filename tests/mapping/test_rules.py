"""rules.py: hooks in Python, each record by itself."""

from __future__ import annotations

import pytest

from gp_prestashop.mapping.compiler import compile_flow
from gp_prestashop.mapping.loader import load_flow
from gp_prestashop.mapping.rules import Hooks, load_hooks


@pytest.fixture
def ruled(kit):
    """Compile a flow whose folder holds this rules.py."""

    def make(rules: str, body: str | None = None, head: str = ""):
        loaded = kit.load(kit.text(body or kit.header({"COMMENT": "gift_message", "COUNT": "id"}), head))
        (loaded.path.parent / "rules.py").write_text(rules)
        return compile_flow(load_flow(loaded.path), *kit.surroundings)

    return make


def mapped(kit, compiled, *records):
    decisions = compiled.decide(records, kit.answers())
    result = compiled.map(decisions.accepted, kit.answers())
    return result, [*decisions.held, *result.problems]


def test_a_record_is_changed_before_it_is_decided_on_and_mapped(kit, ruled):
    compiled, errors = ruled(
        "def before_map(record):\n    record.raw['gift_message'] = record.raw['gift_message'].title()\n",
        head="accept: \"gift_message = 'Many Thanks'\"",
    )
    assert errors == ()
    record = kit.record(gift_message="many thanks")
    result, problems = mapped(kit, compiled, record)
    assert (result.documents[0].header["COMMENT"], problems) == ("Many Thanks", [])
    assert record.raw["gift_message"] == "many thanks"  # the ledger's own stays as it came


def test_a_document_is_changed_after_it_is_mapped(kit, ruled):
    compiled, _ = ruled(
        "def after_map(document, record):\n"
        "    document.header['SOPNUMBE'] += '-X'\n"
        "    document.header['COMMENT'] = record.raw['reference']\n"
    )
    result, problems = mapped(kit, compiled, kit.record(3))
    (document,) = result.documents
    assert (document.key, document.header["COMMENT"], problems) == ("PS3-X", "ABCDEF", [])


def test_hooks_may_return_new_ones(kit, ruled):
    compiled, _ = ruled(
        "from dataclasses import replace\n"
        "def before_map(record):\n    return replace(record, raw={**record.raw, 'gift_message': 'new'})\n"
    )
    result, _ = mapped(kit, compiled, kit.record())
    assert result.documents[0].header["COMMENT"] == "new"


@pytest.mark.parametrize("hook", ["before_map(record)", "after_map(document, record)"])
def test_a_failing_rule_holds_its_record_alone(kit, ruled, hook):
    rules = f"def {hook}:\n    if record.raw['id'] == '2':\n        return 1 / 0\n"
    compiled, _ = ruled(rules)
    result, problems = mapped(kit, compiled, kit.record(1), kit.record(2), kit.record(3))
    assert [document.source_key for document in result.documents] == ["1", "3"]
    (problem,) = problems
    assert (problem.source_key, problem.code) == ("2", "rule_failed")
    name = hook.partition("(")[0]
    assert problem.sentence == f"The rule {name} failed: ZeroDivisionError: division by zero (rules.py:3)."


def test_a_rule_may_hold_a_record_with_its_own_code(kit, ruled):
    compiled, _ = ruled(
        "from gp_prestashop.mapping.rules import Hold\n"
        "def after_map(document, record):\n    raise Hold('credit', 'Over the limit.', 'Ask accounting.')\n"
    )
    result, (problem,) = mapped(kit, compiled, kit.record())
    assert result.documents == []
    assert (problem.code, problem.sentence, problem.remedy) == ("credit", "Over the limit.", "Ask accounting.")


def test_a_hook_that_returns_something_else_or_drops_the_key_holds_the_record(kit, ruled):
    compiled, _ = ruled("def before_map(record):\n    return 42\n")
    _, (problem,) = mapped(kit, compiled, kit.record())
    assert problem.sentence == "The rule before_map failed: it returned int, not SourceRecord or nothing."
    compiled, _ = ruled("def after_map(document, record):\n    del document.header['SOPNUMBE']\n")
    _, (problem,) = mapped(kit, compiled, kit.record())
    assert problem.sentence == "The rule after_map failed: it left no SOPNUMBE in the header."


def test_before_write_refuses_and_changes_nothing(kit, ruled):
    compiled, _ = ruled(
        "from gp_prestashop.mapping.rules import Hold\n"
        "def before_write(document, action):\n"
        "    document.header['COMMENT'] = 'changed'\n"
        "    if action == 'change':\n        raise Hold('no_changes', 'Never changed.')\n"
    )
    result, _ = mapped(kit, compiled, kit.record(1), kit.record(2))
    problems = compiled.hooks.before_write([(result.documents[0], "create"), (result.documents[1], "change")])
    assert [(one.source_key, one.code) for one in problems] == [("2", "no_changes")]
    assert result.documents[0].header["COMMENT"] == ""


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("def before_map(record)\n    pass\n", 1, "This is not Python: expected ':'"),
        ("x = 1\nraise ValueError('no')\n", 2, "ValueError while it is read: no."),
        ("\n\nimport sys\nsys.exit(3)\n", 4, "SystemExit while it is read: 3."),
        ("import no_such_module\n", 1, "ModuleNotFoundError while it is read"),
        ("def before_maps(record):\n    pass\n", 1, "before_maps is no hook."),
        ("def after_map(document):\n    pass\n", 1, "after_map must take 2 arguments."),
    ],
)
def test_a_broken_file_breaks_its_flow_with_the_place(ruled, text, line, message):
    compiled, (error,) = ruled(text)
    assert compiled is None
    assert (error.file.name, error.line, message in error.message) == ("rules.py", line, True)


def test_helpers_and_imports_are_no_hooks(kit, ruled):
    compiled, errors = ruled("from os.path import join\ndef _help():\n    pass\ndef helper():\n    pass\n")
    assert errors == ()
    assert compiled.hooks == Hooks()


def test_the_flows_rules_run_before_the_overlays(tmp_path):
    paths = [tmp_path / name / "rules.py" for name in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"def before_map(record):\n    record.raw['said'] += '{path.parent.name}'\n")
    from gp_prestashop.mapping.shapes import SourceRecord

    hooks, errors = load_hooks(paths)
    (record,), problems = hooks.before_map([SourceRecord("1", {"said": ""})])
    assert (record.raw["said"], problems, errors) == ("ab", [], [])

"""Compiles accept and hold rules: one row for each record, one answer and one error for each rule."""

from __future__ import annotations

from gp_prestashop.mapping.catalog import Catalog
from gp_prestashop.mapping.compiled import Rule
from gp_prestashop.mapping.expressions import parse_expression
from gp_prestashop.mapping.flow_errors import DependsOnBrokenError, ExpressionError
from gp_prestashop.mapping.joins import base_sql
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.outputs import as_let
from gp_prestashop.mapping.program import Emit, Program
from gp_prestashop.mapping.relation import Shared
from gp_prestashop.mapping.schedule import schedule
from gp_prestashop.mapping.scope import Definition, FrameScope, Report
from gp_prestashop.mapping.shapes import ResourceShape
from gp_prestashop.mapping.translate import translate
from gp_prestashop.mapping.values import Value

__all__ = ["compile_condition", "compile_decisions"]

WANTED = {"BOOLEAN": ("A condition", "Compare it with something."), "VARCHAR": ("A text", "Cast it to varchar.")}


def compile_decisions(
    flow: Flow, resource: ResourceShape, shared: Shared, report: Report
) -> tuple[Program, tuple[Rule, ...]]:
    """The program that answers all rules, and the rules in the order of its columns."""
    catalog = Catalog(resource, shared)
    scope = FrameScope("record", "rec", shared, catalog, report)
    scope.windows_allowed = False
    for name, text in flow.map.let.items():  # rules may use the map's lets; those that none uses are not computed here
        scope.definitions[name] = Definition(text, ("map", "let", name), is_output=False, finish=as_let)
    rules: list[Rule] = []
    columns: list[tuple[str, str]] = []
    parts: list[tuple[Rule, tuple[str | int, ...], str]] = [
        (Rule("accept", name, one.because), ("accept", name, "assert"), one.assert_)
        for name, one in flow.accept.items()
    ]
    for index, taken in enumerate(flow.withdraw):
        parts.append((Rule("withdraw", taken.code, taken.because), ("withdraw", index, "when"), taken.when))
    for index, held in enumerate(flow.hold):
        parts.append((Rule("hold", held.code, held.because), ("hold", index, "when"), held.when))
    matching = {"existing": flow.match.existing, "identity": flow.match.identity} if flow.match else {}
    parts += [(Rule(kind, f"match.{kind}", ""), ("match", kind), text) for kind, text in matching.items() if text]
    for rule, path, text in parts:
        wanted_type = "VARCHAR" if rule.kind in ("existing", "identity") else "BOOLEAN"
        value = compile_condition(scope, rule.name, path, text, wanted_type)
        if value is not None:
            columns += _columns(scope, value, len(rules))
            rules.append(rule)
    wanted = {internal for internal, _ in columns}
    given = {column for names in scope.needs.values() for column in names}
    shared.program.ops += schedule(scope, "rec", base_sql(scope), given, wanted, None)
    shared.program.ops.append(Emit("rec", "decide", tuple(columns)))
    shared.program.sources += catalog.tables()
    return shared.program, tuple(rules)


def compile_condition(
    scope: FrameScope, owner: str, path: tuple[str | int, ...], text: str, wanted: str = "BOOLEAN"
) -> Value | None:
    """A condition (or a text) as a column with its error; None when it is wrong, which is reported."""
    try:
        with scope.owned(owner):
            value = translate(parse_expression(text), scope)
            if value.type not in (wanted, "NULL"):
                what, remedy = WANTED[wanted]
                raise ExpressionError(f"{what} is wanted here, not {value.type.lower()}.", remedy, 0)
            return scope.keep(value)
    except DependsOnBrokenError:
        return None
    except ExpressionError as error:
        scope.report(path, text, error)
        return None


def _columns(scope: FrameScope, value: Value, number: int) -> list[tuple[str, str]]:
    error = value.error or '"none"'
    if value.error is None:
        error = scope.keep(Value("CAST(NULL AS VARCHAR)", "VARCHAR", nullable=True)).sql
    return [(value.sql.strip('"'), f"rule{number}"), (error.strip('"'), f"error{number}")]

"""Compiles ``map`` and ``check``: record lets, then child frames in file order, then the header."""

from __future__ import annotations

from gp_prestashop.mapping.catalog import Catalog
from gp_prestashop.mapping.decide_compiler import compile_condition
from gp_prestashop.mapping.flow_errors import DependsOnBrokenError, ExpressionError, did_you_mean
from gp_prestashop.mapping.joins import base_sql
from gp_prestashop.mapping.model import Check, Flow, FramePart, MapPart
from gp_prestashop.mapping.outputs import as_let, as_output
from gp_prestashop.mapping.program import Collect, Emit, Program
from gp_prestashop.mapping.relation import Shared
from gp_prestashop.mapping.schedule import schedule
from gp_prestashop.mapping.scope import Definition, FrameScope, Report
from gp_prestashop.mapping.shapes import Column, DocumentShape, Frame, ResourceShape
from gp_prestashop.mapping.values import Value, error_text

__all__ = ["MapCompiler"]

Path = tuple[str | int, ...]


class _Part:
    """One mapped frame part: its scope, what it sends, what can be wrong, and which of its rows there are."""

    def __init__(self, frame: str, scope: FrameScope) -> None:
        self.frame = frame
        self.scope = scope
        self.outputs: list[tuple[str, str]] = []
        self.errors: list[tuple[str, str]] = []
        self.keep: str | None = None


class MapCompiler:
    """One use. ``lineage`` is there after ``compile``."""

    def __init__(
        self, flow: Flow, resource: ResourceShape, document: DocumentShape, shared: Shared, report: Report
    ) -> None:
        self.flow = flow
        self.document = document
        self.shared = shared
        self.report = report
        self.catalog = Catalog(resource, shared)
        self.record = FrameScope("record", "rec", shared, self.catalog, report)
        self.mapped: dict[str, list[FrameScope]] = {}
        self.parts: list[_Part] = []
        self.lineage: dict[str, tuple[str, ...]] = {}

    def compile(self) -> Program:
        for name, text in self.flow.map.let.items():
            self.record.definitions[name] = Definition(text, ("map", "let", name), is_output=False, finish=as_let)
        self.record.windows_allowed = False
        self._define_all(self.record)
        for name, frame_parts in self.flow.map.frames.items():
            shape = self.document.frame(name)
            if shape is None:
                continue
            scopes = [self._child(name, shape, part, index) for index, part in enumerate(frame_parts)]
            self.mapped[name] = [scope for scope in scopes if scope is not None]
        self._header()
        self._schedule_all()
        return self.shared.program

    def _child(self, name: str, shape: Frame, part: FramePart, index: int) -> FrameScope | None:
        path: Path = ("map", name, index)
        own = None
        if part.from_ != "record":
            own = self.catalog.resource.frame(part.from_)
            if own is None or not own.path:
                known = ["record", *(frame.name for frame in self.catalog.resource.frames if frame.path)]
                error = ExpressionError(f"There is no source frame {part.from_}.", did_you_mean(part.from_, known))
                self.report((*path, "from"), None, error)
                return None
        table = f"p{len(self.parts)}"
        scope = FrameScope(
            name, table, self.shared, self.catalog, self.report, own, self.record, self.mapped, part.repeat
        )
        self._part(name, shape, part, scope, path)
        return scope

    def _header(self) -> None:
        shape = self.document.frames[0]
        scope = FrameScope("header", "header", self.shared, self.catalog, self.report, None, self.record, self.mapped)
        self._part("header", shape, self.flow.map.header, scope, ("map", "header"))

    def _part(self, name: str, shape: Frame, part: MapPart, scope: FrameScope, path: Path) -> None:
        compiled = _Part(name, scope)
        self.parts.append(compiled)
        outputs = self._definitions(shape, part, scope, path)
        if isinstance(part, FramePart) and part.when is not None:
            scope.windows_allowed = False
            keep = compile_condition(scope, f"{name}.when", (*path, "when"), part.when)
            scope.windows_allowed = True
            if keep is not None:
                compiled.keep = keep.sql.strip('"')
                self._may_fail(compiled, keep, "when")
        self._define_all(scope)
        for column in outputs:
            value = scope.values.get(column)
            if value is not None:
                compiled.outputs.append((value.sql.strip('"'), column))
                self._may_fail(compiled, value, column)
                known = self.lineage.get(f"{name}.{column}", ())
                self.lineage[f"{name}.{column}"] = tuple(sorted({*known, *value.sources}))
        for index, check in enumerate(self.flow.check):
            if check.frame == name:
                self._check(compiled, check, index)

    def _definitions(self, shape: Frame, part: MapPart, scope: FrameScope, path: Path) -> list[str]:
        """Declare lets and outputs; returns the outputs' names."""
        for name, text in part.let.items():
            scope.definitions[name] = Definition(text, (*path, "let", name), is_output=False, finish=as_let)
        outputs = []
        for name, text in part.columns.items():
            column = shape.column(name)
            if column is None:
                known = [one.name for one in shape.columns]
                error = ExpressionError(f"{name} is not a column of {scope.name}.", did_you_mean(name, known))
                self.report((*path, name), None, error)
            elif name in scope.definitions:
                self.report((*path, name), None, ExpressionError(f"{name} is both a let and a column of {scope.name}."))
            else:
                outputs.append(name)
                finish = as_output(self._target_column(column, scope.name))
                scope.definitions[name] = Definition(text, (*path, name), is_output=True, finish=finish)
        unmapped = [column.name for column in shape.columns if column.required and column.name not in part.columns]
        if unmapped:
            self.report(path, None, ExpressionError(f"{scope.name} must also map {', '.join(unmapped)}."))
        return outputs

    def _target_column(self, column: Column, frame: str) -> Column:
        if frame == "header" and column.name == self.flow.target.key and not column.required:
            return Column(column.name, column.type, required=True, max_length=column.max_length)
        return column

    def _define_all(self, scope: FrameScope) -> None:
        for name in scope.definitions:
            try:
                scope.define(name)
            except DependsOnBrokenError:
                continue
            except ExpressionError as error:
                self.report(scope.definitions[name].path, scope.definitions[name].text, error)

    def _check(self, part: _Part, check: Check, index: int) -> None:
        scope, owner = part.scope, f"{part.frame}.{check.code}"
        when = None
        if check.when is not None:
            when = compile_condition(scope, owner, ("check", index, "when"), check.when)
        holds = compile_condition(scope, owner, ("check", index, "assert"), check.assert_)
        if holds is None or (check.when is not None and when is None):
            return
        sentence = (check.because or f"The check '{check.code}' does not hold.").replace("{", "(").replace("}", ")")
        site = self.shared.site(check.code, sentence, severity=check.severity)
        arms = [f"WHEN {holds.error} IS NOT NULL THEN {holds.error}"] if holds.error else []
        arms += [f"WHEN {holds.sql} IS TRUE THEN NULL"]
        sql = f"CASE {' '.join(arms)} ELSE {error_text(site)} END"
        uses = holds.uses
        if when is not None:
            failed = f"WHEN {when.error} IS NOT NULL THEN {when.error}" if when.error else ""
            sql = f"CASE {failed} WHEN {when.sql} IS TRUE THEN {sql} END"
            uses |= when.uses
        with scope.owned(owner):
            cell = scope.keep(Value(sql, "VARCHAR", uses=uses, nullable=True))
        part.errors.append((cell.sql.strip('"'), check.code))

    def _may_fail(self, part: _Part, value: Value, column: str) -> None:
        if value.error is not None:
            part.errors.append((value.error.strip('"'), f"{part.frame}.{column}"))
        part.errors += [(warning, f"{part.frame}.{column}") for warning in sorted(value.warns)]

    def _schedule_all(self) -> None:
        """Now that all uses are known: what each relation needs of the others, and in which order it is computed."""
        ops = self.shared.program.ops
        self._table(self.record, set(), None)
        for part in self.parts:
            wanted = {name for name, _ in (*part.outputs, *part.errors)} | part.scope.exports
            self._table(part.scope, wanted, part.keep)
        for part in self.parts:
            if part.errors:
                ops.append(Collect(part.scope.table, tuple(part.errors)))
        for part in self.parts:
            ops.append(Emit(part.scope.table, part.frame, tuple(part.outputs)))
        self.shared.program.sources += self.catalog.tables()

    def _table(self, scope: FrameScope, wanted: set[str], keep: str | None) -> None:
        given = {column for columns in scope.needs.values() for column in columns}
        base = base_sql(scope)
        self.shared.program.ops += schedule(scope, scope.table, base, given, wanted | scope.exports, keep)

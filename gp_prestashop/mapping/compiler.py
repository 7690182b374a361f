"""Compiles a loaded flow against the shapes of its source and target. All mistakes are found, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gp_prestashop.mapping.binder import Binder
from gp_prestashop.mapping.compiled import CompiledFlow, Decisions, MapResult, Rule
from gp_prestashop.mapping.custom_columns import declared_document, declared_resource
from gp_prestashop.mapping.database import Limits, locked_database
from gp_prestashop.mapping.decide_compiler import compile_decisions
from gp_prestashop.mapping.flow_checks import check_heads
from gp_prestashop.mapping.flow_errors import ExpressionError, FlowError
from gp_prestashop.mapping.loader import LoadedFlow
from gp_prestashop.mapping.map_compiler import MapCompiler
from gp_prestashop.mapping.program import Program
from gp_prestashop.mapping.relation import Shared
from gp_prestashop.mapping.rules import load_hooks
from gp_prestashop.mapping.runner import Runner
from gp_prestashop.mapping.shapes import DocumentShape, LookupList, ResourceShape

__all__ = ["CompiledFlow", "Decisions", "MapResult", "Rule", "compile_flow"]


def compile_flow(
    loaded: LoadedFlow,
    resources: Mapping[str, ResourceShape],
    documents: Mapping[str, DocumentShape],
    lists: Mapping[str, LookupList],
    settings: Mapping[str, str],
    *,
    code_page: str = "cp1252",
    limits: Limits | None = None,
    tried: bool = False,
) -> tuple[CompiledFlow | None, tuple[FlowError, ...]]:
    """The flow, ready to run, or None and everything that is wrong with it.

    ``settings`` are only listed here (``setting('x')`` must name one); they are read when records are mapped. A flow that
    is ``tried`` already is not run over no record at all once more, which is most of a compilation's time.
    """
    if loaded.flow is None:
        return None, loaded.errors
    compiler = _FlowCompiler(loaded, lists, settings, code_page, limits or Limits(), tried=tried)
    return compiler.compile(resources, documents)


class _FlowCompiler:
    def __init__(
        self,
        loaded: LoadedFlow,
        lists: Mapping[str, LookupList],
        settings: Mapping[str, str],
        code_page: str,
        limits: Limits,
        *,
        tried: bool,
    ) -> None:
        assert loaded.flow is not None  # noqa: S101
        self.loaded = loaded
        self.flow = loaded.flow
        self.lists = lists
        self.settings = settings
        self.code_page = code_page
        self.limits = limits
        self.tried = tried
        self.errors: list[FlowError] = []

    def compile(
        self, resources: Mapping[str, ResourceShape], documents: Mapping[str, DocumentShape]
    ) -> tuple[CompiledFlow | None, tuple[FlowError, ...]]:
        resource = declared_resource(self.flow, resources.get(self.flow.source.resource), self.report)
        document = documents.get(self.flow.target.document)
        if resource is not None:
            resources = {**resources, resource.name: resource}
        if document is not None:
            document = declared_document(self.flow, document, self.report)
            documents = {**documents, document.name: document}
        check_heads(self.flow, resources, documents, self.report)
        if resource is None or document is None:
            return None, tuple(self.errors)
        with locked_database(self.limits, self.code_page) as connection:
            binder = Binder(connection)
            deciding, rules = compile_decisions(self.flow, resource, self._shared(binder), self.report)
            mapper = MapCompiler(self.flow, resource, document, self._shared(binder), self.report)
            mapping = mapper.compile()
        hooks, wrong = load_hooks(self.loaded.rules)
        self.errors += wrong
        if not self.errors and not self.tried:
            self._try_out(deciding, mapping)
        if self.errors:
            return None, tuple(sorted(self.errors, key=lambda error: (error.line, error.column)))
        compiled = CompiledFlow(
            self.flow,
            resource,
            document,
            deciding,
            mapping,
            rules,
            mapper.lineage,
            self.settings,
            self.code_page,
            self.limits,
            hooks,
        )
        return compiled, ()

    def report(self, path: tuple[str | int, ...], text: str | None, error: ExpressionError) -> None:
        at = (text, error.offset) if text is not None and error.offset is not None else None
        found = self.loaded.error(path, error.message, error.suggestion, at=at)
        if found not in self.errors:
            self.errors.append(found)

    def _shared(self, binder: Binder) -> Shared:
        return Shared(Program(), binder, self.lists, frozenset(iter(self.settings)))

    def _try_out(self, deciding: Program, mapping: Program) -> None:
        """Run both programs over no record at all: constants that cannot be computed show here, not on the first order."""
        blank: Mapping[str, str] = dict.fromkeys([*deciding.settings, *mapping.settings], "")
        for program in (deciding, mapping):
            batch = Runner(program, blank, self.code_page, self.limits).run([], _Nothing())
            for problem in batch.problems.get(0, []):
                frame, _, name = problem.column.partition(".")
                path = ("map", frame, name) if frame != "record" else ("map", "let", name)
                self.report(path, None, ExpressionError(problem.sentence))


class _Nothing:
    def resolve(self, *_args: Any) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return {}

"""``rules.py`` in a flow's folder (or beside an overlay): rules in Python where expressions end.

Three hooks, each optional::

    from gp_prestashop.mapping.rules import Document, Hold, SourceRecord

    def before_map(record: SourceRecord) -> None: ...                       # record.raw may be changed in place
    def after_map(document: Document, record: SourceRecord) -> None: ...    # document.frames may be changed in place
    def before_write(document: Document, action: str) -> None: ...          # may only refuse: create, change

Each gets copies, changes them in place or returns new ones, and stops its record with ``raise Hold(code, because)``. Any
other exception holds that record alone, with the code ``rule_failed``. What ``after_map`` makes goes through the
target's contract like every mapped document; ``before_write`` sees only documents that are about to be sent.
"""

from __future__ import annotations

import copy
import inspect
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from gp_prestashop.mapping.flow_errors import FlowError, did_you_mean
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["RULES_FILE", "Document", "Hold", "Hooks", "Problem", "SourceRecord", "load_hooks"]

RULES_FILE = "rules.py"
PARAMETERS = {"before_map": 1, "after_map": 2, "before_write": 2}


class Hold(Exception):
    """Raised by a rule: the record is held with this code and sentence."""

    def __init__(self, code: str, because: str, remedy: str = "") -> None:
        super().__init__(because)
        self.code = code
        self.because = because
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of a flow: those of its own ``rules.py``, then those of its overlays' in their order."""

    before: tuple[Callable[..., Any], ...] = ()
    after: tuple[Callable[..., Any], ...] = ()
    writing: tuple[Callable[..., Any], ...] = ()

    def before_map(self, records: Sequence[SourceRecord]) -> tuple[list[SourceRecord], list[Problem]]:
        """The records as the rules leave them, and why some of them stop here."""
        if not self.before:
            return list(records), []
        kept: list[SourceRecord] = []
        problems: list[Problem] = []
        for record in records:
            changed = _passed(self.before, copy.deepcopy(record), (), record.key, problems)
            if changed is not None:
                kept.append(replace(changed, key=record.key))
        return kept, problems

    def after_map(self, document: Document, record: SourceRecord, key: str, problems: list[Problem]) -> Document | None:
        """The document as the rules leave it, ``key`` the header's column that names it; None when it stops here."""
        if not self.after:
            return document
        changed: Document | None = _passed(
            self.after, copy.deepcopy(document), (copy.deepcopy(record),), record.key, problems
        )
        if changed is None:
            return None
        if len(changed.frames.get("header", ())) != 1 or changed.header.get(key) in (None, ""):
            problems.append(_failed(record.key, "after_map", f"it left no {key} in the header"))
            return None
        return replace(changed, key=str(changed.header[key]), source_key=record.key, type=document.type)

    def before_write(self, writes: Sequence[tuple[Document, str]]) -> list[Problem]:
        """Why some of these documents are not to be sent."""
        problems: list[Problem] = []
        for document, action in writes:
            if self.writing:
                _passed(self.writing, copy.deepcopy(document), (action,), document.source_key, problems)
        return problems


def load_hooks(paths: Sequence[Path]) -> tuple[Hooks, list[FlowError]]:
    """Run the files and take their hooks. Whatever is wrong with a file is an error of the flow, with its line."""
    found: dict[str, list[Callable[..., Any]]] = {name: [] for name in PARAMETERS}
    errors: list[FlowError] = []
    for path in paths:
        module = ModuleType(f"gp_prestashop_rules_{path.parent.name}")
        module.__file__ = str(path)
        try:
            code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
            exec(code, module.__dict__)  # noqa: S102  the site's own program, from its own folder
        except SyntaxError as error:
            errors.append(FlowError(path, error.lineno or 1, error.offset or 1, f"This is not Python: {error.msg}."))
        except (Exception, SystemExit) as error:  # noqa: BLE001  one broken file stops its flow only
            errors.append(FlowError(path, _line(error, path), 1, f"{type(error).__name__} while it is read: {error}."))
        else:
            errors += _take(path, module, found)
    return Hooks(*(tuple(found[name]) for name in PARAMETERS)), errors


def _take(path: Path, module: ModuleType, found: dict[str, list[Callable[..., Any]]]) -> Iterator[FlowError]:
    own = {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__code__.co_filename == str(path) and not name.startswith("_")
    }
    for name, function in own.items():
        line = function.__code__.co_firstlineno
        if name not in PARAMETERS:
            if suggestion := did_you_mean(name, PARAMETERS):
                yield FlowError(path, line, 1, f"{name} is no hook.", f"{suggestion} (or begin its name with _)")
            continue
        wanted = PARAMETERS[name]
        try:
            inspect.signature(function).bind(*range(wanted))
        except TypeError:
            yield FlowError(path, line, 1, f"{name} must take {wanted} argument{'s' if wanted > 1 else ''}.")
        else:
            found[name].append(function)


def _passed(
    rules: Sequence[Callable[..., Any]], subject: Any, more: tuple[Any, ...], key: str, problems: list[Problem]
) -> Any:
    """The subject through all rules; None when one of them stops it, which is noted."""
    kind = type(subject)
    for rule in rules:
        try:
            returned = rule(subject, *more)
        except Hold as hold:
            problems.append(Problem(key, hold.code, hold.because, column=rule.__name__, remedy=hold.remedy))
            return None
        except Exception as error:  # noqa: BLE001  it stops this record, and no other
            where = f"{Path(rule.__code__.co_filename).name}:{_line(error, Path(rule.__code__.co_filename))}"
            problems.append(_failed(key, rule.__name__, f"{type(error).__name__}: {error} ({where})"))
            return None
        if returned is not None:
            if not isinstance(returned, kind):
                what = f"it returned {type(returned).__name__}, not {kind.__name__} or nothing"
                problems.append(_failed(key, rule.__name__, what))
                return None
            subject = returned
    return subject


def _failed(key: str, rule: str, what: str) -> Problem:
    return Problem(key, "rule_failed", f"The rule {rule} failed: {what}.", column=rule, remedy="Mend rules.py.")


def _line(error: BaseException, path: Path) -> int:
    """The last line of the file that the error came through."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == str(path)]
    return (frames[-1].lineno or 1) if frames else 1

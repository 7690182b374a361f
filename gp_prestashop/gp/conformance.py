"""The conformance kit for GP: the same checks against any company that the settings name.

Reading checks change nothing. With ``write`` a marked test customer, order and deposit are entered (numbers beginning
with ``GPPSTEST``), which stay in the company: use a test company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.gp.conformance_write import write_checks
from gp_prestashop.gp.documents import document_shapes
from gp_prestashop.gp.expectations import UnmetExpectationError, expect
from gp_prestashop.gp.lookups import lookup_lists
from gp_prestashop.gp.reference import tables
from gp_prestashop.gp.target import GpTarget
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

__all__ = ["CheckResult", "run_conformance"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check. ``seconds`` is how long it took."""

    name: str
    ok: bool
    sentence: str
    seconds: float


def run_conformance(settings: GpSettings, *, write: bool = False, clock: Clock | None = None) -> Iterator[CheckResult]:
    """Run all checks in order; each failure is a result, never an exception."""
    clock = clock or SystemClock()
    target = GpTarget(settings, clock)
    try:
        for probe in target.doctor():
            yield CheckResult(f"probe: {probe.name}", probe.ok, probe.sentence, 0.0)
            if not probe.ok and probe.name == "GP server":
                return
        checks = {**read_checks(target), **(write_checks(target) if write else {})}
        for name, check in checks.items():
            started = clock.monotonic()
            try:
                sentence, ok = check(), True
            except (GpPrestashopError, UnmetExpectationError) as error:
                sentence, ok = str(error) or type(error).__name__, False
            yield CheckResult(name, ok, sentence, clock.monotonic() - started)
    finally:
        target.close()


def read_checks(target: GpTarget) -> dict[str, Callable[[], str]]:
    """Each returns a sentence, or raises with what is wrong."""
    lists = {f"look-up: {name}": _lookup_check(target, name) for name in lookup_lists()}
    return {
        "columns: keys and lengths": lambda: _columns(target),
        "text: trimmed": lambda: _trimmed(target),
        "guard: nothing is found for unknown keys": lambda: _unknown_keys(target),
        "changes: pages of SOP10100, RM00101": lambda: _changes(target),
        **lists,
    }


def _columns(target: GpTarget) -> str:
    """Every column of the reference that this release lacks is named; the keys must all be there."""
    lacking: list[str] = []
    for name, fact in tables().items():
        if name == "taErrorCode":
            continue
        present = target.database.columns(name)
        expect(all(column in present for column in fact.key), f"{name} lacks a key column of {fact.key}")
        lacking += [f"{name}.{column}" for column in fact.columns if column not in present]
    return f"All keys are there; other columns not in this release: {', '.join(lacking) or 'none'}."


def _trimmed(target: GpTarget) -> str:
    """char columns come back blank padded; what leaves the connector has no trailing blanks."""
    table = target.database.tables.SY01500
    rows = target.database.read(sa.select(table.c.INTERID, table.c.CMPNYNAM))
    expect(rows, "SY01500 holds no company")
    expect(all(value == value.rstrip() for row in rows for value in row.values()), f"not trimmed: {rows}")
    return f"{len(rows)} companies, trimmed."


def _unknown_keys(target: GpTarget) -> str:
    unknown = "GPPSTEST-NONE"
    for name, shape in document_shapes().items():
        header = {column.name: None for column in shape.frames[0].columns}
        header |= dict.fromkeys(("SOPNUMBE", "CUSTNMBR", "ADRSCODE", "DOCNUMBR"), unknown)  # type: ignore[arg-type]
        document = Document("0", name, unknown, {"header": [header]})
        expect(not target.existing([document]), f"GP claims to hold the {name} {unknown}")
    return "No document of an unknown key is found."


def _changes(target: GpTarget) -> str:
    changes = target.changes()
    now = changes.now()
    counts = []
    for table, column in (("SOP10100", "SOPNUMBE"), ("RM00101", "CUSTNMBR")):
        pages = changes.changed(table, now, [column])
        counts.append(f"{table} {sum(len(page) for page in pages)}")
    return f"Changed since the server's {now:%Y-%m-%d %H:%M:%S} UTC: {', '.join(counts)}."


def _lookup_check(target: GpTarget, name: str) -> Callable[[], str]:
    def check() -> str:
        shape = lookup_lists()[name]
        columns = [column.name for column in shape.columns]
        key = tuple("0" if c.startswith("SOPTYPE") else "GPPSTEST" for c in shape.keys)
        expect(not target.lookup(name, [key], columns), f"{name} answers for an unknown key")
        return f"Readable with {', '.join(columns)}."

    return check

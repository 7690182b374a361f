"""Runs a program over a batch of records; a batch that fails is halved down to the record at fault."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.answers import ask
from gp_prestashop.mapping.arrow_rows import ordered, rows_of, texts, values_of
from gp_prestashop.mapping.binder import plain_reason
from gp_prestashop.mapping.database import Limits
from gp_prestashop.mapping.extraction import bad_values_sql, extract, typed_sql
from gp_prestashop.mapping.program import MOST_TEXT, Collect, Compute, Emit, Op, Program, Resolve
from gp_prestashop.mapping.references import References
from gp_prestashop.mapping.session import Session, TooMuchText, session_of
from gp_prestashop.mapping.shapes import Problem, SourceRecord
from gp_prestashop.mapping.values import Site, read_error

__all__ = ["Batch", "Runner"]

VECTOR = 2048


@dataclass
class Batch:
    """What came of a batch. ``rows``: frame → rows with ``r``, the record's place; ``problems``: by the record's place."""

    sites: Sequence[Site]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)

    def problem(self, key: str, error: str, column: str) -> Problem:
        """The problem that an error of the program stands for."""
        number, arguments = read_error(error)
        site = self.sites[number]
        return Problem(
            key, site.code, _fill(site.sentence, arguments), site.severity, column, _fill(site.remedy, arguments)
        )

    def add(self, place: int, problem: Problem) -> None:
        """The same sentence is said once for each record."""
        known = self.problems.setdefault(place, [])
        if all((one.code, one.sentence) != (problem.code, problem.sentence) for one in known):
            known.append(problem)

    def take(self, other: Batch, places: Sequence[int]) -> None:
        """Add what came of a part of this batch; ``places`` are its records' places here."""
        for frame, rows in other.rows.items():
            self.rows.setdefault(frame, []).extend({**row, "r": places[row["r"]]} for row in rows)
        for place, problems in other.problems.items():
            self.problems.setdefault(places[place], []).extend(problems)


class _CellError(Exception):
    def __init__(self, owner: str, reason: str) -> None:
        super().__init__(reason)
        self.owner = owner
        self.reason = reason


class Runner:
    """Each batch runs in a locked database that no other uses at the time."""

    def __init__(self, program: Program, settings: Mapping[str, str], code_page: str, limits: Limits) -> None:
        self.program = program
        self.settings = settings
        self.code_page = code_page
        self.limits = limits

    def tables(self, records: Sequence[SourceRecord]) -> dict[str, pa.Table]:
        """The records' frames as Arrow tables of text."""
        return extract(self.program.sources, records)

    def run(self, records: Sequence[SourceRecord], references: References) -> Batch:
        """Never raises for a record's sake. Raises ConfigError when a setting is missing or a batch takes too long."""
        with session_of(self.program, self.limits, self.code_page) as session:
            try:
                return self._run(session, records, references)
            except duckdb.InterruptException:
                raise ConfigError(
                    "map_too_slow",
                    f"The map took more than {self.limits.seconds} seconds for {len(records)} records and was stopped.",
                    remedy="Simplify its expressions.",
                ) from None

    def _run(self, session: Session, records: Sequence[SourceRecord], references: References) -> Batch:
        try:
            return self._attempt(session, records, references, probing=False)
        except duckdb.InterruptException:
            raise
        except (duckdb.InternalException, duckdb.FatalException):
            session.reopen()
        except (duckdb.Error, TooMuchText):
            pass
        if len(records) > 1:
            return self._halves(session, records, references)
        return self._probe(session, records, references)

    def _halves(self, session: Session, records: Sequence[SourceRecord], references: References) -> Batch:
        batch, middle = Batch(self.program.sites), len(records) // 2
        for start, end in ((0, middle), (middle, len(records))):
            batch.take(self._run(session, records[start:end], references), range(start, end))
        return batch

    def _probe(self, session: Session, records: Sequence[SourceRecord], references: References) -> Batch:
        """The one record at fault, cell by cell, to name the column that fails."""
        key = records[0].key if records else ""
        try:
            return self._attempt(session, records, references, probing=True)
        except _CellError as failed:
            problem = Problem(
                key, "not_computable", f"{failed.owner} cannot be computed: {failed.reason}", column=failed.owner
            )
        except TooMuchText:
            problem = Problem(key, "not_computable", "The map makes more text of this record than memory can hold.")
        except duckdb.Error as error:
            problem = Problem(key, "not_computable", f"The map cannot be computed: {plain_reason(error)}")
        return Batch(self.program.sites, {}, {0: [problem]})

    def _attempt(
        self, session: Session, records: Sequence[SourceRecord], references: References, *, probing: bool
    ) -> Batch:
        batch = Batch(self.program.sites)
        session.forget()  # of the attempt before
        with session.watched():
            self._load(session, records, batch)
        if batch.problems:
            good = [index for index in range(len(records)) if index not in batch.problems]
            batch.take(self._run(session, [records[index] for index in good], references), good)
            return batch
        for resolves, ops in groupby(self.program.ops, lambda op: isinstance(op, Resolve)):
            if resolves:  # the other systems' time is not the map's
                self._resolve(session, ops, references)
            else:
                with session.watched():
                    self._follow(session, ops, records, batch, probing=probing)
        return batch

    def _load(self, session: Session, records: Sequence[SourceRecord], batch: Batch) -> None:
        tables = self.tables(records)
        if len(records) > 1 and max(rows.num_rows for rows in tables.values()) > self._most_rows(session):
            raise TooMuchText
        for table, rows in tables.items():
            session.put(f"raw_{table}", rows)
        for source in self.program.sources:
            session.make(source.table, typed_sql(source))
            if not pc.any(session.table(source.table)["bad"]).as_py():
                continue
            session.make(f"{source.table}_bad", bad_values_sql(source))
            for place, *errors in rows_of(session.table(f"{source.table}_bad")):
                for (column, *_), error in zip(source.columns, errors, strict=True):
                    if error is not None:
                        batch.add(place, batch.problem(records[place].key, error, column))
        if self.program.settings:
            values = {column: texts([self.settings[name]]) for name, column in self.program.settings.items()}
            session.put("settings", pa.Table.from_arrays([*values.values()], [*values]))

    def _most_rows(self, session: Session) -> int:
        """DuckDB computes VECTOR rows at a time, and does not count the text that it makes meanwhile."""
        growing = max((op.growing for op in self.program.ops if isinstance(op, Compute)), default=0)
        each = growing * MOST_TEXT
        return sys.maxsize if each * VECTOR <= session.memory else session.memory // each

    def _resolve(self, session: Session, ops: Iterable[Op], references: References) -> None:
        for op in ops:
            assert isinstance(op, Resolve)  # noqa: S101
            session.extend(op.table, ask(session.table(op.table), op, references, self.program.asked), op.answered)

    def _follow(
        self, session: Session, ops: Iterable[Op], records: Sequence[SourceRecord], batch: Batch, *, probing: bool
    ) -> None:
        for op in ops:
            if isinstance(op, Compute):
                self._compute(session, op, probing=probing)
            elif isinstance(op, Collect):
                self._collect(session, op, records, batch)
            elif isinstance(op, Emit):
                self._emit(session, op, batch)

    def _compute(self, session: Session, op: Compute, *, probing: bool) -> None:
        sql = op.base
        for step in op.steps:
            if isinstance(step, str):
                sql = f"SELECT * FROM ({sql}) q WHERE {step}"
                continue
            if probing:
                for cell in step:
                    try:
                        session.execute(f"SELECT {cell.sql} FROM ({sql}) q")
                    except duckdb.Error as error:
                        raise _CellError(cell.owner, plain_reason(error)) from None
            cells = ", ".join(f'{cell.sql} AS "{cell.name}"' for cell in step)
            sql = f"SELECT *, {cells} FROM ({sql}) q"
        columns = ", ".join(f'"{column}"' for column in op.columns)
        types = dict(zip(op.columns, op.types, strict=True))
        session.make(op.table, f"SELECT {columns} FROM ({sql}) q", types, fan=op.fan)

    def _collect(self, session: Session, op: Collect, records: Sequence[SourceRecord], batch: Batch) -> None:
        table = session.table(op.table)
        failed = [(error, column) for error, column in op.errors if table[error].null_count < table.num_rows]
        if not failed:
            return
        table = ordered(table.select(["r", "i", *(error for error, _ in failed)]))
        for place, _, *errors in rows_of(table):
            for (_, column), error in zip(failed, errors, strict=True):
                if error is not None:
                    batch.add(place, batch.problem(records[place].key, error, column))

    def _emit(self, session: Session, op: Emit, batch: Batch) -> None:
        internal = dict.fromkeys(name for name, _ in op.columns)
        table = ordered(
            session.table(op.table).select(["r", "i", *(name for name in internal if name not in {"r", "i"})])
        )
        values = {name: values_of(table[name]) for name in table.column_names}
        names = ["r", *(name for _, name in op.columns)]
        columns = [values["r"], *(values[name] for name, _ in op.columns)]
        batch.rows.setdefault(op.frame, []).extend(
            dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)
        )


def _fill(template: str, arguments: Sequence[str]) -> str:
    for index, argument in enumerate(arguments):
        template = template.replace(f"{{{index}}}", argument)
    return template

"""Runs a program over a batch of records; a batch that fails is halved down to the record at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.answers import ask
from gp_prestashop.mapping.binder import plain_reason
from gp_prestashop.mapping.database import Limits, locked_database, watched
from gp_prestashop.mapping.extraction import bad_values_sql, extract, typed_sql
from gp_prestashop.mapping.program import Collect, Compute, Emit, Program, Resolve
from gp_prestashop.mapping.references import References
from gp_prestashop.mapping.shapes import Problem, SourceRecord
from gp_prestashop.mapping.values import Site, read_error

__all__ = ["Batch", "Runner"]


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
    """Each batch runs in a locked database of its own."""

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
        try:
            return self._attempt(records, references, probing=False)
        except duckdb.InterruptException:
            raise ConfigError(
                "map_too_slow",
                f"The map took more than {self.limits.seconds} seconds for {len(records)} records and was stopped.",
                remedy="Simplify its expressions.",
            ) from None
        except duckdb.Error:
            if len(records) > 1:
                return self._halves(records, references)
        return self._probe(records, references)

    def _halves(self, records: Sequence[SourceRecord], references: References) -> Batch:
        batch, middle = Batch(self.program.sites), len(records) // 2
        for start, end in ((0, middle), (middle, len(records))):
            batch.take(self.run(records[start:end], references), range(start, end))
        return batch

    def _probe(self, records: Sequence[SourceRecord], references: References) -> Batch:
        """The one record at fault, cell by cell, to name the column that fails."""
        key = records[0].key if records else ""
        try:
            return self._attempt(records, references, probing=True)
        except _CellError as failed:
            problem = Problem(
                key, "not_computable", f"{failed.owner} cannot be computed: {failed.reason}", column=failed.owner
            )
        except duckdb.Error as error:
            problem = Problem(key, "not_computable", f"The map cannot be computed: {plain_reason(error)}")
        return Batch(self.program.sites, {}, {0: [problem]})

    def _attempt(self, records: Sequence[SourceRecord], references: References, *, probing: bool) -> Batch:
        batch = Batch(self.program.sites)
        with locked_database(self.limits, self.code_page) as connection:
            self._load(connection, records, batch)
            if batch.problems:
                good = [index for index in range(len(records)) if index not in batch.problems]
                rest = self.run([records[index] for index in good], references) if good else Batch(batch.sites)
                batch.take(rest, good)
                return batch
            for op in self.program.ops:
                if isinstance(op, Compute):
                    self._compute(connection, op, probing=probing)
                elif isinstance(op, Resolve):
                    ask(connection, op, references, self.program.asked)
                elif isinstance(op, Collect):
                    self._collect(connection, op, records, batch)
                else:
                    self._emit(connection, op, batch)
        return batch

    def _load(self, connection: Any, records: Sequence[SourceRecord], batch: Batch) -> None:
        for table, rows in self.tables(records).items():
            connection.register(f"raw_{table}", rows)
        for source in self.program.sources:
            if source.columns:
                with watched(connection, self.limits.seconds):
                    bad = connection.execute(bad_values_sql(source)).fetchall()
                for place, *errors in bad:
                    for (column, *_), error in zip(source.columns, errors, strict=True):
                        if error is not None:
                            batch.add(place, batch.problem(records[place].key, error, column))
            connection.execute(f"CREATE TEMP TABLE {source.table} AS {typed_sql(source)}")
        if self.program.settings:
            values = {column: self.settings[name] for name, column in self.program.settings.items()}
            picked = ", ".join(f'CAST(? AS VARCHAR) AS "{column}"' for column in values)
            connection.execute(f"CREATE TEMP TABLE settings AS SELECT {picked}", list(values.values()))

    def _compute(self, connection: Any, op: Compute, *, probing: bool) -> None:
        sql = op.base
        for step in op.steps:
            if isinstance(step, str):
                sql = f"SELECT * FROM ({sql}) q WHERE {step}"
                continue
            if probing:
                for cell in step:
                    try:
                        connection.execute(f"SELECT {cell.sql} FROM ({sql}) q").fetchall()
                    except duckdb.Error as error:
                        raise _CellError(cell.owner, plain_reason(error)) from None
            cells = ", ".join(f'{cell.sql} AS "{cell.name}"' for cell in step)
            sql = f"SELECT *, {cells} FROM ({sql}) q"
        with watched(connection, self.limits.seconds):
            connection.execute(f"CREATE TEMP TABLE {op.table} AS {sql}")

    def _collect(self, connection: Any, op: Collect, records: Sequence[SourceRecord], batch: Batch) -> None:
        columns = ", ".join(f'"{error}"' for error, _ in op.errors)
        failed = " OR ".join(f'"{error}" IS NOT NULL' for error, _ in op.errors)
        rows = connection.execute(f'SELECT "r", {columns} FROM {op.table} WHERE {failed} ORDER BY "r", "i"').fetchall()
        for place, *errors in rows:
            for (_, column), error in zip(op.errors, errors, strict=True):
                if error is not None:
                    batch.add(place, batch.problem(records[place].key, error, column))

    def _emit(self, connection: Any, op: Emit, batch: Batch) -> None:
        columns = "".join(f', "{internal}"' for internal, _ in op.columns)
        rows = connection.execute(f'SELECT "r"{columns} FROM {op.table} ORDER BY "r", "i"').fetchall()
        names = ["r", *(name for _, name in op.columns)]
        batch.rows.setdefault(op.frame, []).extend(dict(zip(names, row, strict=True)) for row in rows)


def _fill(template: str, arguments: Sequence[str]) -> str:
    for index, argument in enumerate(arguments):
        template = template.replace(f"{{{index}}}", argument)
    return template

"""What a caller of the procedures sees: signatures, parameters and results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Definition", "KnownError", "Parameter", "ProcedureResult", "Signature", "definitions"]


@dataclass(frozen=True)
class Parameter:
    """`name` without @, e.g. I_vSOPTYPE; `default` as T-SQL's literal text ('' for an empty one), None for NULL."""

    name: str
    sql_type: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class Signature:
    """A procedure's input parameters and its OUTPUT parameters, each in declared order."""

    name: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]


@dataclass(frozen=True)
class ProcedureResult:
    """Values of the OUTPUT parameters by name, the return status and (never for these procedures) result sets."""

    outputs: dict[str, object]
    return_status: int = 0
    result_sets: tuple[object, ...] = ()


@dataclass(frozen=True)
class KnownError:
    """An error number that a procedure raises, in the place it has in the procedure's text."""

    number: int
    kind: str
    meaning: str
    parameters: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """A procedure: its signature and its error numbers in order."""

    signature: Signature
    errors: tuple[KnownError, ...]

    @property
    def order(self) -> dict[int, int]:
        return {error.number: place for place, error in enumerate(self.errors)}


@cache
def definitions() -> Mapping[str, Definition]:
    """Every procedure of the stand-in, by its own spelling of its name."""
    raw = json.loads(files(__package__).joinpath("data/procedures.json").read_text(encoding="utf-8"))
    return MappingProxyType({name: _definition(name, entry) for name, entry in raw.items()})


def _definition(name: str, entry: dict[str, list[list[object]]]) -> Definition:
    inputs = tuple(
        Parameter(str(n), str(t), bool(r), None if d is None else str(d)) for n, t, r, d in entry["parameters"]
    )
    outputs = tuple(Parameter(str(n), str(t)) for n, t in entry["outputs"])
    errors = tuple(
        KnownError(int(str(number)), str(kind), str(meaning), _strings(parameters), _strings(tables))
        for number, kind, meaning, parameters, tables in entry["errors"]
    )
    return Definition(Signature(name, inputs, outputs), errors)


def _strings(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else ()

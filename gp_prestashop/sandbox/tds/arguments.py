"""The arguments of a procedure call, as SQL Server binds them: by name, each in its parameter's type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.sandbox.gp.calls import Parameter, Signature
from gp_prestashop.sandbox.tds.sql_error import SqlError

__all__ = ["bind"]


def bind(procedure: str, signature: Signature, given: Mapping[str, Any]) -> dict[str, object]:
    """By the parameters' names without ``@``. Raises SqlError 8145 (unknown), 201 (required) or 8114 (wrong type)."""
    known = {_bare(parameter).lower(): parameter for parameter in signature.parameters}
    outputs = {_bare(parameter).lower() for parameter in signature.outputs}
    arguments: dict[str, object] = {}
    for name, value in given.items():
        if name.lower() in outputs:
            continue
        parameter = known.get(name.lower())
        if parameter is None:
            raise SqlError(8145, f"@{name} is not a parameter for procedure {procedure}.")
        arguments[_bare(parameter)] = _converted(value, parameter)
    for parameter in signature.parameters:
        if parameter.required and _bare(parameter) not in arguments:
            raise SqlError(
                201,
                f"Procedure or function '{procedure}' expects parameter '{parameter.name}', which was not supplied.",
            )
    return arguments


def _bare(parameter: Parameter) -> str:
    return parameter.name.lstrip("@")


def _converted(value: Any, parameter: Parameter) -> Any:
    """Text that is longer than a char parameter is cut silently, as SQL Server does."""
    kind = parameter.sql_type.lower()
    if value is None:
        return None
    try:
        if kind.startswith(("char", "varchar")):
            size = re.search(r"\((\d+)\)", kind)
            text = value if isinstance(value, str) else str(value)
            return text[: int(size[1])] if size else text
        if kind.startswith("numeric"):
            return Decimal(str(value))
        if kind == "datetime":
            return datetime.fromisoformat(value) if isinstance(value, str) and value else (value or None)
        if kind in ("int", "integer", "smallint", "tinyint"):
            return int(value)
    except (ValueError, InvalidOperation) as error:
        raise SqlError(8114, f"Error converting data type varchar to {kind}.") from error
    return value

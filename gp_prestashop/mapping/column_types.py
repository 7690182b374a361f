"""Column types as flows declare them: ``integer``, ``decimal(20,6)``, ``varchar(51)``, ``date`` …"""

from __future__ import annotations

import re

from gp_prestashop.mapping.shapes import Column

__all__ = ["COLUMN_TYPE", "declared_column"]

COLUMN_TYPE = (
    r"^(integer|bigint|boolean|date|timestamp|text|varchar(\([1-9][0-9]{0,6}\))?"
    r"|decimal\(([1-9]|[12][0-9]|3[0-8]),([0-9]|[12][0-9]|3[0-8])\))$"
)
_PARTS = re.compile(r"^(\w+)(?:\(([0-9]+)(?:,([0-9]+))?\))?$")


def declared_column(name: str, text: str, *, required: bool = False) -> Column:
    """``varchar(51)`` is VARCHAR of at most 51 characters; ``text`` VARCHAR of any length."""
    match = _PARTS.match(text)
    if match is None:
        raise ValueError(f"{text} is no column type")
    kind, first, second = match.groups()
    if kind in ("text", "varchar"):
        return Column(name, "VARCHAR", required=required, max_length=int(first) if first else None)
    type_ = f"DECIMAL({first},{second})" if kind == "decimal" else kind.upper()
    return Column(name, type_, required=required)

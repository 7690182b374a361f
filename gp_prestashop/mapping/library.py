"""The whole function library: importing this registers every function."""

from __future__ import annotations

from gp_prestashop.mapping import (
    functions_dates,
    functions_macros,
    functions_money,
    functions_rows,
    functions_text,
    functions_units,
)
from gp_prestashop.mapping.functions import LIBRARY, Function

__all__ = ["LIBRARY", "Function"]

MODULES = (functions_dates, functions_macros, functions_money, functions_rows, functions_text, functions_units)

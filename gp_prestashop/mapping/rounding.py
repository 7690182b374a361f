"""Exact rounding and division as SQL over whole numbers, with PrestaShop's rounding modes.

Modes (orders.round_mode): 0 up and 1 down are PHP's ceil and floor, so towards plus and minus infinity; 2 half up and
3 half down are away from and towards zero; 4 half even; 5 half odd. The default is 2, as PrestaShop's and PHP's own.
"""

from __future__ import annotations

from gp_prestashop.mapping.values import spell_decimal

__all__ = ["DEFAULT_MODE", "MODES", "MOST_DECIMALS", "power_of_ten", "quotient", "rescaled", "unscaled"]

MODES = {0: "up", 1: "down", 2: "half up", 3: "half down", 4: "half even", 5: "half odd"}
DEFAULT_MODE = "2"
MOST_DECIMALS = 6  # of a rounding whose number of decimals is a column


def unscaled(sql: str, scale: int) -> str:
    """The digits of a decimal as a whole number: 8.063000 → 8063000."""
    if scale == 0:
        return f"CAST({sql} AS HUGEINT)"
    return f"CAST(CAST({sql} AS DECIMAL(38,{scale})) * CAST({10**scale} AS DECIMAL(38,0)) AS HUGEINT)"


def rescaled(sql: str, scale: int) -> str:
    """The whole number back as a decimal of this scale."""
    if scale == 0:
        return f"CAST({sql} AS DECIMAL(38,0))"
    unit = "0." + "0" * (scale - 1) + "1"
    return f"CAST({sql} AS DECIMAL(38,0)) * CAST({unit} AS {spell_decimal(scale, scale)})"


def power_of_ten(sql: str, most: int) -> str:
    """10 to the power of a whole number from 0 to ``most``; NULL beyond."""
    powers = ", ".join(f"CAST({10**n} AS HUGEINT)" for n in range(most + 1))
    return f"CASE WHEN {sql} BETWEEN 0 AND {most} THEN [{powers}][CAST({sql} AS INTEGER) + 1] END"


def quotient(over: str, under: str, mode: str) -> str:
    """``over / under`` as a whole number, rounded by the mode (SQL). Both are atomic whole numbers; ``under`` may be negative."""
    negative = f"(({over} < 0) <> ({under} < 0))"
    whole = f"(abs({over}) // abs({under}))"
    rest = f"(abs({over}) % abs({under}))"
    twice = f"(2 * {rest})"
    odd = f"({whole} % 2 = 1)"
    more = {
        "0": f"{rest} > 0 AND NOT {negative}",
        "1": f"{rest} > 0 AND {negative}",
        "2": f"{twice} >= abs({under})",
        "3": f"{twice} > abs({under})",
        "4": f"{twice} > abs({under}) OR ({twice} = abs({under}) AND {odd})",
        "5": f"{twice} > abs({under}) OR ({twice} = abs({under}) AND NOT {odd})",
    }
    if mode in more:
        step = f"CASE WHEN {more[mode]} THEN 1 ELSE 0 END"
    else:
        arms = " ".join(f"WHEN {number} THEN {condition}" for number, condition in more.items())
        step = f"CASE WHEN CASE {mode} {arms} END THEN 1 ELSE 0 END"
    return f"(CASE WHEN {negative} THEN -1 ELSE 1 END * ({whole} + {step}))"

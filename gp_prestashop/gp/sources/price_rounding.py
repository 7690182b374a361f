"""How GP rounds a price that it works out of a percentage (IV00107), as far as the columns say it.

ROUNDTO is 1 none, 2 up, 3 down, 4 to nearest; ROUNDHOW 0 none, 1 multiple of, 2 ends in; RNDGAMNT is the amount (ranges:
errors 7111 to 7114 of taIVCreateItemPriceListLine; names, in order: the web services' RoundTo and RoundHow). Nothing says
whether GP first cuts what it worked out to the currency's decimals, nor which way an exact half goes. Where that would make
a difference the price is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["PriceRounding"]

NONE, UP, DOWN, NEAREST = 1, 2, 3, 4
MULTIPLE_OF, ENDS_IN = 1, 2
PLACES = 5
LAST = Decimal(1).scaleb(-PLACES)


@dataclass(frozen=True, slots=True)
class PriceRounding:
    """A row of IV00107. ``by`` is an amount of the price list's currency."""

    to: int
    how: int
    by: Decimal

    @property
    def does_nothing(self) -> bool:
        return self.to == NONE or self.by == 0

    def of(self, amount: Decimal, decimals: int) -> Decimal | None:
        """The rounded price; None where the columns leave it open. ``decimals`` are the currency's."""
        if self.does_nothing:
            return amount
        exact = self._of(amount.quantize(LAST, ROUND_HALF_UP))
        cut = self._of(amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
        return exact if exact == cut else None

    def _of(self, amount: Decimal) -> Decimal | None:
        grid = self._grid()
        if grid is None:
            return None
        start, step = grid
        number = _units(amount)
        below = start + (number - start) // step * step
        above = below if below == number else below + step
        match self.to:
            case 2:
                found = above
            case 3:
                found = below
            case 4 if above == below or above - number != number - below:
                found = above if above - number < number - below else below
            case _:
                return None
        return Decimal(found).scaleb(-PLACES) if found > 0 else None

    def _grid(self) -> tuple[int, int] | None:
        """The prices there may be: one of them, and how far they are apart; in units of the last decimal."""
        by = _units(self.by)
        if self.how == MULTIPLE_OF and by > 0:
            return 0, by
        if self.how == ENDS_IN and self.by >= Decimal("0.1"):  # x.95, x9.95; of 0.05 it is not said where it starts
            return by, 10 ** (PLACES + (len(str(int(self.by))) if self.by >= 1 else 0))
        return None


def _units(amount: Decimal) -> int:
    return int(amount.scaleb(PLACES).to_integral_value(ROUND_HALF_UP))

"""How GP rounds a price that it works out of a percentage (IV00107), as far as the columns say it.

ROUNDTO is 1 none, 2 up, 3 down, 4 to nearest; ROUNDHOW 0 none, 1 multiple of, 2 ends in; RNDGAMNT is the amount (ranges:
errors 7111 to 7114 of taIVCreateItemPriceListLine; names, in order: the web services' RoundTo and RoundHow). Nothing says
whether GP first cuts what it worked out to the currency's decimals, which way an exact half goes, nor how far apart the
prices are that end in an amount. Where that would make a difference the price is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["PriceRounding"]

NONE = 1
MULTIPLE_OF = 1
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
        step, number = _units(self.by), _units(amount)
        if self.how != MULTIPLE_OF or step <= 0:
            return None
        below = number // step * step
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


def _units(amount: Decimal) -> int:
    return int(amount.scaleb(PLACES).to_integral_value(ROUND_HALF_UP))

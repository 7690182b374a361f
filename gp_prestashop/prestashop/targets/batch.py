"""Many documents in one request, where a refusal does not say which of them it means.

A request is no transaction: entities before a failing one are saved, those after it are not tried. So after a failure
the shop is asked what it holds, what is not there yet is halved and sent again, until the failing document is alone and
the only one that is held. A call whose answer never came may still be running: it is left in doubt, never sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gp_prestashop.engine.protocols import Outcome
from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.prestashop.targets.handler import Action

__all__ = ["BatchRun", "Result"]

LOST = "write_unanswered"

Result = Outcome | GpPrestashopError
Write = tuple[Document, Action]


class BatchRun:
    """``send`` makes one request; ``read_back`` says for each document what the shop holds of it: an Outcome where it is as
    wanted, an error where it never will be, None where it is not (yet)."""

    def __init__(
        self, send: Callable[[Sequence[Write]], None], read_back: Callable[[Sequence[Write]], Sequence[Result | None]]
    ) -> None:
        self._send = send
        self._read_back = read_back
        self._writes: Mapping[int, Write] = {}
        self._results: dict[int, Result] = {}
        self._sent: list[int] = []
        self._begun = False

    def run(self, writes: Sequence[Write]) -> list[Result]:
        """One result for each, in order. Raises Transient or ConfigError when nothing at all was written."""
        self._writes = dict(enumerate(writes))
        if writes:
            self._attempt(list(self._writes))
            self._confirm()
        return [self._results[number] for number in self._writes]

    def _attempt(self, numbers: list[int]) -> None:
        try:
            self._send([self._writes[number] for number in numbers])
        except (Transient, ConfigError) as error:
            if not self._begun:
                raise
            self._results |= dict.fromkeys(numbers, error)
        except InDoubt as error:
            if _may_still_run(error):
                self._begun = True
                self._results |= dict.fromkeys(numbers, error)
            else:
                self._divide(numbers, error)
        except (DataError, Refused) as error:
            self._divide(numbers, error)
        else:
            self._begun = True
            self._sent += numbers

    def _divide(self, numbers: list[int], error: GpPrestashopError) -> None:
        """The request is over and was refused somewhere: what it saved is done, the rest goes again in halves."""
        self._begun = True
        states = self._asked(numbers, error)
        left = []
        for number, state in zip(numbers, states, strict=True):
            if state is None:
                left.append(number)
            else:
                self._results[number] = state
        if len(numbers) == 1 and left:
            self._results[left[0]] = _held(error)
        elif left:
            middle = (len(left) + 1) // 2
            for half in (left[:middle], left[middle:]):
                if half:
                    self._attempt(half)

    def _confirm(self) -> None:
        unread = InDoubt("not_read_back", "It was sent, and could not be read back.")
        for number, state in zip(self._sent, self._asked(self._sent, unread), strict=True):
            key = self._writes[number][0].key
            self._results[number] = state or InDoubt(
                "read_back_differs", f"The shop took {key}, and shows something else."
            )

    def _asked(self, numbers: Sequence[int], error: GpPrestashopError) -> Sequence[Result | None]:
        try:
            return self._read_back([self._writes[number] for number in numbers]) if numbers else []
        except GpPrestashopError:
            return [InDoubt(error.code, error.sentence, details=error.details) for _ in numbers]


def _may_still_run(error: InDoubt) -> bool:
    """No answer, or one of something before the shop (502, 504). A 500 is PHP's own last word: the call is over."""
    return LOST in (error.code, error.details.get("cause")) and error.details.get("status") != 500


def _held(error: GpPrestashopError) -> GpPrestashopError:
    """What fails by itself is held; also what the shop no longer has, since it may come back."""
    return DataError(
        str(error.details.get("cause", error.code)), error.sentence, remedy=error.remedy, details=error.details
    )

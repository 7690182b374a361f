"""Misbehaviour on demand, by a piece of the statement's text."""

from __future__ import annotations

from dataclasses import dataclass

from gp_prestashop.sandbox.faults import FaultBook

__all__ = ["Fault", "Faults"]

KINDS = ("delay", "close_before", "close_after", "deadlock", "lock_timeout")


@dataclass
class Fault:
    """``text`` must be in the statement; ``count`` statements are affected; ``seconds`` for a delay.

    close_before: the connection ends before the statement runs; close_after: it runs, and the answer never comes
    (on COMMIT: committed, then reset); deadlock: 1205, rolled back; lock_timeout: 1222.
    """

    kind: str
    text: str = ""
    count: int = 1
    seconds: int = 1


class Faults(FaultBook[Fault]):
    """Those of one server."""

    def __init__(self) -> None:
        super().__init__(Fault, KINDS)

    def take(self, sql: str) -> Fault | None:
        """The fault for this statement, used up by one."""
        return self.use_up(lambda fault: fault.text in sql)

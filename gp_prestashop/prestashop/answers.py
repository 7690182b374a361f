"""An answer of the shop, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["READS", "Answer"]

READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` are read without regard to case. ``resource`` is what was asked for, for sentences."""

    method: str
    resource: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_read(self) -> bool:
        return self.method in READS

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

"""What a conformance check says when GP does otherwise."""

from __future__ import annotations

__all__ = ["UnmetExpectationError", "expect"]


class UnmetExpectationError(Exception):
    """A conformance check failed; the text says what was found."""


def expect(condition: object, found: str) -> None:
    """Raise :class:`UnmetExpectationError` with ``found`` unless the condition holds."""
    if not condition:
        raise UnmetExpectationError(found)

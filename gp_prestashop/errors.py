"""Errors, cut by what to do next.

    GpPrestashopError
    ├── Transient          try again, with back-off and jitter
    │   └── RateLimited    try again after ``retry_after`` seconds
    ├── InDoubt            a write whose answer never came: ask the target, never send again
    ├── DataError          this record cannot go as it is: hold it, others go on
    ├── Refused            the target said no for good: dead letter with the decoded reason
    └── ConfigError        stop the flow and say what to set

Every error carries a stable ``code`` (for filters and tests), a ``sentence`` that a shopkeeper understands, and
where there is one a ``remedy``: what to do about it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["ConfigError", "DataError", "GpPrestashopError", "InDoubt", "RateLimited", "Refused", "Transient"]


class GpPrestashopError(Exception):
    """Base of all errors that this package raises on purpose.

    ``details`` holds evidence for the log and the dead letter (first bytes of a body, error numbers); never secrets.
    """

    def __init__(self, code: str, sentence: str, *, remedy: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(sentence if not remedy else f"{sentence} {remedy}")
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.details: dict[str, Any] = details or {}


class Transient(GpPrestashopError):
    """Nothing was done and the cause passes by itself: retry."""


class RateLimited(Transient):
    """The other side asks for patience; ``retry_after`` is in seconds."""

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        retry_after: int = 60,
        remedy: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code, sentence, remedy=remedy, details=details)
        self.retry_after = retry_after


class InDoubt(GpPrestashopError):
    """A write was sent and its outcome is unknown."""


class DataError(GpPrestashopError):
    """The record cannot be delivered as it is; a person, a rule or another record can release it."""


class Refused(GpPrestashopError):
    """The target refused the document for good."""


class ConfigError(GpPrestashopError):
    """A setting is missing or wrong: no record can go until it is mended."""

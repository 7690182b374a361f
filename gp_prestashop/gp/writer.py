"""What both writers (eConnect, web services) implement."""

from __future__ import annotations

from typing import Literal, Protocol

from gp_prestashop.engine.protocols import Outcome
from gp_prestashop.mapping.shapes import Document

__all__ = ["Action", "Writer"]

Action = Literal["create", "change"]


class Writer(Protocol):
    """Writes one document as one transaction.

    The document is complete: the target has already assigned the batch (BACHNUMB) and the posting date. The target
    builds ``EconnectWriter(database)`` or ``WebServicesWriter(settings, company_id)``.
    """

    def write(self, document: Document, action: Action) -> Outcome:
        """Raises Transient (nothing was done), InDoubt (no answer), DataError (hold), Refused (dead), ConfigError,
        and :class:`~gp_prestashop.gp.errors.AlreadyThere` or :class:`~gp_prestashop.gp.errors.BatchClosed`."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...

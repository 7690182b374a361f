"""The engine's errors as Dagster's: one policy decides retries in the op, and run retries look at tags only.

Dagster has three retry mechanisms that know nothing of each other; a permanent failure must stop all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from gp_prestashop.engine.policy import may_retry
from gp_prestashop.errors import GpPrestashopError, RateLimited

__all__ = ["translated_errors"]

OP_RETRIES = 2


@contextmanager
def translated_errors() -> Iterator[None]:
    """Transient errors ask for a retry of the step; all others fail it for good, with the sentence and the remedy."""
    try:
        yield
    except GpPrestashopError as error:
        if may_retry(error):
            wait = error.retry_after if isinstance(error, RateLimited) else 15
            raise dg.RetryRequested(max_retries=OP_RETRIES, seconds_to_wait=wait) from error
        raise dg.Failure(
            description=str(error), metadata={"code": error.code, "remedy": error.remedy or "-"}, allow_retries=False
        ) from error

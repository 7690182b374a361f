"""What the handler of one document type does for the shop target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.mapping.shapes import Document, DocumentShape, Problem

__all__ = ["Action", "BatchHandler", "Handler", "owned", "write_one"]

Action = Literal["create", "change"]


class Handler(Protocol):
    """One document type. ``shape().frames[0]`` is the header."""

    def shape(self) -> DocumentShape: ...

    def preflight(self, documents: Sequence[Document]) -> list[Problem]: ...

    def existing(self, documents: Sequence[Document]) -> Mapping[str, Existing]: ...

    def write(self, document: Document, action: Action) -> Outcome: ...


@runtime_checkable
class BatchHandler(Protocol):
    """A handler that writes many documents in one request."""

    def write_many(self, writes: Sequence[tuple[Document, Action]]) -> Sequence[Outcome | GpPrestashopError]: ...


def write_one(handler: BatchHandler, document: Document, action: Action) -> Outcome:
    """A batch of one. Raises what went wrong with it."""
    (result,) = handler.write_many([(document, action)])
    if isinstance(result, Outcome):
        return result
    raise result


def owned(document: Document) -> Mapping[str, Any]:
    """The header's columns that a change may touch and that have a value."""
    return {
        name: value
        for name, value in document.header.items()
        if value is not None and (not document.owns or name in document.owns)
    }

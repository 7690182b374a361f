"""Tracking numbers to ``order_carriers``, and states to ``order_histories``, once each.

A history row collides on nothing: posting a state again adds a second row and, with e-mails on, a second message. So an
order's history is read before and after, and a state that it ever had is not posted again. An order that is in one of
the final states (delivered, cancelled, refunded) is not taken out of it, nor one that the shop has shipped out of a state
that says so while nothing of it has left in GP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, InDoubt
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.targets.handler import Action
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["FulfilmentHandler"]

LONGEST = 64  # order_carrier.tracking_number
NOT_LEFT = frozenset({"open", "back_ordered"})  # statuses in GP
_SEPARATORS = re.compile(r"\s*[;|\\]\s*")
_REFUSED = re.compile(r"[^~:#,%&_=()\[\].? +@/a-zA-Z0-9-]+")  # PrestaShop's isTrackingNumber takes the others


@dataclass(slots=True)
class _Order:
    """What the shop holds: the state now, all it ever had, and the carrier row (the last one) with its number."""

    state: str
    shipped: bool = False  # whether that is a state of goods that have left
    states: list[str] = field(default_factory=list)
    carrier: int | None = None
    tracking: str = ""


class FulfilmentHandler:
    """The document ``order_status``; its key is the order's id."""

    def __init__(self, client: Callable[[], PrestaShopClient], writer: Callable[[], ShopWriter]) -> None:
        self._client = client
        self._writer = writer

    def shape(self) -> DocumentShape:
        header = Frame(
            "header",
            (
                Column("id", "BIGINT", required=True, title="id_order"),
                Column("status", title="The order's status in GP; not sent: open and back_ordered undo no shipment"),
                Column("email", "BOOLEAN", title="Whether the state's e-mail goes to the customer"),
                Column("final_states", title="States that are never left, with commas"),
            ),
        )
        states = Frame("states", (Column("id_order_state", "BIGINT", required=True),), ("states",))
        tracking = Frame("tracking", (Column("number", required=True, max_length=LONGEST),), ("tracking",))
        return DocumentShape("prestashop", "order_status", ("id",), (header, states, tracking))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        orders = self._orders(documents)
        return {
            document.key: _compared(document, orders[document.key]) for document in documents if document.key in orders
        }

    def write(self, document: Document, action: Action) -> Outcome:  # noqa: ARG002
        """Only what is missing; the order is read again first, and once more after."""
        order = self._orders([document]).get(document.key)
        if order is None:
            raise DataError(
                "order_gone", f"Order {document.key} is not in the shop.", remedy="Find out who deleted it."
            )
        if "tracking_number" in _difference(document, order):
            if order.carrier is None:
                raise DataError("no_carrier_row", f"Order {document.key} has no carrier that a number could go to.")
            change = {"id": order.carrier, "tracking_number": _numbers(document)}
            self._writer().update("order_carriers", [change])
        missing = _missing(document, order)
        self._check(missing)
        for state in missing:
            entity = {"id_order": document.key, "id_order_state": state}
            mail = {"sendemail": "1"} if document.header.get("email") else {}
            self._writer().create("order_histories", [entity], **mail)
        after = self._orders([document])[document.key]
        if left := _difference(document, after):
            raise InDoubt(
                "read_back_differs", f"Order {document.key} took {', '.join(left)}, and shows something else."
            )
        return Outcome("changed", document.key, {"tracking_number": after.tracking, "state": after.state})

    def _check(self, states: Sequence[str]) -> None:
        """The shop answers a state that it does not have with an empty 500: doubt, at each attempt again."""
        client = self._client()
        pages = client.keyed("order_states", "id", states, display=("id",)) if states else ()
        there = {str(row["id"]) for page in pages for row in page}
        if absent := [state for state in states if state not in there]:
            raise DataError(
                "state_unknown",
                f"The shop has no order state {absent[0]}.",
                remedy="Correct the value map fulfilment_states: it wants ids of Orders > Statuses.",
            )

    def _orders(self, documents: Sequence[Document]) -> dict[str, _Order]:
        client, wanted = self._client(), list(dict.fromkeys(document.key for document in documents))
        found: dict[str, _Order] = {}
        for page in client.keyed("orders", "id", wanted, display=("id", "current_state")):
            found |= {row["id"]: _Order(str(row["current_state"])) for row in page}
        states = sorted({found[one.key].state for one in documents if one.key in found and _not_left(one)})
        for page in client.keyed("order_states", "id", states, display=("id", "shipped")) if states else ():
            left = {str(row["id"]) for row in page if str(row.get("shipped")) == "1"}
            for shown in found.values():
                shown.shipped = shown.shipped or shown.state in left
        for page in client.keyed("order_histories", "id_order", wanted, display=("id", "id_order", "id_order_state")):
            for row in page:
                if order := found.get(str(row["id_order"])):
                    order.states.append(str(row["id_order_state"]))
        for page in client.keyed("order_carriers", "id_order", wanted, display=("id", "id_order", "tracking_number")):
            for row in sorted(page, key=lambda row: int(row["id"])):
                if order := found.get(str(row["id_order"])):
                    order.carrier, order.tracking = int(row["id"]), str(row.get("tracking_number") or "")
        return found


def _numbers(document: Document) -> str:
    """All tracking numbers, as many as the field holds."""
    text = ""
    for number in dict.fromkeys(_writable(str(row["number"])) for row in document.frames.get("tracking", ())):
        longer = f"{text}, {number}" if text else number
        if number and len(longer) <= LONGEST:
            text = longer
    return text


def _writable(number: str) -> str:
    """Without the signs that would have the shop refuse all of an order's numbers."""
    return " ".join(_REFUSED.sub(" ", _SEPARATORS.sub(", ", number)).split())


def _missing(document: Document, order: _Order) -> list[str]:
    """States to post: those that the order never had, unless it has come to its end or is further on."""
    if _stays(document, order):
        return []
    wanted = dict.fromkeys(str(row["id_order_state"]) for row in document.frames.get("states", ()))
    return [state for state in wanted if state not in order.states]


def _stays(document: Document, order: _Order) -> bool:
    return order.state in _final(document) or (order.shipped and _not_left(document))


def _not_left(document: Document) -> bool:
    return document.header.get("status") in NOT_LEFT


def _final(document: Document) -> set[str]:
    return {part.strip() for part in str(document.header.get("final_states") or "").split(",")}


def _difference(document: Document, order: _Order) -> dict[str, tuple[Any, Any]]:
    difference: dict[str, tuple[Any, Any]] = {}
    numbers = _numbers(document)
    if numbers and order.tracking != numbers:
        difference["tracking_number"] = (order.tracking, numbers)
    if missing := _missing(document, order):
        difference["state"] = (order.state, ", ".join(missing))
    return difference


def _compared(document: Document, order: _Order) -> Existing:
    difference = _difference(document, order)
    wanted = [str(row["id_order_state"]) for row in document.frames.get("states", ())]
    kept: Mapping[str, tuple[Any, Any]] = {}
    if _stays(document, order) and any(state not in order.states for state in wanted):
        kept = {"state": (order.state, ", ".join(wanted))}
    return Existing(ours=True, same=not difference, status="work", difference=difference, conflicts=kept)

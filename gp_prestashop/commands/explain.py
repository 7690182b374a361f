"""``explain ORDER``: where each cent of an order went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Protocol, runtime_checkable

import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.engine.dry_run import dry_run
from gp_prestashop.engine.engine import Engine
from gp_prestashop.engine.fingerprint import from_json
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.explain import Explanation, explain_order
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import open_engine

__all__ = ["explain"]

FLOW = "sales_orders"


@runtime_checkable
class Findable(Protocol):
    """A source that can look records up by something else than their key."""

    def find(self, resource: str, field: str, value: str) -> list[str]: ...


def explain(
    order: Annotated[str, typer.Argument(help="The order's id or reference in the shop.")],
    *,
    as_json: Json = False,
) -> None:
    """The shop's amounts beside the columns of GP's document that hold them; they add up to what the customer paid."""
    with explained_errors():
        settings = load_settings()
        with open_engine(settings) as engine:
            found = [_explain(engine, key) for key in _ids(engine, order)]
        if as_json:
            print_json([one.as_json() for one in found])
        else:
            for one in found:
                print_explanation(one)


def print_explanation(one: Explanation) -> None:
    rows = [
        (entry.what, "" if entry.shop is None else f"{entry.shop:f}", entry.column, f"{entry.gp:f}", entry.because)
        for entry in one.entries
    ]
    rows.append(("Total", f"{one.total_paid:f}", "DOCAMNT", f"{one.total:f}", "Paid by the customer."))
    rate = f", at {one.rate:f} for one of GP's own currency" if one.rate else ""
    print_table(
        f"Order {one.order} is {one.document}, in {one.currency}{rate}", ["what", "shop", "column", "GP", "why"], rows
    )
    if one.total != one.total_paid:
        console.print("[red]The document does not come to what the customer paid.[/]")


def _ids(engine: Engine, order: str) -> list[str]:
    """By id, or every order of a reference (split orders share one)."""
    if order.isdigit():
        return [order]
    source = engine.parts.source(engine.parts.flow(FLOW))
    found = source.find("orders", "reference", order) if isinstance(source, Findable) else []
    if not found:
        raise ConfigError("no_order", f"The shop has no order with the id or reference {order!r}.")
    return found


def _explain(engine: Engine, key: str) -> Explanation:
    """The document as it was sent, or as it would be sent now."""
    sent = engine.parts.ledger.sent(FLOW, key)
    if sent:
        return explain_order(sent[0], from_json(sent[1]), _decimals(engine, sent[0]))
    raw, document = _as_it_would_be(engine, key)
    return explain_order(raw, document, _decimals(engine, raw))


def _as_it_would_be(engine: Engine, key: str) -> tuple[Mapping[str, Any], Document]:
    flow = engine.parts.flow(FLOW)
    selection = Selection(keys=(key,))
    raw = next((r.raw for page in engine.parts.source(flow).read("orders", selection) for r in page), None)
    if raw is None:
        raise ConfigError("no_order", f"The shop has no order {key}.")
    result = dry_run(engine.parts, FLOW, selection)
    if not result.documents:
        why = [p.sentence for p in result.problems] or [because for _, because in result.ignored.values()]
        # One cause may stop several of its parts.
        said = " ".join(dict.fromkeys(why))
        raise DataError("no_document", f"Order {key} does not become a document in GP: {said}")
    return raw, result.documents[0]


def _decimals(engine: Engine, order: Mapping[str, Any]) -> int:
    parts = engine.parts
    flow = parts.flow(FLOW)
    key = (str(order["id_currency"]),)
    iso = parts.source(flow).lookup("prestashop.currencies", [key], ["iso_code"]).get(key, {}).get("iso_code")
    found = parts.target(flow).lookup("gp.currencies", [(str(iso),)], ["decimals"]).get((str(iso),))
    return int(found["decimals"]) if found else 2

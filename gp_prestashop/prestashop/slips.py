"""What an order slip pays back. PrestaShop keeps a slip's lines by the order's, and no currency with it.

Added to the slip's own fields: ``refund`` (with tax, goods and shipping), ``id_currency`` (of its order), ``lines`` (the
slip's details with the item, name and taxes of their order lines), ``line_taxes`` (one row for each tax of the lines, with
its base and amount) and ``tax_ids`` (``|1|3|``). ``several_taxes``: a line has more than one tax, whose shares the slip
does not tell. ``pieces``: how many pieces of goods came back; 0 for shipping or an amount alone. A line's ``restocked`` is
``all``, ``none`` or ``some`` of what came back of it so far, as the shop's stock has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.mapping.shapes import Column, Frame

__all__ = ["SLIP_COLUMNS", "SLIP_FRAMES", "complete_slip"]

MONEY = "DECIMAL(20,6)"
SLIP_COLUMNS = (
    Column("refund", MONEY, title="Paid back with tax, goods and shipping"),
    Column("id_currency", "BIGINT", title="The order's currency"),
    Column("tax_ids", title="The taxes of the lines, as |1|3|"),
    Column("several_taxes", "BOOLEAN", title="Whether a line has more than one tax"),
    Column("pieces", "BIGINT", title="Pieces of goods that came back"),
)
SLIP_FRAMES = (
    Frame(
        "lines",
        (
            Column("id_order_detail", "BIGINT"),
            Column("product_id", "BIGINT"),
            Column("product_attribute_id", "BIGINT"),
            Column("product_reference"),
            Column("product_name"),
            Column("product_quantity", "BIGINT"),
            Column("amount_tax_excl", MONEY),
            Column("amount_tax_incl", MONEY),
            Column("id_tax", "BIGINT"),
            Column("restocked", title="How much of what came back is in the shop's stock again: all, none or some"),
        ),
        ("lines",),
    ),
    Frame("line_taxes", (Column("id", "BIGINT"), Column("base", MONEY), Column("tax_amount", MONEY)), ("line_taxes",)),
)
OF_THE_ORDER = ("product_id", "product_attribute_id", "product_reference", "product_name")


def complete_slip(slip: dict[str, Any]) -> dict[str, Any]:
    """``slip`` has its companions ``order`` and ``order_details``; the latter go, since the lines hold what matters."""
    details = {str(row["id"]): row for row in slip.pop("order_details", None) or []}
    order = slip.get("order") or {}
    lines, several, pieces = [], False, 0
    taxes: dict[str, tuple[Decimal, Decimal]] = {}
    for row in slip.get("order_slip_details") or []:
        detail: Mapping[str, Any] = details.get(str(row.get("id_order_detail")), {})
        ids = [str(tax["id"]) for tax in detail.get("taxes") or []]
        several = several or len(ids) > 1
        net, gross = _money(row.get("amount_tax_excl")), _money(row.get("amount_tax_incl"))
        if ids:
            base, tax = taxes.get(ids[0], (Decimal(0), Decimal(0)))
            taxes[ids[0]] = (base + net, tax + gross - net)
        same = {name: detail.get(name) for name in OF_THE_ORDER}
        quantity = _count(row.get("product_quantity"))
        pieces += quantity
        lines.append({**row, **same, "id_tax": ids[0] if ids else None, "restocked": _restocked(detail, quantity)})
    refund = _money(slip.get("total_products_tax_incl")) + _money(slip.get("total_shipping_tax_incl"))
    return slip | {
        "refund": f"{refund:f}",
        "id_currency": order.get("id_currency"),
        "lines": lines,
        "line_taxes": [
            {"id": id_, "base": f"{base:f}", "tax_amount": f"{tax:f}"} for id_, (base, tax) in taxes.items()
        ],
        "tax_ids": "".join(f"|{id_}" for id_ in taxes) + "|",
        "several_taxes": "1" if several else "0",
        "pieces": str(pieces),
    }


def _restocked(detail: Mapping[str, Any], quantity: int) -> str:
    """The order's line counts over all its slips: what is between nothing and all cannot be told by slip."""
    back = max(quantity, *(_count(detail.get(f"product_quantity_{how}")) for how in ("refunded", "return")))
    stocked = _count(detail.get("product_quantity_reinjected"))
    return "none" if not stocked else "all" if stocked >= back else "some"


def _count(text: Any) -> int:
    return max(int(_money(text)), 0)


def _money(text: Any) -> Decimal:
    """Unreadable amounts count as nothing here; the contract holds their record."""
    try:
        value = Decimal(str(text or 0))
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)

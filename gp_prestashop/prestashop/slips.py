"""What an order slip pays back. PrestaShop keeps a slip's lines by the order's, and no currency with it.

Added to the slip's own fields: ``goods_tax_excl`` (paid back for goods), ``refund`` (with tax, goods and shipping),
``id_currency`` (of its order), ``lines`` (the slip's details with the item, name and taxes of their order lines),
``tax_of_goods`` (what the lines' rates make of it) and ``line_taxes`` (one row for each tax of the lines, with its base and
amount; of the order's lines, where the slip has none and pays back all goods, or these have one tax).
``several_taxes``: a line has more than one tax, whose shares the slip does not tell. ``pieces``: how many pieces
of goods came back; 0 for shipping or an amount alone. A line's ``restocked`` is ``all``, ``none`` or ``some`` of what came
back of it so far, as the shop's stock has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gp_prestashop.mapping.shapes import Column, Frame
from gp_prestashop.prestashop.slip_amounts import goods_paid_back
from gp_prestashop.prestashop.slip_numbers import count, money

__all__ = ["SLIP_COLUMNS", "SLIP_FRAMES", "complete_slip"]

MONEY = "DECIMAL(20,6)"
SIX = Decimal("0.000001")
SLIP_COLUMNS = (
    Column("goods_tax_excl", MONEY, title="Paid back for goods, without tax"),
    Column("tax_of_goods", MONEY, title="Tax on the goods at the lines' rates"),
    Column("refund", MONEY, title="Paid back with tax, goods and shipping"),
    Column("id_currency", "BIGINT", title="The order's currency"),
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
    of_order = slip.pop("order_details", None) or []
    details = {str(row["id"]): row for row in of_order}
    order = slip.get("order") or {}
    own = slip.get("order_slip_details") or []
    lines, several, pieces = [], False, 0
    taxes: dict[str, tuple[Decimal, Decimal]] = {}
    line_gross = line_tax = line_net = Decimal(0)
    for row in own:
        detail: Mapping[str, Any] = details.get(str(row.get("id_order_detail")), {})
        ids = _taxes(detail)
        several = several or len(ids) > 1
        net, gross = money(row.get("amount_tax_excl")), money(row.get("amount_tax_incl"))
        line_net, line_gross, line_tax = line_net + net, line_gross + gross, line_tax + gross - net
        if ids:
            base, tax = taxes.get(ids[0], (Decimal(0), Decimal(0)))
            taxes[ids[0]] = (base + net, tax + gross - net)
        same = {name: detail.get(name) for name in OF_THE_ORDER}
        quantity = count(row.get("product_quantity"))
        pieces += quantity
        lines.append({**row, **same, "id_tax": ids[0] if ids else None, "restocked": _restocked(detail, quantity)})
    goods, with_tax = goods_paid_back(slip, order, own)
    tax_of_goods = line_tax * with_tax / line_gross if line_gross else with_tax - goods
    if not own and with_tax != goods:
        several, taxes = _without_lines(goods, with_tax, order, of_order)
    elif line_net:  # a voucher or an amount of choice lowers what is taxed
        taxes = {id_: ((base * goods / line_net).quantize(SIX), tax) for id_, (base, tax) in taxes.items()}
    refund = with_tax + money(slip.get("total_shipping_tax_incl"))
    return slip | {
        "goods_tax_excl": f"{goods:f}",
        "tax_of_goods": f"{tax_of_goods.quantize(SIX):f}",
        "refund": f"{refund:f}",
        "id_currency": order.get("id_currency"),
        "lines": lines,
        "line_taxes": [
            {"id": id_, "base": f"{base:f}", "tax_amount": f"{tax:f}"} for id_, (base, tax) in taxes.items()
        ],
        "several_taxes": "1" if several else "0",
        "pieces": str(pieces),
    }


def _without_lines(
    goods: Decimal, with_tax: Decimal, order: Mapping[str, Any], details: Sequence[Mapping[str, Any]]
) -> tuple[bool, dict[str, tuple[Decimal, Decimal]]]:
    """Whether a line has several taxes, and the taxes: of all the order's lines where all is paid back, or its only one."""
    several = any(len(_taxes(detail)) > 1 for detail in details)
    if {len(_taxes(detail)) for detail in details} == {1} and len({_taxes(detail)[0] for detail in details}) == 1:
        return several, {_taxes(details[0])[0]: (goods, with_tax - goods)}
    taxes: dict[str, tuple[Decimal, Decimal]] = {}
    if (goods, with_tax) == (money(order.get("total_products")), money(order.get("total_products_wt"))):
        for detail in details:
            for id_ in _taxes(detail)[:1]:
                net, gross = money(detail.get("total_price_tax_excl")), money(detail.get("total_price_tax_incl"))
                base, tax = taxes.get(id_, (Decimal(0), Decimal(0)))
                taxes[id_] = (base + net, tax + gross - net)
    return several, taxes


def _taxes(detail: Mapping[str, Any]) -> list[str]:
    return [str(tax["id"]) for tax in detail.get("taxes") or []]


def _restocked(detail: Mapping[str, Any], quantity: int) -> str:
    """The order's line counts over all its slips: what is between nothing and all cannot be told by slip."""
    back = max(quantity, *(count(detail.get(f"product_quantity_{how}")) for how in ("refunded", "return")))
    stocked = count(detail.get("product_quantity_reinjected"))
    return "none" if not stocked else "all" if stocked >= back else "some"

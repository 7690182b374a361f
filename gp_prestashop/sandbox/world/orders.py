"""From a decision what to buy to the rows that PrestaShop would have written for the order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gp_prestashop.sandbox.world.catalogue import STANDARD
from gp_prestashop.sandbox.world.delivery import Tax, Taxes
from gp_prestashop.sandbox.world.drafts import CURRENCY_RATES, Counters, Draft
from gp_prestashop.sandbox.world.lifecycle import PAID_STATES, STATES
from gp_prestashop.sandbox.world.rounding import STORED, Amount, Basket, Line, Totals, taxed
from gp_prestashop.sandbox.world.rows import Row, RowMaker, dec6, stamp

__all__ = ["OrderWriter"]


class OrderWriter:
    """Turns drafts into rows of orders, order_details, carts and everything that hangs on them."""

    def __init__(self, make: RowMaker, counters: Counters, until: datetime) -> None:
        self._make = make
        self._next = counters.next
        self._taxes = Taxes()
        self._until = until  # nothing happens after it

    def write(self, draft: Draft, *, new_cart: bool = True) -> dict[str, list[Row]]:
        rate = CURRENCY_RATES[draft.id_currency]
        country = draft.shopper.country
        taxes = [self._taxes.tax(item.article.tax_group, country) for item in draft.bought]
        lines = [
            Line(taxed(item.article.net(item.variant), rate, tax.percent, STORED), item.quantity)
            for item, tax in zip(draft.bought, taxes, strict=True)
        ]
        surcharge = sum((b.article.surcharge * b.quantity for b in draft.bought), Decimal(0))
        totals = Basket(
            lines,
            draft.round_type,
            self._taxes.shipping(draft.carrier, country, surcharge, rate) if draft.carrier else Amount(),
            self._taxes.wrapping(country, rate) if draft.gift else Amount(),
            draft.rules,
        ).totals()
        history = list(self._history(draft))
        invoiced = next((when for state, when in history if STATES[state].invoice), None)
        id_invoice = self._next("order_invoices") if invoiced else 0
        number = self._next("invoice_number") if invoiced else 0
        delivered = next((when for state, when in history if STATES[state].delivery), None)
        delivery = self._next("delivery_number") if delivered else 0
        payments = self._payments(draft, totals, history)
        details = self._details(draft, lines, taxes, id_invoice)
        rows: dict[str, list[Row]] = {
            "orders": [self._order(draft, totals, details, history, payments, number, invoiced, delivery, delivered)],
            "order_details": details,
            "order_payments": payments,
            "order_histories": [
                self._make.row(
                    "order_histories",
                    self._next("order_histories"),
                    id_employee=0 if n == 0 else 1,
                    id_order_state=state,
                    id_order=draft.id,
                    date_add=stamp(when),
                )
                for n, (state, when) in enumerate(history)
            ],
            "order_cart_rules": [
                self._make.row(
                    "order_cart_rules",
                    self._next("order_cart_rules"),
                    id_order=draft.id,
                    id_cart_rule=rule.id,
                    id_order_invoice=id_invoice,
                    name=rule.name,
                    value=dec6(value.gross),
                    value_tax_excl=dec6(value.net),
                    free_shipping=int(rule.free_shipping),
                    deleted=0,
                )
                for rule, value in zip(draft.rules, totals.rules, strict=True)
            ],
        }
        if new_cart:
            rows["carts"] = [self._cart(draft)]
        if draft.carrier:
            rows["order_carriers"] = [self._shipment(draft, totals, id_invoice, history)]
        if invoiced:
            rows["order_invoices"] = [self._invoice(draft, totals, id_invoice, number, invoiced, delivery, delivered)]
        if draft.message:
            rows["messages"] = [
                self._make.row(
                    "messages",
                    self._next("messages"),
                    id_cart=draft.id_cart,
                    id_order=draft.id,
                    id_customer=draft.shopper.id,
                    message=draft.message,
                    date_add=stamp(draft.placed),
                )
            ]
        return rows

    def _history(self, draft: Draft) -> Iterator[tuple[int, datetime]]:
        when = draft.placed
        for n, state in enumerate(draft.path):
            if n:
                when = min(when + timedelta(hours=5 * n, minutes=(draft.id * 7) % 55), max(self._until, when))
            yield state, when

    def _order(
        self,
        draft: Draft,
        totals: Totals,
        details: list[Row],
        history: list[tuple[int, datetime]],
        payments: list[Row],
        invoice: int,
        invoiced: datetime | None,
        delivery: int,
        delivered: datetime | None,
    ) -> Row:
        # Carrier::getTaxesRate, whatever the shipping costs; nothing to ship has no carrier and no rate.
        shipping_tax = self._taxes.tax(STANDARD, draft.shopper.country).percent if draft.carrier else Decimal(0)
        paid = sum((Decimal(row["amount"]) for row in payments), Decimal(0))
        return self._make.row(
            "orders",
            draft.id,
            id_address_delivery=draft.delivery.id,
            id_address_invoice=draft.invoice.id,
            id_cart=draft.id_cart,
            id_currency=draft.id_currency,
            id_lang=draft.shopper.id_lang,
            id_customer=draft.shopper.id,
            id_carrier=draft.carrier.id if draft.carrier else 0,
            current_state=draft.state,
            module=draft.method.module,
            invoice_number=invoice,
            delivery_number=delivery,
            valid=int(STATES[draft.state].logable),
            date_add=stamp(draft.placed),
            date_upd=stamp(history[-1][1]),
            shipping_number=_tracking(draft),
            secure_key=draft.shopper.secure_key,
            payment=draft.method.name,
            gift=int(draft.gift),
            gift_message="Joyeux anniversaire ! 🎁" if draft.gift and draft.id % 2 else "",
            round_mode=2,
            round_type=int(draft.round_type),
            conversion_rate=dec6(CURRENCY_RATES[draft.id_currency]),
            reference=draft.reference,
            carrier_tax_rate=f"{shipping_tax:.3f}",
            total_paid=dec6(totals.paid.gross + draft.off_by),
            total_paid_tax_incl=dec6(totals.paid.gross + draft.off_by),
            total_paid_tax_excl=dec6(totals.paid.net),
            total_paid_real=dec6(paid),
            total_products=dec6(totals.products.net),
            total_products_wt=dec6(totals.products.gross),
            **_three("total_discounts", totals.discounts),
            **_three("total_shipping", totals.shipping),
            **_three("total_wrapping", totals.wrapping),
            **({"invoice_date": stamp(invoiced)} if invoiced else {}),
            **({"delivery_date": stamp(delivered)} if delivered else {}),
            associations={"order_rows": [_order_row(detail) for detail in details]},
        )

    def _details(self, draft: Draft, lines: list[Line], taxes: list[Tax], id_invoice: int) -> list[Row]:
        rows = []
        for item, line, tax in zip(draft.bought, lines, taxes, strict=True):
            language = draft.shopper.id_lang - 1
            total = line.total(draft.round_type)
            rows.append(
                self._make.row(
                    "order_details",
                    self._next("order_details"),
                    id_order=draft.id,
                    product_id=item.article.id,
                    product_attribute_id=item.variant.id,
                    id_order_invoice=id_invoice,
                    product_name=item.article.name[language] + item.variant.name[language],
                    product_quantity=item.quantity,
                    product_quantity_in_stock=min(item.quantity, item.variant.stock),
                    product_reference=item.variant.reference,
                    product_price=dec6(line.unit.net),
                    original_product_price=dec6(line.unit.net),
                    product_weight=dec6(item.article.weight),
                    id_tax_rules_group=item.article.tax_group,
                    unit_price_tax_incl=dec6(line.unit.gross),
                    unit_price_tax_excl=dec6(line.unit.net),
                    total_price_tax_incl=dec6(total.gross),
                    total_price_tax_excl=dec6(total.net),
                    total_shipping_price_tax_excl=dec6(item.article.surcharge),
                    total_shipping_price_tax_incl=dec6(item.article.surcharge),
                    associations={"taxes": [{"id": str(tax.id)}] if tax.id else []},
                )
            )
        return rows

    def _payments(self, draft: Draft, totals: Totals, history: list[tuple[int, datetime]]) -> list[Row]:
        """A payment when the order first reaches a paid state; a part of it may come before."""
        reached = next((when for state, when in history if state in PAID_STATES), None)
        if reached is None or not draft.pays:
            return []
        due = totals.paid.gross + draft.off_by
        first = (due / draft.instalments).quantize(Decimal("0.01"))
        parts = [first] * (draft.instalments - 1)
        parts.append(due - sum(parts, Decimal(0)))
        return [
            self._make.row(
                "order_payments",
                self._next("order_payments"),
                order_reference=draft.reference,
                id_currency=draft.id_currency,
                amount=dec6(part),
                payment_method=draft.method.name,
                transaction_id=f"TX-{draft.id:06d}-{n}" if draft.method.online else "",
                date_add=stamp(reached),
            )
            for n, part in enumerate(parts, 1)
            if part
        ]

    def _cart(self, draft: Draft) -> Row:
        carrier = draft.carrier.id if draft.carrier else 0
        return self._make.row(
            "carts",
            draft.id_cart,
            id_address_delivery=draft.delivery.id,
            id_address_invoice=draft.invoice.id,
            id_currency=draft.id_currency,
            id_customer=draft.shopper.id,
            id_lang=draft.shopper.id_lang,
            id_carrier=carrier,
            gift=int(draft.gift),
            delivery_option=f'{{"{draft.delivery.id}":"{carrier},"}}' if carrier else "",
            secure_key=draft.shopper.secure_key,
            date_add=stamp(draft.placed),
            date_upd=stamp(draft.placed),
            associations={
                "cart_rows": [
                    {
                        "id_product": str(item.article.id),
                        "id_product_attribute": str(item.variant.id),
                        "id_address_delivery": str(draft.delivery.id),
                        "id_customization": "0",
                        "quantity": str(item.quantity),
                    }
                    for item in draft.bought
                ]
            },
        )

    def _shipment(self, draft: Draft, totals: Totals, invoice: int, history: list[tuple[int, datetime]]) -> Row:
        weight = sum((b.article.weight * b.quantity for b in draft.bought), Decimal(0))
        return self._make.row(
            "order_carriers",
            self._next("order_carriers"),
            id_order=draft.id,
            id_carrier=draft.carrier.id if draft.carrier else 0,
            id_order_invoice=invoice,
            weight=dec6(weight),
            shipping_cost_tax_excl=dec6(totals.shipping.net),
            shipping_cost_tax_incl=dec6(totals.shipping.gross),
            tracking_number=_tracking(draft),
            date_add=stamp(history[0][1]),
        )

    def _invoice(
        self,
        draft: Draft,
        totals: Totals,
        id_invoice: int,
        number: int,
        invoiced: datetime,
        delivery: int,
        delivered: datetime | None,
    ) -> Row:
        dates: dict[str, Any] = {"delivery_date": stamp(delivered)} if delivered else {}
        return self._make.row(
            "order_invoices",
            id_invoice,
            id_order=draft.id,
            number=number,
            delivery_number=delivery,
            total_discount_tax_excl=dec6(totals.discounts.net),
            total_discount_tax_incl=dec6(totals.discounts.gross),
            total_paid_tax_excl=dec6(totals.paid.net),
            total_paid_tax_incl=dec6(totals.paid.gross + draft.off_by),
            total_products=dec6(totals.products.net),
            total_products_wt=dec6(totals.products.gross),
            total_shipping_tax_excl=dec6(totals.shipping.net),
            total_shipping_tax_incl=dec6(totals.shipping.gross),
            total_wrapping_tax_excl=dec6(totals.wrapping.net),
            total_wrapping_tax_incl=dec6(totals.wrapping.gross),
            shop_address="Crosswind Stationery",
            date_add=stamp(invoiced),
            **dates,
        )


def _three(name: str, amount: Amount) -> dict[str, str]:
    """total_x, total_x_tax_incl and total_x_tax_excl."""
    return {name: dec6(amount.gross), f"{name}_tax_incl": dec6(amount.gross), f"{name}_tax_excl": dec6(amount.net)}


def _tracking(draft: Draft) -> str:
    shipped = any(STATES[state].shipped for state in draft.path)
    return f"CW{draft.id:010d}FR" if shipped and draft.carrier and draft.carrier.fees else ""


def _order_row(detail: Row) -> dict[str, str]:
    """orders.associations.order_rows: a few fields of each order detail."""
    same = (
        "id",
        "product_id",
        "product_attribute_id",
        "product_quantity",
        "product_name",
        "product_reference",
        "product_ean13",
        "product_isbn",
        "product_upc",
        "product_price",
        "id_customization",
        "unit_price_tax_incl",
        "unit_price_tax_excl",
    )
    return {name: detail[name] for name in same}

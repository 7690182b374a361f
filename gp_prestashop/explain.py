"""Where each cent of an order went: the shop's amounts beside the columns of GP's document that hold them.

GP's document adds up as DOCAMNT = SUBTOTAL + FREIGHT + MISCAMNT - TRDISAMT + TAXAMNT + FRTTXAMT + MSCTXAMT, and comes to
the order's ``total_paid``. The entries here carry these columns with their signs, so that they add up to it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gp_prestashop.mapping.shapes import Document

__all__ = ["Entry", "Explanation", "explain_order"]

ZERO = Decimal(0)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """``shop``: the amount as the shop says it, None where it names none. ``gp``: what GP's column adds to DOCAMNT."""

    what: str
    shop: Decimal | None
    column: str
    gp: Decimal
    because: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All entries of one order. ``currency`` is the ISO code or GP's id, as the document has it.

    ``rate``: of foreign money for one of GP's own, where the document brings the shop's.
    """

    order: str
    document: str
    currency: str
    total_paid: Decimal
    entries: tuple[Entry, ...]
    rate: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """What the entries come to; equal to ``total_paid``, or the order would have been held."""
        return _plain(sum((entry.gp for entry in self.entries), ZERO))

    def as_json(self) -> dict[str, Any]:
        return {
            "order": self.order,
            "document": self.document,
            "currency": self.currency,
            "rate": None if self.rate is None else f"{self.rate:f}",
            "total_paid": f"{self.total_paid:f}",
            "total": f"{self.total:f}",
            "entries": [
                {
                    "what": entry.what,
                    "shop": None if entry.shop is None else f"{entry.shop:f}",
                    "column": entry.column,
                    "gp": f"{entry.gp:f}",
                    "because": entry.because,
                }
                for entry in self.entries
            ],
        }


def explain_order(order: Row, document: Document, decimals: int = 2) -> Explanation:
    """``order`` as the shop sent it with its ``order_details``; ``document`` a sales order made of it.

    ``decimals`` of the currency in GP: the shop keeps six of every amount.
    """
    header = document.header
    entries = [*_lines(order, document), *_charges(order, header, decimals), *_taxes(order, document, decimals)]
    return Explanation(
        order=f"{order['id']} ({order.get('reference', '')})",
        document=document.key,
        currency=str(header.get("CURNCYID") or ""),
        total_paid=_money(order["total_paid"], decimals),
        entries=tuple(entry for entry in entries if entry.gp or entry.shop),
        rate=_exact(header["XCHGRATE"]) if header.get("XCHGRATE") else None,
    )


def _lines(order: Row, document: Document) -> Iterator[Entry]:
    details = [row for row in order["order_details"] if _exact(row["product_quantity"]) > 0]
    for detail, line in zip(details, document.frames.get("lines", ()), strict=True):
        shop, gp, quantity = (
            _exact(detail["total_price_tax_excl"]),
            _amount(line, "XTNDPRCE"),
            _amount(line, "QUANTITY"),
        )
        pieces = f"{quantity.normalize():f}"
        between = f"{pieces} x {_amount(line, 'UNITPRCE'):f}; the {shop - gp:f} between is in the residue."
        because = f"A unit price has the currency's decimals: {between}" if gp != shop else ""
        if ecotax := _exact(detail.get("ecotax")):
            because = f"{ecotax:f} a piece of it is ecotax. {because}".rstrip()
        yield Entry(f"{pieces} x {line['ITEMNMBR']} {detail['product_name']}", shop, "XTNDPRCE", gp, because)


def _charges(order: Row, header: Row, decimals: int) -> Iterator[Entry]:
    shipping, wrapping, discounts = (
        _money(order[f"total_{name}_tax_excl"], decimals) for name in ("shipping", "wrapping", "discounts")
    )
    freight, misc, trade = (_amount(header, name) for name in ("FREIGHT", "MISCAMNT", "TRDISAMT"))
    beyond = shipping - freight  # what vouchers pay of the shipping, because they exceed the lines
    up, down = misc - wrapping, trade - (discounts - beyond)
    yield Entry(
        "Shipping", shipping, "FREIGHT", freight, f"Vouchers beyond the lines pay {beyond:f} of it." if beyond else ""
    )
    yield Entry("Gift wrapping", wrapping, "MISCAMNT", wrapping)
    yield Entry(
        "Vouchers and discounts",
        -discounts,
        "TRDISAMT",
        beyond - discounts,
        f"{beyond:f} of them lower FREIGHT." if beyond else "",
    )
    rule = "What rounding left between the shop's totals and the lines: more goes to MISCAMNT, less to TRDISAMT."
    if up:
        yield Entry("Residue of rounding", None, "MISCAMNT", up, rule)
    if down:
        yield Entry("Residue of rounding", None, "TRDISAMT", -down, rule)


def _taxes(order: Row, document: Document, decimals: int) -> Iterator[Entry]:
    def tax(total: str) -> Decimal:
        return _money(_exact(order[f"{total}_tax_incl"]) - _exact(order[f"{total}_tax_excl"]), decimals)

    freight, misc = (_amount(document.header, name) for name in ("FRTTXAMT", "MSCTXAMT"))
    for what, column, gp, shop, detail in (
        ("Tax on shipping", "FRTTXAMT", freight, tax("total_shipping"), "FRTTXAMT"),
        ("Tax on gift wrapping", "MSCTXAMT", misc, tax("total_wrapping"), "MSCTXAMT"),
        # What is left of the order's tax when shipping and wrapping have theirs: vouchers lower the lines' tax.
        (
            "Tax on the lines",
            "TAXAMNT",
            _amount(document.header, "TAXAMNT"),
            tax("total_paid") - freight - misc,
            "STAXAMNT",
        ),
    ):
        ids = dict.fromkeys(str(row["TAXDTLID"]) for row in document.frames.get("taxes", ()) if row.get(detail))
        named = f"Tax detail {', '.join(ids)}." if ids and gp else ""
        waived = f"A voucher pays {shop - gp:f} of it." if shop > gp else ""
        yield Entry(what, shop, column, gp, f"{named} {waived}".strip())


def _amount(row: Row, column: str) -> Decimal:
    return _plain(Decimal(str(row.get(column) or 0)))


def _exact(value: Any) -> Decimal:
    return _plain(Decimal(str(value or 0)))


def _money(value: Any, decimals: int) -> Decimal:
    return _plain(Decimal(str(value or 0)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _plain(value: Decimal) -> Decimal:
    """Without idle zeros, but with the two decimals that people look for."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal("0.01")) if isinstance(exponent, int) and exponent > -2 else short

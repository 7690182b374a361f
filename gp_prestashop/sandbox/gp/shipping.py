"""Shipping methods that the header, customer and address nodes create when they do not exist (taCreateShippingMethod)."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["ensure_shipping_method"]


def ensure_shipping_method(node: Node, method: str) -> None:
    if method:
        node.run(
            "INSERT INTO {company}.sy03000 (shipmthd, shmthdsc, shiptype, lstusred, creatddt, modifdt)"
            " VALUES (%(method)s, %(method)s, 1, 'sa', %(today)s, %(today)s) ON CONFLICT (shipmthd) DO NOTHING",
            {"method": method, "today": node.today},
        )

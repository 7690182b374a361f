"""Accounts by their number: GL00105.ACTNUMST to ACTINDX."""

from __future__ import annotations

from collections.abc import Mapping

from gp_prestashop.sandbox.gp.node import Node

__all__ = ["account_indexes"]

_INDEXES = "SELECT actnumst, actindx FROM {company}.gl00105 WHERE actnumst = ANY(%(numbers)s::public.gp_char[])"


def account_indexes(node: Node, parameters: Mapping[str, int]) -> dict[str, int]:
    """ACTINDX for each parameter that holds an account number; its error number is noted when there is no such account."""
    given = {name: str(node[name]).strip() for name in parameters if node[name]}
    if not given:
        return {}
    rows = node.all(_INDEXES, {"numbers": list(given.values())})
    known = {row["actnumst"].upper(): row["actindx"] for row in rows}
    for name, number in given.items():
        node.error(parameters[name], when=number.upper() not in known)
    return {name: known[number.upper()] for name, number in given.items() if number.upper() in known}

"""The addresses that come with a customer: its main code and those for bill-to, ship-to and statements."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.procedures import address
from gp_prestashop.sandbox.gp.procedures.customer_checks import ADDRESS_FIELDS

__all__ = ["ensure"]

# Parameter of a code: number for a missing address with CreateAddress=0, number for a failed creation.
_CODES = {"ADRSCODE": (1406, 142), "STADDRCD": (1408, 145), "PRSTADCD": (1407, 144), "PRBTADCD": (1405, 143)}
_KNOWN = "SELECT adrscode FROM {company}.rm00102 WHERE custnmbr = %(CUSTNMBR)s"


def ensure(node: Node, x: Row) -> None:
    """CreateAddress=1 writes the main address from the node's elements and creates the others where missing."""
    known = {row["adrscode"].upper() for row in node.all(_KNOWN)}
    main = node["ADRSCODE"] or (x["adrscode"] or "").upper()
    fields = {name: node[name] for name in ADDRESS_FIELDS if node[name] is not None}
    for name, (missing, failed) in _CODES.items():
        code = main if name == "ADRSCODE" else node[name]
        if not code or (code in known and not (name == "ADRSCODE" and fields)):
            continue
        if node["CreateAddress"] == 0:
            node.error(missing, when=code not in known)
            continue
        arguments = {"CUSTNMBR": node["CUSTNMBR"], "ADRSCODE": code, **fields}
        call = node.child("taCreateCustomerAddress", arguments)
        address.execute(call)
        node.absorb(call.errors, 3692 if code in known else failed)
        known.add(code)

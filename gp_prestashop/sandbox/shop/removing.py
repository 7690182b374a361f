"""DELETE: one id in the path, or several as ``?id=[1,2]``."""

from __future__ import annotations

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Request
from gp_prestashop.sandbox.shop.behaviours import BEHAVIOURS
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.shapes import Shape

__all__ = ["remove"]

_PLAIN = Behaviour()


def remove(request: Request, shape: Shape, identifier: str) -> None:
    """Raises Refusal 404/87 before anything is removed when one of them is not there."""
    listed = request.query.get("id")
    named = listed.strip("[]").split(",") if listed is not None else [str(whole(identifier))]
    table = request.store.table(shape.name)
    missing = [one for one in named if whole(one) not in table.rows]
    if missing:
        raise Refusal(404, (87, f"Id(s) not exists: {', '.join(missing)}"))
    deleted = BEHAVIOURS.get(shape.name, _PLAIN).deleted
    for one in named:
        row = table.rows.get(whole(one))
        if row is not None and not (deleted and deleted(request, row)):
            table.remove(whole(one))

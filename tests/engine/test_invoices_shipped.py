"""Orders that are invoices in GP from the start (docs/decisions/0012-invoices.md): the shop hears of them as of orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.sandbox.gp.client import post_batch
from tests.both import both

__all__ = ["both"]

ALL = Selection()
ORDER, INVOICE, SHIPPED = 2, 3, "4"


def test_an_invoice_made_at_once_tells_the_shop_its_tracking_and_that_it_is_posted(both: Callable[..., Any]) -> None:
    here = both(orders=30, maps='order_states:\n  "3": {value: invoice}\n')
    here.house.engine.run("sales_orders", ALL)
    rows = here.house.gp("select trim(sopnumbe::text), soptype from two.sop10100 where left(sopnumbe::text, 2) = 'PS'")
    types = {str(int(str(number)[2:])): int(str(kind)) for number, kind in rows}
    delivered = here.house.engine.parts.ledger.xrefs("sales_orders", list(types))
    invoices = [order for order, kind in types.items() if kind == INVOICE and order in delivered]
    waiting = [order for order in invoices if here.store.row("orders", order)["current_state"] == "3"]
    assert len(waiting) > 2
    first, second, *_ = waiting

    def told(order: str) -> Counter[str]:
        return Counter(row["id_order_state"] for row in here.rows("order_histories", id_order=order))

    def tracking(order: str) -> str:
        return str(here.rows("order_carriers", id_order=order)[-1]["tracking_number"])

    here.house.engine.run("fulfilment", ALL)
    assert told(first)[SHIPPED] == told(second)[SHIPPED] == 0  # nothing has left yet
    here.gp("update two.sop10100 set sopstatus = 6 where sopnumbe = %s", f"PS{int(second):08d}")  # Shipped
    here.add_to_gp({"SOP10107": [{"SOPNUMBE": f"PS{int(first):08d}", "SOPTYPE": INVOICE, "Tracking_Number": "1Z-1"}]})
    since = here.house.engine.parts.clock.now()
    with psycopg.connect(here.house.gp_url) as connection, connection.cursor() as cursor:
        for (batch,) in here.house.gp(
            f"select distinct trim(bachnumb::text) from two.sop10100 where sopnumbe = 'PS{int(first):08d}'"
        ):
            cursor.execute("update two.sop10100 set bachnumb = 'LATER' where sopnumbe <> %s", (f"PS{int(first):08d}",))
            post_batch(cursor, str(batch))
    changed = {row.key for row in here.house.engine.parts.sources["gp"].changed("sales_documents", since)}
    assert f"PS{int(first):08d}" in changed
    for _ in range(2):
        here.house.engine.run("fulfilment", ALL)
    assert (told(first)[SHIPPED], tracking(first)) == (1, "1Z-1")
    assert told(second)[SHIPPED] == 1  # the warehouse says so, before anything is posted
    states = here.house.engine.parts.ledger.states_of("fulfilment", [f"PS{int(one):08d}" for one in waiting])
    assert {state.state for state in states.values()} <= {"delivered", "ignored"}

"""What maps may ask of the ledger as look-up lists: ``lookup('ledger.sales_orders', SOPNUMBE, 'source_key')``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger import tables as t
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.ledger.records import among
from gp_prestashop.mapping.shapes import Column, LookupList

__all__ = ["LedgerLists", "ledger_lists"]

SYSTEM = "ledger"


def ledger_lists(flows: Sequence[str]) -> dict[str, LookupList]:
    """For each flow its cross-references the other way round: by the document's key, the record's key and state."""
    columns = (Column("source_key"), Column("state"))
    return {f"{SYSTEM}.{name}": LookupList(f"{SYSTEM}.{name}", ("target_key",), columns) for name in flows}


class LedgerLists:
    """Implements :class:`gp_prestashop.engine.protocols.LookupProvider` over the ledger."""

    system = SYSTEM

    def __init__(self, ledger: Ledger, flows: Sequence[str]) -> None:
        self._ledger = ledger
        self._flows = tuple(flows)

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return ledger_lists(self._flows)

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """Raises ConfigError for a flow that there is not."""
        flow = name.partition(".")[2]
        if flow not in self._flows:
            raise ConfigError("lookup_unknown", f"There is no flow {flow} to look up.")
        x, r = t.cross_reference.c, t.record.c
        query = (
            select(x.target_key, x.source_key, r.state)
            .select_from(t.cross_reference.outerjoin(t.record, (r.flow == x.flow) & (r.key == x.source_key)))
            .where(x.flow == flow, x.target_key == among([key[0] for key in keys]))
            .order_by(x.source_key)
        )
        with self._ledger.engine.connect() as connection:
            rows = connection.execute(query).all()
        return {
            (row.target_key,): {
                column: {"source_key": row.source_key, "state": row.state or ""}[column] for column in columns
            }
            for row in rows
        }

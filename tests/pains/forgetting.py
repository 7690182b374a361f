"""A ledger that lost a record: GP alone knows that its document is there."""

from __future__ import annotations

from tests.house import House

__all__ = ["forget"]


def forget(house: House, flow: str, key: str) -> None:
    with house.engine.parts.ledger.engine.begin() as ledger:
        for table in ("cross_reference", "intent", "record"):
            column = "source_key" if table == "cross_reference" else "key"
            ledger.exec_driver_sql(f"delete from gpps.{table} where flow = '{flow}' and {column} = '{key}'")

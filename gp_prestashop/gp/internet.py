"""Internet addresses (SY01200) of a change: fields that the flow does not own keep what GP holds.

taCreateInternetAddresses defaults every field to blank, so what is not passed could be wiped: the stored values of the
other fields are read and passed along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.database import GpDatabase

__all__ = ["keep_stored_addresses"]

PROCEDURE = "taCreateInternetAddresses"
FIELDS = (
    *(f"INET{n}" for n in range(1, 9)),
    *("INETINFO", "Messenger_Address", "EmailToAddress", "EmailCcAddress", "EmailBccAddress"),
)


def keep_stored_addresses(database: GpDatabase, calls: Sequence[Call]) -> list[Call]:
    """The same calls, those for internet addresses completed from SY01200."""
    masters = [str(call.parameters["Master_ID"]) for call in calls if call.procedure == PROCEDURE]
    if not masters:
        return list(calls)
    table = database.tables.SY01200
    names = [name for name in FIELDS if name in database.columns("SY01200")]
    columns = [table.c[name] for name in ("Master_Type", "Master_ID", "ADRSCODE", *names)]
    stored = {
        (row["Master_Type"].upper(), row["Master_ID"].upper(), row["ADRSCODE"].upper()): row
        for row in database.read_in(table.c.Master_ID, masters, lambda c: sa.select(*columns).where(c))
    }
    completed = []
    for call in calls:
        given = call.parameters
        if call.procedure == PROCEDURE:
            key = tuple(str(given.get(name, "")).upper() for name in ("Master_Type", "Master_ID", "ADRSCODE"))
            row = stored.get((key[0], key[1], key[2]), {})
            kept = {name: row[name] for name in names if row.get(name) and name not in given}
            completed.append(replace(call, parameters={**given, **kept}))
        else:
            completed.append(call)
    return completed

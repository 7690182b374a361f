"""GP batches (SY00500) of the integration's own: ``<prefix><yymmdd>-<n>``, at most so many documents each.

eConnect does not look whether a batch is in somebody's hands, so it is looked up before each document: a batch that is
marked to post (MKDTOPST), not available (BCHSTTUS), full (NUMOFTRX) or open in a GP client (DYNAMICS..SY00800) is
passed over for the next number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.keys import key_text

__all__ = ["BatchAllocator", "is_free"]

SOURCES = ("Sales Entry", "RM_Cash", "RM_Sales")  # BCHSOURC of what we write
KEYABLE = 15  # BACHNUMB char(15)
AT_ONCE = 10  # batches asked for at a time


class BatchAllocator:
    """Names the batch of the next document. All that counts is in GP, so any number of processes may ask."""

    def __init__(self, database: GpDatabase, source: str = "Sales Entry") -> None:
        """``source``: BCHSOURC, the kind of documents. Batches of several kinds may have one name: the source tells them apart."""
        self._database: Final = database
        self._source: Final = source
        self._full = ("", 0)  # the stem of a day, and how many of its first batches were seen full

    def allocate(self, refused: Collection[str] = ()) -> str:
        """The first open batch of today; ``refused`` are names that GP has just turned down (5616, 25, 202)."""
        settings = self._database.settings.batch
        stem = f"{settings.prefix}{self._database.clock.now():%y%m%d}-"
        full = self._full[1] if self._full[0] == stem else 0
        for start in count(full + 1, AT_ONCE):
            names = [f"{stem}{number}" for number in range(start, start + AT_ONCE)]
            if len(names[-1]) > KEYABLE:
                raise AssertionError("more batches than a day can hold")
            taken = self._state(names)
            for number, name in enumerate(names, start):
                documents, open_ = taken.get(name, (0, True))
                if open_ and documents < settings.size and name not in refused:
                    return name
                if documents >= settings.size and number == full + 1:
                    full, self._full = number, (stem, number)
        raise AssertionError("unreachable")

    def foreign(self) -> list[str]:
        """Batches of other sources in our namespace: the prefix is not free then."""
        batches = self._database.tables.SY00500
        pattern = f"{self._database.settings.batch.prefix}%"
        statement = sa.select(batches.c.BACHNUMB).where(
            batches.c.BACHNUMB.like(pattern), batches.c.BCHSOURC.not_in(SOURCES)
        )
        return [row["BACHNUMB"] for row in self._database.read(statement)]

    def _state(self, names: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """(documents in it, whether it may take more) of those of these batches that there are."""
        condition = self._database.tables.SY00500.c.BACHNUMB.in_(names)
        rows = _batches(self._database, self._source, condition)
        return {key_text(row["BACHNUMB"]): (row["NUMOFTRX"], _open(row)) for row in rows}


def is_free(database: GpDatabase, source: str, batch: str) -> bool:
    """Whether nobody posts the batch or has it open; a batch that is not there is in nobody's way."""
    batches = database.tables.SY00500
    return all(_open(row) for row in _batches(database, source, batches.c.BACHNUMB.in_([batch])))


def _open(row: Row) -> bool:
    return not (row["MKDTOPST"] or row["BCHSTTUS"] or row["BUSY"])


def _batches(database: GpDatabase, source: str, condition: Any) -> list[Row]:
    batches, activity = database.tables.SY00500, database.tables.SY00800
    busy = (
        sa.select(sa.func.count())
        .select_from(activity)
        .where(
            activity.c.BCHSOURC == batches.c.BCHSOURC,
            activity.c.BACHNUMB == batches.c.BACHNUMB,
            activity.c.CMPNYNAM.in_([database.company.name]),
        )
        .scalar_subquery()
    )
    columns = [batches.c[name] for name in ("BACHNUMB", "NUMOFTRX", "MKDTOPST", "BCHSTTUS")]
    return database.read(sa.select(*columns, busy.label("BUSY")).where(batches.c.BCHSOURC.in_([source]), condition))

"""GP batches (SY00500) of the integration's own: ``<prefix><yymmdd>-<n>``, at most so many documents each.

eConnect does not look whether a batch is in somebody's hands, so it is looked up before each document: a batch that is
marked to post (MKDTOPST), not available (BCHSTTUS), full (NUMOFTRX) or open in a GP client (DYNAMICS..SY00800) is
passed over for the next number.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.gp.compare import key_text
from gp_prestashop.gp.database import GpDatabase, Row

__all__ = ["BatchAllocator", "is_free"]

SOURCES = ("Sales Entry", "RM_Cash", "RM_Sales")  # BCHSOURC of what we write
KEYABLE = 15  # BACHNUMB char(15)


class BatchAllocator:
    """Names the batch of the next document. Stateless but for GP itself, so any number of processes may ask."""

    def __init__(self, database: GpDatabase, source: str = "Sales Entry") -> None:
        """``source``: BCHSOURC, the kind of documents. Batches of several kinds may have one name: the source tells them apart."""
        self._database: Final = database
        self._source: Final = source

    def allocate(self, refused: Collection[str] = ()) -> str:
        """The first open batch of today; ``refused`` are names that GP has just turned down (5616, 25, 202)."""
        settings = self._database.settings.batch
        stem = f"{settings.prefix}{self._database.clock.now():%y%m%d}-"
        taken = {name: (documents, open_) for name, documents, open_ in self._state(stem)}
        for number in count(1):
            name = f"{stem}{number}"
            if len(name) > KEYABLE:
                raise AssertionError("more batches than a day can hold")
            documents, open_ = taken.get(name, (0, True))
            if open_ and documents < settings.size and name not in refused:
                return name
        raise AssertionError("unreachable")

    def foreign(self) -> list[str]:
        """Batches of other sources in our namespace: the prefix is not free then."""
        batches = self._database.tables.SY00500
        pattern = f"{self._database.settings.batch.prefix}%"
        statement = sa.select(batches.c.BACHNUMB).where(
            batches.c.BACHNUMB.like(pattern), batches.c.BCHSOURC.not_in(SOURCES)
        )
        return [row["BACHNUMB"] for row in self._database.read(statement)]

    def _state(self, stem: str) -> list[tuple[str, int, bool]]:
        """(name, documents in it, whether it may take more) of today's batches."""
        batches = self._database.tables.SY00500
        return [
            (key_text(row["BACHNUMB"]), row["NUMOFTRX"], _open(row))
            for row in _batches(self._database, self._source, batches.c.BACHNUMB.like(f"{stem}%"))
        ]


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

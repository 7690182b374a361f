"""The orders that show what is usual: recorded ones, as rows of the books, kept in memory and in a file.

Reading a year of raw records takes seconds, and every run is a process of its own. So the rows are kept in
``$GPPS_HOME/assist/history/<flow>.parquet`` (no names, no addresses: ids, amounts, items), and only what the file lacks is read
from the ledger. An order that changes later keeps its first rows: habits do not turn on one order.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from gp_prestashop.assist.anomalies.prestashop_orders import OrderRows, rows_of
from gp_prestashop.clock import Clock
from gp_prestashop.ledger.ledger import Ledger

__all__ = ["STATES", "SUSPECT", "OrderHistory"]

STATES = ("pending", "held", "delivered", "ignored", "dead", "in_doubt")
SUSPECT = "anomaly"  # the code of orders that are held for what they look like: they show nothing usual
MOST = 20_000  # orders kept, the newest
RECENT = 2_000  # of these always looked at
ALIKE = 40  # of each customer and each item of the orders in question
REFRESH = 600.0  # seconds
UNSAVED = 500  # orders that the file may lack
PAGE = 1_000


class OrderHistory:
    """Recorded orders of one flow. Not for several threads at once."""

    def __init__(self, ledger: Ledger, home: Path, flow: str, days: int, clock: Clock) -> None:
        self._ledger = ledger
        self._flow = flow
        self._days = days
        self._clock = clock
        self._file = home / "assist" / "history" / f"{flow}.parquet"
        self._rows: dict[str, OrderRows] = {}
        self._alike: dict[tuple[str, str], list[str]] = defaultdict(list)  # (column, value) → keys of orders
        self._saved: int | None = None
        self._read_at: float | None = None

    def refresh(self) -> None:
        """Take up what was recorded since; asks the ledger at most every ten minutes."""
        now = self._clock.monotonic()
        if self._read_at is not None and now - self._read_at < REFRESH:
            return
        self._read_at = now
        kept = self._load() if self._saved is None else self._rows
        self._saved = len(kept) if self._saved is None else self._saved
        today = self._clock.now().date()
        known = self._ledger.record_keys(self._flow, today - timedelta(days=self._days), today + timedelta(days=1))
        wanted = sorted(known, key=_in_order)[-MOST:]
        missing = [key for key in wanted if key not in kept]
        read = self._read(missing)
        self._rows, self._alike = {}, defaultdict(list)
        for key in wanted:
            if (rows := kept.get(key) or read.get(key)) is not None:
                self._add(key, rows)
        if len(read) > UNSAVED:
            self._save()

    def add(self, orders: Iterable[OrderRows]) -> None:
        """Orders that were found sound just now."""
        for rows in orders:
            if (key := rows.header["order_id"]) not in self._rows:
                self._add(key, rows)

    def drop(self, keys: Iterable[str]) -> None:
        """Orders that look wrong show nothing usual."""
        for key in keys:
            self._rows.pop(key, None)

    def around(self, orders: Sequence[OrderRows]) -> list[OrderRows]:
        """The orders to judge these by, the oldest first: the newest, and older ones of the same customers and items."""
        mine = {rows.header["order_id"] for rows in orders}
        keys = list(self._rows)
        chosen = set(keys[-RECENT:])
        for pair in {pair for rows in orders for pair in _marks(rows)}:
            chosen.update(self._alike.get(pair, ())[-ALIKE:])
        return [self._rows[key] for key in keys if key in chosen and key not in mine]

    def moments(self) -> list[datetime]:
        """When orders were made, in the shop's time without a zone, the first first; unreadable ones are left out."""
        found = (_moment(rows.header["created_at"]) for rows in self._rows.values())
        return sorted(moment for moment in found if moment is not None)

    def __len__(self) -> int:
        return len(self._rows)

    def _add(self, key: str, rows: OrderRows) -> None:
        self._rows[key] = rows
        for pair in _marks(rows):
            self._alike[pair].append(key)

    def _read(self, keys: Sequence[str]) -> dict[str, OrderRows]:
        found: dict[str, OrderRows] = {}
        for start in range(0, len(keys), PAGE):
            page = self._ledger.work(self._flow, list(keys[start : start + PAGE]), states=STATES, limit=PAGE)
            found.update({item.key: rows_of(item) for item in page if item.code != SUSPECT})
        return found

    def _load(self) -> dict[str, OrderRows]:
        try:
            frame = pd.read_parquet(self._file)
            return {key: OrderRows(**json.loads(body)) for key, body in zip(frame["key"], frame["rows"], strict=True)}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # of another version, or cut off: the ledger has it all

    def _save(self) -> None:
        """Whole or not at all: others may be reading it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame({
            "key": list(self._rows), "rows": [json.dumps(asdict(rows), default=str) for rows in self._rows.values()]
        })  # fmt: skip
        handle, name = tempfile.mkstemp(dir=self._file.parent, suffix=".part")
        os.close(handle)
        frame.to_parquet(name, index=False)
        Path(name).replace(self._file)
        self._saved = len(frame)


def _in_order(key: str) -> tuple[int, str]:
    return len(key), key


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def _marks(rows: OrderRows) -> set[tuple[str, str]]:
    """What else these orders share with others: their customer and their items."""
    return {("customer", str(rows.header["customer_id"])), *(("item", str(line["sku"])) for line in rows.lines)}

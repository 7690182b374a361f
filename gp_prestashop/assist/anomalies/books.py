"""The books that are looked at: orders, their lines, payments and GL postings, as frames.

Columns are those of ``orders.csv order_lines.csv payments.csv gl.csv``. Only ``orders`` with ``order_id`` is required: what else is
missing is a note, and the detectors that need it stay silent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gp_prestashop.errors import ConfigError, DataError

__all__ = ["Books", "Floats", "Ints", "Mask", "make_books", "read_books"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NUMBERS = {
    "orders": ("fx_rate", "tax_exempt", "subtotal", "freight", "tax_rate", "tax", "total"),
    "lines": ("line_no", "qty", "list_price", "unit_price", "promo"),
    "payments": ("amount",),
    "gl": ("debit", "credit"),
}
WORDS = {
    "orders": (
        "reference", "customer_id", "bill_country", "ship_country", "currency", "channel", "entered_by", "payment_method",
        "payment_status",
    ),
    "lines": ("sku", "category"),
    "payments": ("method", "currency"),
    "gl": ("journal", "posted_by", "account"),
}  # fmt: skip
MOMENTS = {"orders": ("created_at",), "lines": (), "payments": ("paid_at",), "gl": ("posted_at",)}
FILES = {"orders": "orders.csv", "lines": "order_lines.csv", "payments": "payments.csv", "gl": "gl.csv"}
SECONDS_A_DAY = 86400.0
COLUMNS = "Give files with commas between the values and a first line of column names."
ZONE = re.compile(r"(?<=\d)\s*(Z|[+-]\d\d:?\d\d)$")


@dataclass(frozen=True)
class Books:
    """Frames whose ``pos`` column is the order's position in ``orders`` (0…n−1); absent columns are absent."""

    orders: pd.DataFrame
    lines: pd.DataFrame
    payments: pd.DataFrame
    gl: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.orders)

    def table(self, name: str) -> pd.DataFrame:
        return {"orders": self.orders, "lines": self.lines, "payments": self.payments, "gl": self.gl}[name]

    def has(self, name: str, *columns: str) -> bool:
        """Whether the table has rows and all these columns."""
        frame = self.table(name)
        return len(frame) > 0 and all(column in frame for column in columns)

    def numbers(self, name: str, column: str) -> Floats:
        return self.table(name)[column].to_numpy(dtype=np.float64)

    def codes(self, name: str, *columns: str) -> Ints:
        """The rows' groups by these columns, numbered from 0."""
        frame = self.table(name)
        if len(columns) == 1:
            return pd.factorize(frame[columns[0]], use_na_sentinel=False)[0].astype(np.int64)
        return np.asarray(frame.groupby(list(columns), sort=False, dropna=False).ngroup(), dtype=np.int64)

    def pos(self, name: str) -> Ints:
        return self.table(name)["pos"].to_numpy(dtype=np.int64)

    def per_order(self, name: str, values: Floats) -> Floats:
        """The sum of a child table's values for each order."""
        return np.bincount(self.pos(name), weights=values, minlength=self.size).astype(np.float64)

    @cached_property
    def created(self) -> Floats:
        """Days since 1970 of each order; NaN when unknown."""
        return days(self.orders["created_at"])

    @cached_property
    def line_count(self) -> Floats:
        return np.bincount(self.pos("lines"), minlength=self.size).astype(np.float64)

    @cached_property
    def customer_orders(self) -> Floats:
        """How many orders of the books are of this order's customer."""
        codes = self.codes("orders", "customer_id")
        return np.bincount(codes)[codes].astype(np.float64)

    @cached_property
    def home(self) -> Floats:
        """What one unit of the order's currency is worth in the company's, by the orders' own rates.

        Rates are written either way round; list prices of the same item in several currencies tell which.
        """
        if not self.has("orders", "fx_rate"):
            return np.ones(self.size)
        rate = self.numbers("orders", "fx_rate")
        rate = np.where(np.isfinite(rate) & (rate > 0), rate, 1.0)
        if not self.has("lines", "sku", "list_price"):
            return 1.0 / rate
        price, own = self.numbers("lines", "list_price"), rate[self.pos("lines")]
        use = (price > 0) & (own != 1.0)
        if not use.any():
            return 1.0 / rate
        skus = self.codes("lines", "sku")
        divided, multiplied = (
            _spread(np.log(np.where(price > 0, price, 1.0)) + s * np.log(own), skus) for s in (-1, 1)
        )
        return 1.0 / rate if divided <= multiplied else rate


def days(column: pd.Series) -> Floats:
    return (
        (column.astype("datetime64[s]").to_numpy().astype("datetime64[s]") - np.datetime64(0, "s"))
        / np.timedelta64(1, "s")
        / SECONDS_A_DAY
    )


def _spread(values: Floats, groups: Ints) -> float:
    frame = pd.DataFrame({"v": values, "g": groups})
    return float((frame["v"] - frame.groupby("g")["v"].transform("median")).abs().mean())


def read_books(folder: Path) -> Books:
    """The four files of a folder. Raises ConfigError when there is no ``orders.csv`` there, DataError when one cannot be read."""
    if not (folder / FILES["orders"]).is_file():
        raise ConfigError(
            "no_orders", f"{folder} holds no orders.csv.",
            remedy="Give a folder with orders.csv and, where you have them, order_lines.csv, payments.csv and gl.csv.",
        )  # fmt: skip
    frames: dict[str, pd.DataFrame] = {}
    for name, file in FILES.items():
        path = folder / file
        if not path.is_file():
            continue
        try:
            frames[name] = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
            raise DataError("unreadable_file", f"{path} cannot be read: {error}.") from error
    return make_books(frames)


def make_books(frames: Mapping[str, pd.DataFrame]) -> Books:
    """Books of these frames (``orders``, and any of ``lines``, ``payments``, ``gl``), typed and joined by position."""
    notes: list[str] = []
    orders = _typed(frames["orders"], "orders", notes).reset_index(drop=True)
    if "order_id" not in orders:
        raise DataError("no_order_id", "The orders have no column order_id.", remedy=COLUMNS)
    orders["order_id"] = orders["order_id"].astype(str)
    twice = orders["order_id"].duplicated()
    if twice.any():
        raise DataError("order_twice", f"Order {orders['order_id'][twice].iloc[0]} is there twice: ids must be unique.")
    place = pd.Series(np.arange(len(orders)), index=orders["order_id"])
    made = {"orders": orders}
    for name in ("lines", "payments", "gl"):
        if name not in frames:
            notes.append(f"{FILES[name]} is missing: nothing that needs it is checked.")
            made[name] = pd.DataFrame({"pos": np.array([], dtype=np.int64)})
            continue
        child = _typed(frames[name], name, notes)
        if "order_id" not in child:
            raise DataError("no_order_id", f"{FILES[name]} has no column order_id.", remedy=COLUMNS)
        positions = place.reindex(child["order_id"].astype(str)).to_numpy()
        lost = int(np.isnan(positions).sum())
        if lost:
            notes.append(f"{FILES[name]}: {lost} rows are of orders that are not there; they are left out.")
        child = child[~np.isnan(positions)].reset_index(drop=True)
        child["pos"] = positions[~np.isnan(positions)].astype(np.int64)
        made[name] = child
    return Books(made["orders"], made["lines"], made["payments"], made["gl"], notes)


def _typed(frame: pd.DataFrame, name: str, notes: list[str]) -> pd.DataFrame:
    frame = frame.rename(columns=lambda column: str(column).strip().lower())
    absent = [c for c in (*WORDS[name], *NUMBERS[name], *MOMENTS[name]) if c not in frame]
    if absent:
        notes.append(f"{FILES[name]} has no {', '.join(absent)}: what needs them is not checked.")
    for column in (*NUMBERS[name], *MOMENTS[name]):
        if column in frame:
            read = _moments(frame[column]) if column in MOMENTS[name] else _numbers(frame[column])
            _note_lost(notes, name, column, int((frame[column].notna() & read.isna()).sum()))
            frame[column] = read
            if len(frame) and read.isna().all():
                del frame[column]  # as good as absent
    for column in WORDS[name]:
        if column in frame:
            frame[column] = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
    return frame


def _numbers(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype(np.float64)
    return numbers.where(np.isfinite(numbers))


def _moments(column: pd.Series) -> pd.Series:
    """Moments as the shop's clock showed them: a zone, where one is written, is left off, since habits go by the clock."""
    text = column.astype(object).where(column.notna(), None)
    bare = text.map(lambda value: ZONE.sub("", value) if isinstance(value, str) else value)
    return pd.Series(pd.to_datetime(bare, errors="coerce", format="ISO8601"), index=column.index)


def _note_lost(notes: list[str], name: str, column: str, lost: int) -> None:
    if lost:
        notes.append(f"{FILES[name]}: {lost} values of {column} cannot be read; they count as missing.")

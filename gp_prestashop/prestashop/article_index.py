"""Every article of the shop by reference and EAN, in a file, so that a sweep of any size needs the same memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gp_prestashop.keys import key_text
from gp_prestashop.prestashop.both_ends import BothEnds
from gp_prestashop.prestashop.client import PrestaShopClient
from gp_prestashop.prestashop.paging import pages
from gp_prestashop.prestashop.side_by_side import side_by_side

__all__ = ["Article", "ArticleIndex"]

SWEEP = 1000  # rows of a page that holds a few short fields
CHUNK = 500
Row = tuple[Any, ...]
TABLES = """
create table article (kind text, id integer, product integer, reference text, ean text, primary key (kind, id)) without rowid;
create table stock (product integer, attribute integer, id integer);
"""
JOINED = """
create table found as
    select a.reference, a.ean, a.kind, a.id, a.product, c.product is not null as combined, s.rows, s.id as stock
    from article a
    left join (select product, attribute, count(*) as rows, min(id) as id from stock group by product, attribute) s
        on s.product = a.product and s.attribute = case a.kind when 'c' then a.id else 0 end
    left join (select distinct product from article where kind = 'c') c on c.product = a.product;
drop table article;
drop table stock;
create index by_reference on found (reference);
create index by_ean on found (ean);
"""


@dataclass(frozen=True, slots=True)
class Article:
    """Something with a stock of its own, or a product whose combinations have it (``has_combinations``).

    ``id_stock`` is None where the shop has no stock row for it, or several.
    """

    id_product: int
    id_attribute: int
    has_combinations: bool
    id_stock: int | None


class ArticleIndex:
    """Read whole, by pages of ids: about one request for 1,000 products, combinations or stock rows."""

    def __init__(self, client: PrestaShopClient) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="gpps-articles-", suffix=".sqlite")  # noqa: SIM115  kept open
        self._database = sqlite3.connect(self._file.name, check_same_thread=False, isolation_level=None)
        self._database.executescript("pragma journal_mode = off; pragma synchronous = off;" + TABLES)
        self._database.execute("begin")
        for table, rows in side_by_side(_readers(client)):
            marks = "?, ?, ?, ?, ?" if table == "article" else "?, ?, ?"
            self._database.executemany(f"insert or ignore into {table} values ({marks})", rows)
        self._database.execute("commit")
        self._database.executescript(JOINED)

    def close(self) -> None:
        self._database.close()
        self._file.close()

    def find(self, column: str, keys: Sequence[str]) -> dict[str, list[Article]]:
        """By ``reference`` or ``ean`` (in capitals, as :func:`~gp_prestashop.keys.key_text` writes them): every article that has it."""
        found: dict[str, list[Article]] = {}
        for start in range(0, len(keys), CHUNK):
            chunk = list(keys[start : start + CHUNK])
            marks = ",".join("?" * len(chunk))
            rows = self._database.execute(
                f"select {column}, kind, id, product, combined, rows, stock from found"
                f" where {column} in ({marks}) order by kind, id",
                chunk,
            )
            for key, kind, identifier, product, combined, stocks, stock in rows:
                attribute = identifier if kind == "c" else 0
                article = Article(
                    product, attribute, bool(combined) and kind == "p", int(stock) if stocks == 1 else None
                )
                found.setdefault(key, []).append(article)
        return found


def _readers(client: PrestaShopClient) -> list[Iterator[tuple[str, list[Row]]]]:
    """What is read at the same time. Products cost a shop several times what the others do: two read them."""
    products = BothEnds(client, "products", SWEEP, ("id", "reference", "ean13"))
    return [_products(products.upwards()), _products(products.downwards()), _others(client)]


def _products(found: Iterator[list[dict[str, Any]]]) -> Iterator[tuple[str, list[Row]]]:
    for page in found:
        yield "article", [_article("p", row, row["id"]) for row in page]


def _others(client: PrestaShopClient) -> Iterator[tuple[str, list[Row]]]:
    for page in pages(client, "combinations", {}, SWEEP, display=("id", "id_product", "reference", "ean13")):
        yield "article", [_article("c", row, row["id_product"]) for row in page]
    for page in pages(client, "stock_availables", {}, SWEEP, display=("id", "id_product", "id_product_attribute")):
        yield (
            "stock",
            [(int(row["id_product"]), int(row["id_product_attribute"]), int(row["id"])) for row in page],
        )


def _article(kind: str, row: Mapping[str, Any], product: str) -> Row:
    return kind, int(row["id"]), int(product), key_text(row.get("reference")), key_text(row.get("ean13"))

"""Which product or combination of the shop an item is: by reference, or by EAN.

A few keys are looked up by themselves; who asks for many gets the whole index read once (see article_index.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gp_prestashop.clock import Clock
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList
from gp_prestashop.prestashop.article_index import Article, ArticleIndex
from gp_prestashop.prestashop.client import PrestaShopClient, Row

__all__ = ["ARTICLE_LISTS", "Articles"]

FRESH = 900.0  # seconds that the whole index serves; what it lacks is looked up by itself
SOME = 100  # keys in one call that the index lacks and that are looked up by themselves
FEW = 2000  # keys in one call, or since the index was read last, that are looked up by themselves
COLUMNS = (
    Column("id_product", "BIGINT"),
    Column("id_product_attribute", "BIGINT", title="0 for a product without combinations"),
    Column("id_stock_available", "BIGINT", title="0 where the shop has no stock row for it, or several"),
    Column("matches", "BIGINT", title="How many articles have this key: more than one is ambiguous"),
    Column("has_combinations", "BOOLEAN", title="Its stock is that of its combinations"),
)
LISTS = {"prestashop.articles": ("reference", "reference"), "prestashop.articles_by_ean": ("ean13", "ean")}
ARTICLE_LISTS = {name: LookupList(name, (key,), COLUMNS) for name, (key, _) in LISTS.items()}


class Articles:
    """Answers the lists ``prestashop.articles`` and ``prestashop.articles_by_ean``."""

    def __init__(self, client: Callable[[], PrestaShopClient], clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.RLock()
        self._index: ArticleIndex | None = None
        self._read_at = 0.0
        self._asked = 0
        self._made: set[str] = set()

    def close(self) -> None:
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> dict[tuple[str, ...], Mapping[str, Any]]:
        field, column = LISTS[name]
        found = self.find(field, column, [key[0] for key in keys])
        rows: dict[tuple[str, ...], Mapping[str, Any]] = {}
        for key in keys:
            if articles := found.get(key_text(key[0])):
                row = _row(articles)
                rows[key] = {name: row[name] for name in columns}
        return rows

    def find(self, field: str, column: str, keys: Sequence[str]) -> dict[str, list[Article]]:
        """Articles by key in capitals. ``field`` is the shop's, ``column`` the index's."""
        wanted = list(dict.fromkeys(text for key in keys if (text := key_text(key))))
        with self._lock:
            now = self._clock.monotonic()
            if self._index is not None and now - self._read_at > FRESH:
                self.close()
                self._asked = 0
            if self._index is None and self._asked + len(wanted) > FEW:
                self._index, self._read_at = ArticleIndex(self._client()), now
                self._made.clear()
            self._asked += len(wanted)
            found = self._index.find(column, wanted) if self._index is not None else {}
            missing = [key for key in wanted if key not in found]
            if self._index is not None and len(missing) > SOME:
                missing = [key for key in missing if key in self._made]  # most are no articles of the shop at all
        return {**found, **self._keyed(field, missing)} if missing else found

    def made(self, references: Iterable[str]) -> None:
        """New in the shop: looked up by themselves until the index is read again."""
        with self._lock:
            self._made.update(key_text(reference) for reference in references)

    def _keyed(self, field: str, keys: Sequence[str]) -> dict[str, list[Article]]:
        client = self._client()
        askable = [key for key in keys if not set(key) & set("|[],")]  # these have a meaning in filters
        products = _rows(client, "products", field, askable, ("id", field))
        combinations = _rows(client, "combinations", field, askable, ("id", "id_product", field))
        ids = {str(row["id"]) for row in products} | {str(row["id_product"]) for row in combinations}
        stock = _rows(
            client, "stock_availables", "id_product", sorted(ids, key=int), ("id", "id_product", "id_product_attribute")
        )
        rows: dict[tuple[int, int], list[int]] = {}
        for row in stock:
            rows.setdefault((int(row["id_product"]), int(row["id_product_attribute"])), []).append(int(row["id"]))
        # Rows of combinations stay in some shops when those are deleted: what counts is whether there are any.
        rowed = {str(row["id"]) for row in products} & {str(product) for product, attribute in rows if attribute}
        some = _rows(client, "combinations", "id_product", sorted(rowed, key=int), ("id", "id_product"))
        combined = {int(row["id_product"]) for row in some}
        found: dict[str, list[Article]] = {}
        for row in combinations:
            key = (int(row["id_product"]), int(row["id"]))
            found.setdefault(key_text(row.get(field)), []).append(
                Article(*key, has_combinations=False, id_stock=_only(rows.get(key, [])))
            )
        for row in products:
            key = (int(row["id"]), 0)
            found.setdefault(key_text(row.get(field)), []).append(
                Article(*key, has_combinations=key[0] in combined, id_stock=_only(rows.get(key, [])))
            )
        return found


def _rows(
    client: PrestaShopClient, resource: str, field: str, keys: Sequence[str], display: Sequence[str]
) -> list[Row]:
    return [row for page in client.keyed(resource, field, keys, display=display) for row in page] if keys else []


def _only(ids: Sequence[int]) -> int | None:
    return ids[0] if len(ids) == 1 else None


def _row(articles: Sequence[Article]) -> dict[str, Any]:
    """The one meant. A product that shares its key with its own combination is not: its stock is the combination's."""
    apt = [article for article in articles if not article.has_combinations] or list(articles)
    one = apt[0]
    return {
        "id_product": one.id_product,
        "id_product_attribute": one.id_attribute,
        "id_stock_available": one.id_stock or 0,
        "matches": len(apt),
        "has_combinations": one.has_combinations,
    }

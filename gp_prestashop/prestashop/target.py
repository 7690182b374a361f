"""The shop as the engine's target: shapes, guards, look-ups and writes, by a handler for each document type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from gp_prestashop.clock import Clock
from gp_prestashop.engine.protocols import Existing, MoneyRow, Outcome, Probe
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, LookupList, Problem
from gp_prestashop.prestashop.articles import ARTICLE_LISTS, Articles
from gp_prestashop.prestashop.media import MEDIA_LISTS, Media
from gp_prestashop.prestashop.resources import resource_shapes
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.prestashop.targets.combinations import CombinationHandler
from gp_prestashop.prestashop.targets.fulfilment import FulfilmentHandler
from gp_prestashop.prestashop.targets.handler import BatchHandler, Handler
from gp_prestashop.prestashop.targets.matching import Items
from gp_prestashop.prestashop.targets.media import MediaHandler
from gp_prestashop.prestashop.targets.prices import PriceHandler
from gp_prestashop.prestashop.targets.products import ProductHandler
from gp_prestashop.prestashop.targets.records import READ_ONLY, RecordHandler
from gp_prestashop.prestashop.targets.related import Related
from gp_prestashop.prestashop.targets.stock import StockHandler
from gp_prestashop.prestashop.writer import ShopWriter
from gp_prestashop.settings import CatalogueSettings

__all__ = ["PrestaShopTarget"]

CODES = LookupList("prestashop.currency_codes", ("iso_code",), (Column("id", "BIGINT"),))


class PrestaShopTarget:
    """Implements Target and BatchTarget of :mod:`gp_prestashop.engine.protocols`, over the source's client.

    One client means one governor: reads and writes of all flows share its budget.
    """

    system = "prestashop"

    def __init__(
        self, source: PrestaShopSource, catalogue: CatalogueSettings, clock: Clock, home: Path, items: Items
    ) -> None:
        """``items`` says which references are the numbers of items that the other side knows, as it writes them."""

        def known(references: Sequence[str]) -> set[str]:
            return {key_text(number) for number in items(references)}

        self._source: Final = source
        self._media: Final = Media(home / catalogue.media, clock)
        self._articles: Final = Articles(lambda: source.client, clock)
        self._sizes: Final = {
            "stock_available": source.settings.batch_size,
            "product": 50,
            "combination": 100,
            "price": 100,
        }
        related = Related(lambda: source.client, lambda: self._writer, clock)
        create, made = catalogue.create == "yes", self._articles.made
        self._keys: Final[dict[str, set[str]]] = {}
        self._picture_rights: Final = ("POST", "GET", "PUT") if catalogue.replace_images == "yes" else ("POST",)
        self._written: Final[set[str]] = set()
        self._handlers: Final[Mapping[str, Handler]] = {
            **{
                name: RecordHandler(name, lambda: source.client, lambda: self._writer, related, self._keys)
                for name in resource_shapes()
                if name not in READ_ONLY
            },
            "stock_available": StockHandler(lambda: source.client, lambda: self._writer),
            "order_status": FulfilmentHandler(lambda: source.client, lambda: self._writer),
            "product": ProductHandler(
                lambda: source.client,
                lambda: self._writer,
                related,
                made,
                root=catalogue.category,
                create=create,
                items=known,
            ),
            "combination": CombinationHandler(
                lambda: source.client, lambda: self._writer, related, made, create=create, items=known
            ),
            "product_media": MediaHandler(lambda: source.client, lambda: self._writer, related, self._media),
            "price": PriceHandler(lambda: source.client, lambda: self._writer, self._articles, known),
        }

    @cached_property
    def _writer(self) -> ShopWriter:
        return ShopWriter(self._source.client)

    def declare(self, flow: Flow) -> None:
        """Which column a flow uses as its documents' key, and which documents flows that are on write."""
        self._keys.setdefault(flow.target.document, set()).add(flow.target.key)
        if flow.enabled:
            self._written.add(flow.target.document)

    def documents(self) -> Mapping[str, DocumentShape]:
        return {name: handler.shape() for name, handler in self._handlers.items()}

    def defaults(self) -> Mapping[str, str]:
        return {}

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return {**self._source.lookup_lists(), **ARTICLE_LISTS, **MEDIA_LISTS, CODES.name: CODES}

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        if name in ARTICLE_LISTS:
            return self._articles.lookup(name, keys, columns)
        if name in MEDIA_LISTS:
            return self._media.lookup(name, keys, columns)
        if name == CODES.name:
            rows = self._source.client.rows("currencies", {"sort": "[id_ASC]"}, display=("id", "iso_code", "deleted"))
            ids = {str(row["iso_code"]).upper(): int(row["id"]) for row in reversed(rows) if row.get("deleted") != "1"}
            return {key: dict.fromkeys(columns, ids[key[0].upper()]) for key in keys if key[0].upper() in ids}
        return self._source.lookup(name, keys, columns)

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:
        return [
            problem for type_, some in _by_type(documents).items() for problem in self._handlers[type_].preflight(some)
        ]

    def existing(self, documents: Sequence[Document]) -> Mapping[str, Existing]:
        found: dict[str, Existing] = {}
        for type_, some in _by_type(documents).items():
            found |= self._handlers[type_].existing(some)
        return found

    def write(self, document: Document, action: Literal["create", "change"]) -> Outcome:
        return self._handlers[document.type].write(document, action)

    def batch_size(self, document_type: str) -> int:
        return self._sizes.get(document_type, 1)

    def write_many(
        self, writes: Sequence[tuple[Document, Literal["create", "change"]]]
    ) -> Sequence[Outcome | GpPrestashopError]:
        handler = self._handlers[writes[0][0].type]
        if isinstance(handler, BatchHandler):
            return handler.write_many(writes)
        raise TypeError(f"{writes[0][0].type} is written one by one")

    def money(self, document_type: str, keys: Iterable[str]) -> Iterator[MoneyRow]:  # noqa: ARG002
        """What is written to the shop carries no money that is reconciled."""
        return iter(())

    def doctor(self) -> Iterable[Probe]:
        """Whether the key may write what the flows write."""
        client = self._source.client
        allowed = client.capabilities.permissions
        change = "PATCH" if client.capabilities.patch else "PUT"
        for resource, methods in {
            "stock_availables": (change,),
            "order_carriers": (change,),
            "order_histories": ("POST",),
            "products": ("POST", change),
            "combinations": ("POST", change),
            "product_options": ("POST",),
            "product_option_values": ("POST",),
            "categories": ("POST",),
            "manufacturers": ("POST",),
            "suppliers": ("POST",),
            "specific_prices": ("POST", change, "DELETE"),
            **({"images": self._picture_rights} if "product_media" in self._written else {}),
        }.items():
            lacking = [m for m in methods if m not in allowed.get(resource, frozenset())]
            yield Probe(
                f"may write {resource}",
                not lacking,
                f"The key may {'not ' if lacking else ''}write {resource} ({', '.join(lacking or methods)}).",
                "Give the key this right: Advanced parameters > Webservice." if lacking else "",
            )

    def figures(self) -> Mapping[str, int | float | None]:
        """What the shop was asked and what it bears, for metadata."""
        return self._source.client.governor.figures()

    def close(self) -> None:
        self._articles.close()


def _by_type(documents: Sequence[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.type, []).append(document)
    return found

"""GP as a source of records: items, products, stock, prices and what became of the shop's orders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.clock import Clock
from gp_prestashop.engine.protocols import ChangedKey, Probe, Selection
from gp_prestashop.errors import ConfigError
from gp_prestashop.fresh import Fresh
from gp_prestashop.gp.changes import ChangeReader
from gp_prestashop.gp.currencies import Currencies, read_currencies
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.lookups import Lookups, lookup_lists
from gp_prestashop.gp.sources.declared import DeclaredTables
from gp_prestashop.gp.sources.items import ItemReader
from gp_prestashop.gp.sources.orders import OrderReader
from gp_prestashop.gp.sources.resource import RESOURCES, resource_shapes
from gp_prestashop.gp.sources.variants import CatalogueRules
from gp_prestashop.mapping.model import Flow
from gp_prestashop.mapping.shapes import LookupList, ResourceShape, SourceRecord
from gp_prestashop.settings import CatalogueSettings, GpSettings

__all__ = ["GpSource"]


class GpSource:
    """Implements :class:`gp_prestashop.engine.protocols.Source`. Nothing is connected to before it is asked.

    ``prefix`` is what the numbers of the shop's orders start with (sop.prefix).
    """

    system = "gp"

    def __init__(
        self, settings: GpSettings, catalogue: CatalogueSettings, prefix: str, home: Path, clock: Clock
    ) -> None:
        self.database: Final = GpDatabase(settings, clock)
        self._fresh: Final = Fresh(lambda: read_currencies(self.database), clock.monotonic)
        self._lookups: Final = Lookups(self.database, self._currencies)
        self._rules: Final = CatalogueRules(catalogue, home)
        self._items: Final = ItemReader(self.database, self._rules, self._currencies)
        self._orders: Final = OrderReader(self.database, prefix)
        self._declared: Final = DeclaredTables(self.database)

    def declare(self, flow: Flow) -> None:
        """A table or view that the flow names with its key and columns is a resource from now on."""
        if flow.source.key and flow.source.columns and flow.source.resource not in RESOURCES:
            self._declared.declare(flow.source)

    def _currencies(self) -> Currencies:
        return self._fresh.get()

    def now(self) -> datetime:
        """The server's clock, which DEX_ROW_TS is written by."""
        return ChangeReader(self.database).now()

    def resources(self) -> Mapping[str, ResourceShape]:
        return resource_shapes()

    def read(self, resource: str, selection: Selection, *, page_size: int = 50) -> Iterator[list[SourceRecord]]:
        """Pages by ascending key. Raises ConfigError for a selection that the resource does not have."""
        if resource in self._declared:
            for rows in self._declared.pages(resource, selection, page_size):
                yield [SourceRecord(key, row) for key, row in rows]
            return
        known = _known(resource)
        if selection.created is not None and RESOURCES[known].created is None:
            raise ConfigError("no_date", f"GP's {resource} have no date of creation to select by.")
        pages = (
            self._orders.pages(selection, page_size)
            if known == "sales_documents"
            else self._items.pages(known, selection, page_size)
        )
        key = RESOURCES[known].key
        for page in pages:
            yield [SourceRecord(str(row[key]), row) for row in page]

    def changed(self, resource: str, since: datetime) -> Iterator[ChangedKey]:
        """Keys changed since then; a version is the record's hash, so what came out the same is not told twice."""
        for page in self.read(resource, Selection(changed_since=since), page_size=500):
            for record in page:
                text = json.dumps(record.raw, sort_keys=True, ensure_ascii=False)
                yield ChangedKey(record.key, hashlib.sha256(text.encode()).hexdigest()[:16], None)

    def not_set_up(self, resource: str) -> str | None:
        if resource in self._declared or _known(resource) == "sales_documents":
            return None
        return self._rules.not_set_up

    def local_day(self, record: SourceRecord, resource: str) -> date | None:
        if resource in self._declared:
            return None
        created = RESOURCES[_known(resource)].created
        text = record.raw.get(created) if created else None
        return date.fromisoformat(str(text)) if text else None

    def partitions(self, resource: str) -> list[str]:
        """The values of the column that partitions a resource: item classes (IV40400), sites (IV40700), price levels in use."""
        if resource in self._declared:
            return []
        column = RESOURCES[_known(resource)].by.rpartition(".")[2]
        table = {"ITMCLSCD": "IV40400", "LOCNCODE": "IV40700", "PRCLEVEL": "IV00108"}.get(column)
        if table is None:
            return []
        values = self.database.tables[table].c[column]
        return [str(row[column]) for row in self.database.read(sa.select(values).distinct().order_by(values))]

    def lookup_lists(self) -> Mapping[str, LookupList]:
        return lookup_lists()

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return self._lookups.lookup(name, keys, columns)

    def known_articles(self, references: Sequence[str]) -> set[str]:
        """Which of these are numbers of items, or of products that items are variants of; as GP writes them."""
        keys = Selection(keys=tuple(references))
        pages = (page for resource in ("items", "products") for page in self.read(resource, keys))
        return {str(record.key).strip() for page in pages for record in page}

    def doctor(self) -> Iterable[Probe]:
        """Whether the tables of this direction can be read."""
        for resource in RESOURCES.values():
            tables = dict.fromkeys([resource.table, *(child.table for child in resource.children)])
            for table in tables:
                try:
                    self.database.columns(table)
                except ConfigError as error:
                    yield Probe(f"GP {resource.name}", False, error.sentence, error.remedy)
                    break
            else:
                yield Probe(f"GP {resource.name}", True, f"{', '.join(tables)} can be read.")

    def close(self) -> None:
        self.database.close()


def _known(resource: str) -> str:
    if resource not in RESOURCES:
        raise ConfigError(
            "resource_unknown", f"GP has no resource {resource!r}.", remedy=f"Use one of: {', '.join(RESOURCES)}."
        )
    return resource

"""Resources whose records are items (or products, that is items with their variants): paged, with companions by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.sources.prices import base_units, complete_prices, price_levels
from gp_prestashop.gp.sources.resource import ITEM, RESOURCES, Child, Resource
from gp_prestashop.gp.sources.rows import chosen, jsonable, keyed_pages, keys_changed, ordered_pages, within
from gp_prestashop.gp.sources.stock import Demand, complete_stock, kits_of
from gp_prestashop.gp.sources.variants import CatalogueRules
from gp_prestashop.keys import key_text

__all__ = ["ItemReader"]

Page = list[dict[str, Any]]
SOLD_FROM_STOCK = (1, 2, 3)  # ITEMTYPE: sales inventory, discontinued, kit


class ItemReader:
    """Reads items, products, stock and prices. ``rules`` say what is sold on the web and what is a variant."""

    def __init__(self, database: GpDatabase, rules: CatalogueRules, currencies: Callable[[], Currencies]) -> None:
        self._database: Final = database
        self._rules: Final = rules
        self._currencies: Final = currencies

    def pages(self, name: str, selection: Selection, size: int) -> Iterator[Page]:
        """Records as JSON-able rows; ``selection.created`` is not asked of items."""
        resource = RESOURCES[name]
        keys = self.selected_keys(resource, selection)
        conditions = self._partition(resource, selection.partition)
        table, key = resource.table, resource.key
        names = list(dict.fromkeys([*resource.columns, *ITEM[:1], *self._needed()]))
        contiguous = keys is None and not conditions
        rows = (
            ordered_pages(self._database, table, key, names, conditions, size)
            if keys is None
            else keyed_pages(self._database, table, key, names, conditions, keys, size)
        )
        if name == "products":
            yield from self._products(resource, rows, names, selection.keys)
            return
        demand = Demand(self._database, None if keys is None else keys) if name == "stock" else None
        for page in rows:
            yield self._complete(resource, page, contiguous=contiguous, demand=demand)

    def selected_keys(self, resource: Resource, selection: Selection) -> list[str] | None:
        """The item numbers to read; None for all of them."""
        if selection.keys is not None:
            if resource.name == "products":
                return self._members(selection.keys)
            return list(selection.keys)
        if selection.changed_since is None:
            return None
        found: set[str] = set()
        for table in resource.stamped:
            found |= keys_changed(self._database, table, "ITEMNMBR", selection.changed_since, [])
        if resource.name == "stock":
            found |= kits_of(self._database, sorted(found))
        return sorted(found)

    def _needed(self) -> tuple[str, ...]:
        """What the catalogue's rules look at."""
        return ("ITMCLSCD", *(f"USCATVLS_{n}" for n in range(1, 7)))

    def _partition(self, resource: Resource, value: str | None) -> list[Any]:
        if value is None:
            return []
        items = self._database.tables[resource.table]
        child, _, column = resource.by.rpartition(".")
        if not child:
            return [items.c[column] == value]
        table = self._database.tables[next(one.table for one in resource.children if one.name == child)]
        return [items.c.ITEMNMBR.in_(sa.select(table.c.ITEMNMBR).where(table.c[column] == value))]

    def _complete(self, resource: Resource, page: Sequence[Row], *, contiguous: bool, demand: Demand | None) -> Page:
        keys = [str(row["ITEMNMBR"]) for row in page]
        children = {
            child.name: self._children(child, keys, contiguous=contiguous)
            for child in resource.children
            if child.name != "variants"
        }
        if demand is not None:
            complete_stock(self._database, page, children["sites"], demand)
        if resource.name == "prices":
            complete_prices(self._database, self._currencies(), page, children, self._rules.price_level)
            children["price_levels"] = dict.fromkeys(keys, price_levels(self._database))
        if "vendors" in children:
            self._vendors(keys, children["vendors"], contiguous=contiguous)
        classed = any(column.name == "ITMCLSDC" for column in resource.extra)
        classes = self._classes(page) if classed else {}
        units = base_units(self._database, page) if classed else {}
        wanted = {*resource.columns, *(column.name for column in resource.extra)}
        return [
            {
                **{k: v for k, v in jsonable({**row, **self._worked_out(row)}).items() if k in wanted},
                **({"ITMCLSDC": classes.get(key_text(row["ITMCLSCD"]), "")} if classed else {}),
                **({"BASEUOFM": units.get(key_text(row["UOMSCHDL"]), "")} if classed else {}),
                **{name: [jsonable(one) for one in rows.get(key, ())] for name, rows in children.items()},
            }
            for key, row in zip(keys, page, strict=True)
        ]

    def _worked_out(self, row: Row) -> Row:
        variant = self._rules.variant(row)
        options = variant.options if variant else ()
        return {
            "ON_WEB": self._rules.on_web(row),
            "PARENT": variant.parent if variant else row["ITEMNMBR"],
            "IS_VARIANT": variant is not None,
            **{f"OPTION_{n}": options[n - 1] if n <= len(options) else "" for n in (1, 2, 3)},
        }

    def _children(self, child: Child, keys: Sequence[str], *, contiguous: bool) -> dict[str, list[Row]]:
        table = self._database.tables[child.table]
        columns = chosen(self._database, child.table, child.columns)
        only = [table.c[name] == value for name, value in child.only.items()]
        order = [table.c[name] for name in ("ITEMNMBR", *_ORDER.get(child.name, ()))]
        found: dict[str, list[Row]] = {key: [] for key in keys}
        exact = {key_text(key): key for key in keys}
        for condition in within(table.c.ITEMNMBR, keys, contiguous=contiguous):
            for row in self._database.read(sa.select(*columns).where(condition, *only).order_by(*order)):
                key = exact.get(key_text(row["ITEMNMBR"]))
                if key is not None:
                    found[key].append(row)
        return found

    def _vendors(self, keys: Sequence[str], vendors: Mapping[str, list[Row]], *, contiguous: bool) -> None:
        """Adds the vendors' names, and which is the primary one (IV00102.PRIMVNDR of the all-sites row): it comes first."""
        ids = sorted({str(row["VENDORID"]) for rows in vendors.values() for row in rows})
        table = self._database.tables.PM00200
        named = self._database.read_in(
            table.c.VENDORID, ids, lambda among: sa.select(table.c.VENDORID, table.c.VENDNAME).where(among)
        )
        names = {key_text(row["VENDORID"]): row["VENDNAME"] for row in named} if ids else {}
        quantities = self._database.tables.IV00102
        primary: dict[str, str] = {}
        for condition in within(quantities.c.ITEMNMBR, keys, contiguous=contiguous) if ids else []:
            statement = sa.select(quantities.c.ITEMNMBR, quantities.c.PRIMVNDR).where(
                condition, quantities.c.RCRDTYPE == 1
            )
            primary |= {key_text(row["ITEMNMBR"]): key_text(row["PRIMVNDR"]) for row in self._database.read(statement)}
        for key, rows in vendors.items():
            for row in rows:
                row["VENDNAME"] = names.get(key_text(row["VENDORID"]), "")
                row["PRIMARY_VENDOR"] = primary.get(key_text(key)) == key_text(row["VENDORID"])
            rows.sort(key=lambda row: not row["PRIMARY_VENDOR"])

    def _classes(self, page: Sequence[Row]) -> dict[str, str]:
        table = self._database.tables.IV40400
        codes = sorted({str(row["ITMCLSCD"]) for row in page} - {""})
        rows = self._database.read_in(
            table.c.ITMCLSCD, codes, lambda among: sa.select(table.c.ITMCLSCD, table.c.ITMCLSDC).where(among)
        )
        return {key_text(row["ITMCLSCD"]): str(row["ITMCLSDC"]) for row in rows}

    # Products: a record for each parent, with all items that are its variants.

    def _products(
        self, resource: Resource, rows: Iterator[list[Row]], names: Sequence[str], wanted: tuple[str, ...] | None
    ) -> Iterator[Page]:
        seen: set[str] = set()
        only = {key_text(key) for key in wanted} if wanted is not None else None
        for page in rows:
            parents = [self._parent(row) for row in page]
            fresh = [p for p in dict.fromkeys(parents) if key_text(p) not in seen]
            fresh = [p for p in fresh if only is None or key_text(p) in only]
            seen.update(key_text(parent) for parent in fresh)
            if fresh:
                yield self._families(resource, fresh, names)

    def _parent(self, row: Row) -> str:
        variant = self._rules.variant(row)
        return variant.parent if variant else str(row["ITEMNMBR"])

    def _members(self, parents: Sequence[str]) -> list[str]:
        """The item numbers of all items of these products."""
        items = self._database.tables.IV00101
        columns = chosen(self._database, "IV00101", ["ITEMNMBR", *self._needed()])
        wanted = {key_text(parent) for parent in parents}
        return [
            str(row["ITEMNMBR"])
            for condition in self._rules.members(items.c, parents)
            for row in self._database.read(sa.select(*columns).where(condition))
            if key_text(self._parent(row)) in wanted
        ]

    def _families(self, resource: Resource, parents: Sequence[str], names: Sequence[str]) -> Page:
        """One record for each product: the item of its own number leads, else its first variant does."""
        members: dict[str, list[Row]] = {key_text(parent): [] for parent in parents}
        for page in keyed_pages(
            self._database, "IV00101", "ITEMNMBR", names, [], self._members(parents), max(len(parents), 500)
        ):
            for row in page:
                members.setdefault(key_text(self._parent(row)), []).append(row)
        found = []
        for parent in sorted(parents):
            rows = members[key_text(parent)]
            if rows:
                own = [row for row in rows if key_text(row["ITEMNMBR"]) == key_text(parent)]
                variants = [row for row in rows if self._rules.variant(row) is not None]
                lead = (own or variants)[0]
                found.append((parent, lead, [row for row in variants if self._rules.on_web(row)]))
        leads = self._complete(resource, [lead for _, lead, _ in found], contiguous=False, demand=None)
        wanted = {c for child in resource.children if child.name == "variants" for c in child.columns}
        wanted |= {"OPTION_1", "OPTION_2", "OPTION_3", "ON_WEB"}
        return [
            {
                **record,
                "ITEMNMBR": parent,
                "PARENT": parent,
                "IS_VARIANT": bool(variants),
                "ON_WEB": record["ON_WEB"] or bool(variants),
                "INACTIVE": min((row["INACTIVE"] for row in variants), default=record["INACTIVE"]),
                "stocked": [
                    {"ITEMNMBR": row["ITEMNMBR"]} for row in variants or [lead] if row["ITEMTYPE"] in SOLD_FROM_STOCK
                ],
                "priced": [{"ITEMNMBR": row["ITEMNMBR"]} for row in variants or [lead]],
                "variants": [
                    {k: v for k, v in jsonable({**row, **self._worked_out(row)}).items() if k in wanted}
                    for row in variants
                ],
            }
            for record, (parent, lead, variants) in zip(leads, found, strict=True)
        ]


_ORDER: Mapping[str, tuple[str, ...]] = {
    "sites": ("LOCNCODE",),
    "vendors": ("VENDORID",),
    "list_prices": ("CURNCYID",),
    "levels": ("CURNCYID", "PRCLEVEL", "UOFM", "TOQTY"),
}

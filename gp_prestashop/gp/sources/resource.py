"""What a resource of GP is made of: a main table, companion tables by key, and columns that the reader works out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gp_prestashop.gp.reference import SqlType, tables
from gp_prestashop.mapping.shapes import Column, Frame, ResourceShape

__all__ = ["Child", "Resource", "resource_shapes"]


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of ``table`` whose ITEMNMBR is the record's; ``only``: column → the one value wanted.

    ``extra`` are columns that the reader adds.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    only: Mapping[str, int] = field(default_factory=dict)
    extra: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One record for each row of ``table``. ``stamped`` are the tables whose DEX_ROW_TS says that a record changed;
    ``by`` is the column (of the main table, or ``child.column``) that partitions it."""

    name: str
    table: str
    key: str
    columns: tuple[str, ...]
    children: tuple[Child, ...] = ()
    extra: tuple[Column, ...] = ()
    stamped: tuple[str, ...] = ()
    by: str = ""
    created: str | None = None


ITEM = (
    *("ITEMNMBR", "ITEMDESC", "ITMSHNAM", "ITMGEDSC", "ITEMTYPE", "ITEMSHWT", "ITMCLSCD", "UOMSCHDL", "SELNGUOM"),
    *("TAXOPTNS", "ITMTSHID", "ALWBKORD", "DECPLQTY", "DECPLCUR", "PRICMTHD", "PRCLEVEL", "LOCNCODE", "ALTITEM1"),
    *(f"USCATVLS_{n}" for n in range(1, 7)),
    *("CNTRYORGN", "INACTIVE", "CREATDDT"),
)
WORKED_OUT = (
    Column("ON_WEB", "BOOLEAN", title="Whether the rule of catalogue.sold says that it is sold on the web"),
    Column("PARENT", title="The product that it is a variant of; its own number when it is none"),
    Column("IS_VARIANT", "BOOLEAN", title="Whether it is a variant of a product"),
    Column("OPTION_1", title="Its first option's code (catalogue.options names the groups)"),
    Column("OPTION_2", title="Its second option's code"),
    Column("OPTION_3", title="Its third option's code"),
)
SITES = Child(
    "sites",
    "IV00102",
    ("ITEMNMBR", "LOCNCODE", "QTYONHND", "ATYALLOC", "QTYBKORD", "QTYONORD", "SFTYSTCKQTY", "INACTIVE"),
    {"RCRDTYPE": 2},
    (Column("UNALLOCATED", "DECIMAL(19,5)", title="Open order lines that no stock is allocated to, in base units"),),
)
VENDORS = Child(
    "vendors",
    "IV00103",
    ("ITEMNMBR", "VENDORID", "VNDITNUM", "MNFCTRITMNMBR"),
    extra=(
        Column("VENDNAME", max_length=64, title="Vendor name (PM00200)"),
        Column("PRIMARY_VENDOR", "BOOLEAN", title="Whether IV00102 names it as the item's primary vendor"),
    ),
)
CLASS = (
    Column("ITMCLSDC", max_length=30, title="Item class description (IV40400)"),
    Column("BASEUOFM", max_length=8, title="Base unit of its unit schedule (IV40201)"),
)
LIST_PRICES = Child("list_prices", "IV00105", ("ITEMNMBR", "CURNCYID", "LISTPRCE", "DECPLCUR"))
BREAKS = Child(
    "levels",
    "IV00108",
    ("ITEMNMBR", "CURNCYID", "PRCLEVEL", "UOFM", "FROMQTY", "TOQTY", "UOMPRICE", "QTYBSUOM"),
    extra=(
        Column("HOME", "BOOLEAN", title="Whether it is the row of LEVEL_PRICE"),
        Column("AMOUNT", "DECIMAL(19,5)", title="The unit's price as an amount, by the item's price method"),
        Column("UNTOLD", title="Why there is no amount: rounded, no_list_price or no_amount"),
        Column("ISOCURRC", max_length=3, title="The currency's ISO code"),
        Column("BASE_UNIT", "BOOLEAN", title="Whether the unit is the base unit"),
    ),
)
HOME = (
    Column("FUNCTIONAL", max_length=3, title="ISO code of the functional currency; blank where GP does not say it"),
    Column("LIST_PRICE", "DECIMAL(19,5)", title="List price in the functional currency (IV00105)"),
    Column(
        "LEVEL_PRICE",
        "DECIMAL(19,5)",
        title="Price of catalogue.price_level: functional currency, base unit, one piece",
    ),
    Column("LEVEL_UNTOLD", title="Why that has no amount, where GP has such a row"),
)
PRICED = Child(LIST_PRICES.name, "IV00105", LIST_PRICES.columns, extra=(Column("ISOCURRC", max_length=3),))
VARIANTS = Child(
    "variants",
    "IV00101",
    ("ITEMNMBR", "ITEMDESC", "ITMSHNAM", "ITEMTYPE", "ITEMSHWT", "INACTIVE"),
    extra=(*WORKED_OUT[3:], WORKED_OUT[0]),
)

RESOURCES: Mapping[str, Resource] = {
    one.name: one
    for one in (
        Resource("items", "IV00101", "ITEMNMBR", ITEM, (VENDORS,), (*WORKED_OUT, *CLASS), ("IV00101",), "ITMCLSCD"),
        Resource(
            "products",
            "IV00101",
            "ITEMNMBR",
            ITEM,
            (VARIANTS, VENDORS),
            (*WORKED_OUT, *CLASS),
            ("IV00101",),
            "ITMCLSCD",
        ),
        Resource(
            "stock",
            "IV00101",
            "ITEMNMBR",
            ("ITEMNMBR", "ITMSHNAM", "ITEMTYPE", "ITMCLSCD", "DECPLQTY", "ALWBKORD", "INACTIVE"),
            (SITES,),
            WORKED_OUT[:1],
            ("IV00101", "SOP10200"),
            "sites.LOCNCODE",
        ),
        Resource(
            "prices",
            "IV00101",
            "ITEMNMBR",
            (
                *("ITEMNMBR", "ITMSHNAM", "ITMCLSCD", "PRICMTHD", "PRCLEVEL", "UOMSCHDL", "SELNGUOM", "DECPLCUR"),
                *("STNDCOST", "CURRCOST", "INACTIVE"),
            ),
            (PRICED, BREAKS),
            (*WORKED_OUT[:3], *HOME),
            ("IV00101", "IV00107", "IV00108"),
            "levels.PRCLEVEL",
        ),
        Resource(
            "sales_documents",
            "SOP10100",
            "SOPNUMBE",
            (
                *(
                    "SOPNUMBE",
                    "SOPTYPE",
                    "DOCID",
                    "DOCDATE",
                    "CUSTNMBR",
                    "CSTPONBR",
                    "CURNCYID",
                    "SHIPMTHD",
                    "ACTLSHIP",
                ),
                *("SOPSTATUS", "VOIDSTTS", "PSTGSTUS", "MSTRNUMB"),
            ),
            (),
            (
                Column("STAGE", title="Work (SOP10100) or history (SOP30200)"),
                Column("STATUS", title="open, back_ordered, partial, shipped, invoiced or voided"),
            ),
            ("SOP10100", "SOP30200"),
            created="DOCDATE",
        ),
    )
}
ARTICLES = tuple(
    Frame(name, (Column("ITEMNMBR", max_length=31, title=title),), (name,))
    for name, title in (
        ("stocked", "Items whose stock the product needs: itself, or its variants"),
        ("priced", "Items whose price the product needs"),
    )
)
PRICE_LEVELS = Frame(
    "price_levels",
    (Column("PRCLEVEL", max_length=11, title="A price level that GP has (IV40800)"),),
    ("price_levels",),
)
FOLLOWERS = Frame(
    "followers",
    (
        Column("SOPNUMBE", max_length=21),
        Column("SOPTYPE", "INTEGER"),
        Column("STAGE"),
        Column("VOIDSTTS", "INTEGER"),
        Column("SOPSTATUS", "INTEGER"),
        Column("DOCDATE", "DATE"),
    ),
    ("followers",),
)
TRACKING = Frame(
    "tracking",
    (Column("Tracking_Number", max_length=41), Column("SOPNUMBE", max_length=21), Column("SOPTYPE", "INTEGER")),
    ("tracking",),
)


def resource_shapes() -> dict[str, ResourceShape]:
    """All resources, for flows and contracts."""
    return {name: _shape(resource) for name, resource in RESOURCES.items()}


def _shape(resource: Resource) -> ResourceShape:
    main = Frame(resource.name, (*_columns(resource.table, resource.columns, resource.key), *resource.extra))
    children = [
        Frame(child.name, (*_columns(child.table, child.columns), *child.extra), (child.name,))
        for child in resource.children
    ]
    if resource.name == "sales_documents":
        children += [FOLLOWERS, TRACKING]
    if resource.name == "products":
        children += ARTICLES
    if resource.name == "prices":
        children.append(PRICE_LEVELS)
    return ResourceShape("gp", resource.name, resource.key, (main, *children), resource.created)


def _columns(table: str, names: tuple[str, ...], key: str = "") -> list[Column]:
    fact = tables()[table]
    return [_column(name, fact.columns[name], fact.captions.get(name, ""), required=name == key) for name in names]


def _column(name: str, type_: SqlType, title: str, *, required: bool) -> Column:
    if type_.is_text:
        return Column(name, "VARCHAR", required=required, max_length=type_.size, title=title)
    if type_.is_integer:
        return Column(name, "INTEGER", title=title)
    if type_.name == "datetime":
        return Column(name, "DATE", title=title)
    return Column(name, f"DECIMAL({type_.size},{type_.scale})", title=title)

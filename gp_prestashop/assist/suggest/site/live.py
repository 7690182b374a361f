"""A pair read live: a PrestaShop resource and a GP table or document, with sample records of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.assist.suggest.fields import Field, Pair
from gp_prestashop.engine.protocols import Selection, Source
from gp_prestashop.errors import ConfigError
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.documents import document_shapes, document_types
from gp_prestashop.gp.reference import SqlType, tables
from gp_prestashop.mapping.shapes import Column
from gp_prestashop.prestashop.secret_fields import SECRET_FIELDS

__all__ = ["ALIASES", "live_pair", "source_fields", "target_fields", "target_table", "text_of"]

SAMPLE = 120  # records of each side; what both sides know is found among them
# Columns that a table and the document's parameters call differently.
ALIASES = {"ZIP": "ZIPCODE", "PHONE1": "PHNUMBR1", "PHONE2": "PHNUMBR2", "PHONE3": "PHNUMBR3", "FAX": "FAXNUMBR"}
_BLANK_DATE = "1900-01-01 00:00:00"


def live_pair(source: Source, resource: str, database: GpDatabase, target: str) -> Pair:
    """Fields and samples of both sides. Raises ConfigError for names that do not exist, Transient when a side is away."""
    return Pair(f"{resource}__{target}", source_fields(source, resource), target_fields(database, target))


def source_fields(source: Source, resource: str) -> tuple[Field, ...]:
    """The resource's own fields, custom ones that the shop sends included, with their values in a sample of records."""
    shapes = source.resources()
    if resource not in shapes:
        raise ConfigError(
            "unknown_resource",
            f"The shop has no resource named {resource}.",
            remedy=f"One of: {', '.join(sorted(shapes))}.",
        )
    records: list[Mapping[str, Any]] = []
    for page in source.read(resource, Selection(), page_size=SAMPLE):
        records += [record.raw for record in page]
        if len(records) >= SAMPLE:
            break
    shape = shapes[resource]
    declared = {column.name: column for column in shape.main.columns}
    sent = [
        name
        for record in records[:5]
        for name, value in record.items()
        if not isinstance(value, list | dict) or _translated(value)
    ]
    names = [name for name in dict.fromkeys(["id", *declared, *sent]) if name not in SECRET_FIELDS]
    return tuple(
        Field(
            f"{resource}.{name}", resource, name, _type_name(declared.get(name)), _size(declared.get(name)),
            declared[name].title if name in declared else "", tuple(text_of(record.get(name)) for record in records[:SAMPLE]),
        )
        for name in names
        if name in declared or any(name in record for record in records)
    )  # fmt: skip


def target_table(target: str) -> str:
    """The table that holds a document, or the table itself. Raises ConfigError when it is neither."""
    if target in document_types():
        return document_types()[target].captions
    if target in tables():
        return target
    known = ", ".join([*sorted(document_types()), *sorted(tables())])
    raise ConfigError(
        "unknown_target", f"{target} is neither a document nor a table that is known.", remedy=f"One of: {known}."
    )


def target_fields(database: GpDatabase, target: str) -> tuple[Field, ...]:
    """The columns of a table, or the header columns of a document with the values of its table."""
    table = target_table(target)
    fact = tables()[table]
    present = [name for name in fact.columns if name in database.columns(table)]
    selectable = database.tables[table]
    rows = database.read(sa.select(*(selectable.c[name] for name in present)).limit(SAMPLE))
    values = {name: tuple(_gp_text(row[name], fact.columns[name]) for row in rows) for name in present}
    if target == table:
        return tuple(
            Field(
                f"{table}.{name}", table, name, _sql_name(fact.columns[name]), fact.columns[name].size, "", values[name]
            )
            for name in present
        )
    by_parameter = {ALIASES.get(name, name): name for name in present}
    header = document_shapes()[target].frames[0]
    return tuple(
        Field(
            f"{target}.{column.name}", target, column.name, _sql_name(fact.columns[by_parameter[column.name]]) if column.name in by_parameter else column.type,
            column.max_length, column.title, values.get(by_parameter.get(column.name, ""), ()),
        )
        for column in header.columns
    )  # fmt: skip


def _type_name(column: Column | None) -> str:
    if column is None:
        return "string"
    if column.name == "id" or column.name.startswith("id_"):
        return "isUnsignedId"
    return {"BOOLEAN": "isBool", "TIMESTAMP": "isDate", "DATE": "isDate", "BIGINT": "isInt"}.get(
        column.type, "isFloat" if column.type.startswith("DECIMAL") else "isGenericName"
    )


def _size(column: Column | None) -> int | None:
    return column.max_length if column is not None else None


def _translated(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(str(key).isdigit() for key in value)


def text_of(value: Any) -> str:
    """A value as text; of one with a text for each language (``{language id: text}``), the first language's."""
    if isinstance(value, Mapping):
        value = value[min(value, key=int)] if _translated(value) else None
    if value is None or isinstance(value, list):
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _sql_name(type_: SqlType) -> str:
    if type_.size is None:
        return type_.name
    return f"{type_.name}({type_.size},{type_.scale})" if type_.scale is not None else f"{type_.name}({type_.size})"


def _gp_text(value: Any, type_: SqlType) -> str:
    if value is None:
        return _BLANK_DATE if type_.name == "datetime" else ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.hex() if isinstance(value, bytes) else str(value).rstrip()

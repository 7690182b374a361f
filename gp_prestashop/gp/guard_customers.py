"""The guard of customers and their addresses: what is there is compared with the fields that the flow names.

Customers RM00101, addresses RM00102, internet addresses SY01200, read set-based.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.gp.compare import differences
from gp_prestashop.gp.database import GpDatabase, Row
from gp_prestashop.gp.reference import procedures, tables
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["existing_addresses", "existing_customers"]

# Parameters whose column is named otherwise in RM00101, RM00102.
RENAMED = {"ZIPCODE": "ZIP", "PHNUMBR1": "PHONE1", "PHNUMBR2": "PHONE2", "PHNUMBR3": "PHONE3"}
PERCENTS = {"CUSTDISC", "FNCHPCNT", "MINPYPCT"}  # stored × 100
KEYS = frozenset(
    {"CUSTNMBR", "CUSTCLAS", "ADRSCODE", "PRSTADCD", "PRBTADCD", "STADDRCD", "SHIPMTHD", "TAXSCHID", "SLPRSNID", "SALSTERR",
     "PYMTRMID", "PRCLEVEL", "CURNCYID", "RATETPID", "CHEKBKID", "LOCNCODE", "CCode", "UPSZONE", "CRCARDID"}
)  # fmt: skip

Key = tuple[str, ...]


def existing_customers(database: GpDatabase, documents: Sequence[Document]) -> dict[str, Existing]:
    """By document key: customers that RM00101 holds."""
    by_number = {key_text(document.header["CUSTNMBR"]): document for document in documents}
    stored = _stored(database, "RM00101", "CUSTNMBR", ("CUSTNMBR",), list(by_number))
    there = [by_number[number] for (number,) in stored]
    addresses = _addresses(database, there)
    internet = _internet(database, there)
    emails: dict[str, set[str]] = {}
    for (_, master, _), row in internet.items():
        emails.setdefault(master, set()).add(key_text(row.get("INET1")))
    found: dict[str, Existing] = {}
    for (number,), row in stored.items():
        document = by_number[number]
        other = _other_origin(document, row)
        difference = _of_header(document, row, "taUpdateCreateCustomerRcd", "RM00101")
        for wanted in document.frames.get("addresses", ()):
            difference |= _of_address(wanted, addresses, f"address {wanted['ADRSCODE']} ")
        difference |= _of_internet(document, internet)
        found[document.key] = Existing(
            ours=not other,
            same=not other and not difference,
            status="work",
            sentence=other,
            difference=difference,
            stranger=_somebody_else(document, row, emails.get(number, set())),
        )
    return found


def existing_addresses(database: GpDatabase, documents: Sequence[Document]) -> dict[str, Existing]:
    """By document key: addresses that RM00102 holds for the same customer."""
    stored = _addresses(database, documents)
    internet = _internet(database, documents)
    found: dict[str, Existing] = {}
    for document in documents:
        if _address_key(document.header) not in stored:
            continue
        difference = _of_address(document.header, stored, "") | _of_internet(document, internet)
        stranger = _another_place(document, stored[_address_key(document.header)])
        found[document.key] = Existing(
            ours=True, same=not difference, status="work", difference=difference, stranger=stranger
        )
    return found


def _somebody_else(document: Document, row: Row, emails: set[str]) -> str:
    """A number that GP has given to another person: neither the name nor an e-mail address is the shopper's.

    A flow that owns other columns only has the number from one that made the customer.
    """
    if "CUSTNAME" not in document.header:
        return ""
    theirs = {key_text(one.get("INET1")) for one in document.frames.get("internet", ())} - {""}
    if key_text(row["CUSTNAME"]) == key_text(document.header.get("CUSTNAME")) or emails & theirs:
        return ""
    return f"Customer {document.key} in GP is {row['CUSTNAME']}, with another e-mail address."


def _another_place(document: Document, row: Row) -> str:
    """An address code that GP uses for another place: person, street and town are all others."""
    names = [name for name in ("CNTCPRSN", "ADDRESS1", "CITY") if name in document.header]
    if not names or any(key_text(row[name]) == key_text(document.header.get(name)) for name in names):
        return ""
    return (
        f"Address {document.key} of {document.header['CUSTNMBR']} in GP is another one, in {row['CITY'] or 'no town'}."
    )


def _of_header(document: Document, row: Row, procedure: str, table: str) -> dict[str, tuple[Any, Any]]:
    wanted = {
        name: value * Decimal(100) if name in PERCENTS and value is not None else value
        for name, value in document.header.items()
    }
    return differences(wanted, row, _columns(procedure, table), keys=KEYS)


def _of_address(wanted: Mapping[str, Any], stored: Mapping[Key, Row], prefix: str) -> dict[str, tuple[Any, Any]]:
    row = stored.get(_address_key(wanted))
    if row is None:
        return {prefix.strip() or "ADRSCODE": ("none", wanted["ADRSCODE"])}
    return differences(wanted, row, _columns("taCreateCustomerAddress", "RM00102"), keys=KEYS, prefix=prefix)


def _of_internet(document: Document, stored: Mapping[Key, Row]) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    for wanted in document.frames.get("internet", ()):
        row = stored.get(_internet_key(wanted), {})
        columns = {name: name for name in procedures()["taCreateInternetAddresses"].parameters}
        blank = dict.fromkeys(tables()["SY01200"].columns, "")
        found |= (
            differences(wanted, {**blank, **row}, columns, keys=frozenset({"Master_Type", "Master_ID", "ADRSCODE"}))
            if row
            else {f"e-mail of {wanted.get('ADRSCODE') or wanted['Master_ID']}": ("none", wanted.get("INET1"))}
        )
    return found


def _other_origin(document: Document, row: Row) -> str:
    """An integration id of somebody else on the customer means that the number is not ours."""
    mine, theirs = document.header.get("INTEGRATIONID"), row.get("INTEGRATIONID")
    if mine and theirs and key_text(mine) != key_text(theirs):
        return f"Customer {document.header['CUSTNMBR']} in GP belongs to another integration ({theirs})."
    return ""


def _columns(procedure: str, table: str) -> dict[str, str]:
    there = tables()[table].columns
    names = {name: RENAMED.get(name, name) for name in procedures()[procedure].parameters}
    return {name: column for name, column in names.items() if column in there}


def _addresses(database: GpDatabase, documents: Sequence[Document]) -> dict[Key, Row]:
    customers = [key_text(document.header["CUSTNMBR"]) for document in documents]
    return _stored(database, "RM00102", "CUSTNMBR", ("CUSTNMBR", "ADRSCODE"), customers)


def _internet(database: GpDatabase, documents: Sequence[Document]) -> dict[Key, Row]:
    masters = [key_text(row["Master_ID"]) for document in documents for row in document.frames.get("internet", ())]
    return _stored(database, "SY01200", "Master_ID", ("Master_Type", "Master_ID", "ADRSCODE"), masters)


def _stored(database: GpDatabase, name: str, by: str, key: Key, values: Sequence[str]) -> dict[Key, Row]:
    if not values:
        return {}
    table, present = database.tables[name], database.columns(name)
    columns = [column for column in table.c if column.key in present and not column.key.startswith("DEX_")]
    rows = database.read_in(table.c[by], values, lambda keys: sa.select(*columns).where(keys))
    return {tuple(key_text(row[column]) for column in key): row for row in rows}


def _address_key(row: Mapping[str, Any]) -> Key:
    return key_text(row["CUSTNMBR"]), key_text(row["ADRSCODE"])


def _internet_key(row: Mapping[str, Any]) -> Key:
    return key_text(row["Master_Type"]), key_text(row["Master_ID"]), key_text(row.get("ADRSCODE"))

"""Customers and addresses as business objects: the same columns that eConnect takes, under the web services' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gp_prestashop.gp.webservices.money import key, without_none
from gp_prestashop.mapping.shapes import Document

__all__ = ["address_fields", "address_key", "customer", "customer_address"]

Row = Mapping[str, Any]
NEVER = datetime(1900, 1, 1)  # noqa: DTZ001  GP's blank date, which the schema demands where it is not nillable


def customer(document: Document) -> dict[str, Any]:
    """Customer, with its addresses and their internet addresses."""
    header = document.header
    number = header["CUSTNMBR"]
    internet = {row.get("ADRSCODE"): row for row in document.frames.get("internet", ())}
    rows: Sequence[Row] = document.frames.get("addresses", ())
    if not any(row["ADRSCODE"] == header.get("ADRSCODE") for row in rows) and header.get("ADRSCODE"):
        rows = [{**header}, *rows]
    return without_none(
        {
            "Key": key(number),
            "Name": header.get("CUSTNAME"),
            "Shortname": header.get("SHRTNAME"),
            "ClassKey": key(header.get("CUSTCLAS")),
            "IsActive": None if header.get("INACTIVE") is None else not header["INACTIVE"],
            "DefaultAddressKey": address_key(number, header.get("ADRSCODE")),
            "ShipToAddressKey": address_key(number, header.get("PRSTADCD")),
            "BillToAddressKey": address_key(number, header.get("PRBTADCD")),
            "StatementToAddressKey": address_key(number, header.get("STADDRCD")),
            "PostResultsTo": "Receivables/Discount Account",
            "CreatedDate": NEVER,
            "ModifiedDate": NEVER,
            "LastModifiedDate": NEVER,
            "Addresses": {"CustomerAddress": [_address(number, row, internet.get(row["ADRSCODE"])) for row in rows]},
        }
    )


def customer_address(document: Document) -> dict[str, Any]:
    """CustomerAddress."""
    header = document.header
    internet = next(iter(document.frames.get("internet", ())), None)
    return _address(header["CUSTNMBR"], header, internet)


def _address(number: str, row: Row, internet: Row | None) -> dict[str, Any]:
    fields = {
        **address_fields(row),
        "Key": address_key(number, row["ADRSCODE"]),
        "CreatedDate": NEVER,
        "ModifiedDate": NEVER,
        "InternetAddresses": _internet(internet) if internet else None,
    }
    return without_none(fields)


def address_fields(row: Row) -> dict[str, Any]:
    """BusinessAddress, from columns of a header, a customer or an address."""
    return {
        "Name": row.get("ShipToName"),
        "ContactPerson": row.get("CNTCPRSN"),
        "Line1": row.get("ADDRESS1"),
        "Line2": row.get("ADDRESS2"),
        "Line3": row.get("ADDRESS3"),
        "City": row.get("CITY"),
        "State": row.get("STATE"),
        "PostalCode": row.get("ZIPCODE"),
        "CountryRegion": row.get("COUNTRY"),
        "Phone1": key(row.get("PHNUMBR1"), "Value"),
        "Phone2": key(row.get("PHNUMBR2"), "Value"),
    }


def _internet(row: Row) -> dict[str, Any]:
    fields = {f"InternetField{n}": row.get(f"INET{n}") for n in range(1, 9)}
    return without_none({"EmailToAddress": row.get("EmailToAddress"), **fields})


def address_key(number: str, code: Any) -> dict[str, Any] | None:
    return {"CustomerKey": key(number), "Id": code} if code not in (None, "") else None

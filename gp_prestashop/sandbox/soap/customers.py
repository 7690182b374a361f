"""Customers and addresses of the web services as calls of procedures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gp_prestashop.sandbox.soap.values import Call, items, pick

__all__ = ["address", "address_fields", "customer"]


def customer(business: Any, *, update: int) -> Iterator[Call]:
    """Each address is written by itself as well, so that its internet addresses follow."""
    key = pick(business, "Key", "Id")
    addresses = items(pick(business, "Addresses"), "CustomerAddress")
    main = pick(business, "DefaultAddressKey", "Id")
    first: Any = next((a for a in addresses if pick(a, "Key", "Id") == main), None)
    fields = address_fields(first) if first else {}
    yield (
        "taUpdateCreateCustomerRcd",
        {
            "CUSTNMBR": key,
            "CUSTNAME": pick(business, "Name"),
            "SHRTNAME": pick(business, "Shortname"),
            "CUSTCLAS": pick(business, "ClassKey", "Id"),
            "UseCustomerClass": 1 if pick(business, "ClassKey", "Id") and not update else 0,
            "ADRSCODE": main,
            "PRBTADCD": pick(business, "BillToAddressKey", "Id"),
            "PRSTADCD": pick(business, "ShipToAddressKey", "Id"),
            "STADDRCD": pick(business, "StatementToAddressKey", "Id"),
            "INACTIVE": {"true": 0, "false": 1}.get(pick(business, "IsActive") or ""),
            "UpdateIfExists": update,
            **{k: v for k, v in fields.items() if k != "ShipToName"},
        },
    )
    for one in addresses:
        yield from address(one, update=1, of=key)


def address(business: Any, *, update: int, of: str | None = None) -> Iterator[Call]:
    """`of`: the customer whom the address comes with, whose key it then need not repeat."""
    key = {"CUSTNMBR": of or pick(business, "Key", "CustomerKey", "Id"), "ADRSCODE": pick(business, "Key", "Id")}
    yield "taCreateCustomerAddress", {**key, **address_fields(business), "UpdateIfExists": update}
    internet = pick(business, "InternetAddresses")
    if internet:
        yield (
            "taCreateInternetAddresses",
            {
                "Master_Type": "CUS",
                "Master_ID": key["CUSTNMBR"],
                "ADRSCODE": key["ADRSCODE"],
                "EmailToAddress": pick(internet, "EmailToAddress"),
                **{f"INET{n}": pick(internet, f"InternetField{n}") for n in range(1, 9)},
            },
        )


def address_fields(business: Any) -> dict[str, Any]:
    """BusinessAddress."""
    return {
        "ShipToName": pick(business, "Name"),
        "CNTCPRSN": pick(business, "ContactPerson"),
        "ADDRESS1": pick(business, "Line1"),
        "ADDRESS2": pick(business, "Line2"),
        "ADDRESS3": pick(business, "Line3"),
        "CITY": pick(business, "City"),
        "STATE": pick(business, "State"),
        "ZIPCODE": pick(business, "PostalCode"),
        "COUNTRY": pick(business, "CountryRegion"),
        "PHNUMBR1": pick(business, "Phone1", "Value"),
        "PHNUMBR2": pick(business, "Phone2", "Value"),
    }

"""UpdateSalesOrder: what is sent changes, what is absent stays as it is stored; and VoidSalesOrder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gp_prestashop.sandbox.soap.customers import address_fields
from gp_prestashop.sandbox.soap.sales import payments, user_fields
from gp_prestashop.sandbox.soap.values import Call, flag, items, pick

__all__ = ["STORED", "update_order", "void_order"]

# Columns of SOP10100 that an update of the header sends back as they are, by parameter.
STORED = {
    **{name: name for name in ("DOCID", "DOCDATE", "BACHNUMB", "CUSTNAME", "CSTPONBR", "LOCNCODE", "SHIPMTHD", "TAXSCHID",
                               "FRTSCHID", "MSCSCHID", "PRBTADCD", "PRSTADCD", "CURNCYID", "RTCLCMTD", "XCHGRATE",
                               "ShipToName", "CNTCPRSN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE", "ZIPCODE",
                               "COUNTRY", "PHNUMBR1", "PHNUMBR2")},
    "FREIGHT": "ORFRTAMT", "MISCAMNT": "ORMISCAMT", "TRDISAMT": "ORTDISAM",
}  # fmt: skip


def update_order(order: Any, stored: Mapping[str, Any]) -> Iterator[Call]:
    """`stored` is the SOP10100 row, names in lower case."""
    key = {"SOPTYPE": 2, "SOPNUMBE": stored["sopnumbe"], "CUSTNMBR": stored["custnmbr"]}
    yield from payments(order, key)
    yield from user_fields(order, key)
    given = {
        **address_fields(pick(order, "ShipToAddress") or {}),
        "LOCNCODE": pick(order, "WarehouseKey", "Id"),
        "SHIPMTHD": pick(order, "ShippingMethodKey", "Id"),
        "PRBTADCD": pick(order, "BillToAddressKey", "Id"),
        "PRSTADCD": pick(order, "ShipToAddressKey", "Id"),
        "CMMTTEXT": pick(order, "Comment") or None,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    if changed:
        kept = {name: stored[column.lower()] for name, column in STORED.items()}
        received = stored["orpmtrvd"] + stored["ordeprvd"]
        yield "taSopHdrIvcInsert", {**key, **kept, **changed, "PYMTRCVD": received, "UpdateExisting": 1}
    for hold in items(pick(order, "ProcessHolds"), "SalesProcessHold"):
        yield (
            "taSopUpdateCreateProcessHold",
            {
                "SOPTYPE": 2,
                "SOPNUMBE": key["SOPNUMBE"],
                "PRCHLDID": pick(hold, "Key", "SalesProcessHoldSetupKey", "Id"),
                "DELETE1": flag(hold, "IsDeleted") or 0,
                "UpdateSopIfExists": 1,
            },
        )


def void_order(number: str) -> Iterator[Call]:
    yield "taSopVoidDocument", {"SOPTYPE": 2, "SOPNUMBE": number}

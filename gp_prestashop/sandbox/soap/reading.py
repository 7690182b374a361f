"""Answers of the reading operations: objects by key, policies, logged validation results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

import psycopg

from gp_prestashop.sandbox.soap.operations import Invalid
from gp_prestashop.sandbox.soap.values import pick
from gp_prestashop.sandbox.soap.wsdl import description

__all__ = ["by_key", "logged", "policy"]

NAMESPACE = UUID("6d0e1c1e-6b1c-4b6a-9c55-1f4b8d2a7f00")
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def policy(operation: str, known: dict[str, str]) -> str:
    """A policy with no behaviours to choose from; its id as the reference has it, where it has it."""
    key = known.get(operation) or str(uuid5(NAMESPACE, operation))
    return (
        f"<GetPolicyByOperationResult><Key><Id>{key}</Id></Key><Behaviors/>"
        f"<Name>{escape(operation)}</Name></GetPolicyByOperationResult>"
    )


def logged(name: str, entry: tuple[str, list[int]] | None) -> str:
    """The validation result that a fault's GUID stands for."""
    if entry is None:
        return ""
    procedure, numbers = entry
    errors = "".join(
        f"<ValidationError><ObjectType>{procedure}</ObjectType><PropertyNames/><Message>"
        f"Sql procedure error codes returned: Error Number = {number} Stored Procedure= {procedure} "
        f"Error Description = see taErrorCode</Message><Id>{number}</Id></ValidationError>"
        for number in numbers
    )
    result = f"<Errors>{errors}</Errors><Warnings/>"
    if name == "GetLoggedValidationResultByKey":
        return f"<{name}Result>{result}</{name}Result>"
    return (
        f"<{name}Result><LogId>{UUID(int=0)}</LogId><ExceptionType>ValidationException</ExceptionType>"
        f"<ValidationResult>{result}</ValidationResult><LoggedDate>1900-01-01T00:00:00</LoggedDate></{name}Result>"
    )


def by_key(connection: psycopg.Connection, company: str, name: str, value: dict[str, Any]) -> str:
    """A customer, an address or a sales order with the few fields that a caller checks after a write; the rest is nil."""
    schema = company.lower()
    if name == "GetCustomerByKey":
        kind, fields = "Customer", ("Key", "Name")
        sql = f"select custnmbr, custname from {schema}.rm00101 where custnmbr = %s"
    elif name == "GetCustomerAddressByKey":
        kind, fields = "CustomerAddress", ("Key", "Line1")
        sql = f"select adrscode, address1 from {schema}.rm00102 where adrscode = %s and custnmbr = %s"
    else:
        kind, fields = "SalesOrder", ("Key", "CustomerPONumber")
        sql = f"select sopnumbe, cstponbr from {schema}.sop10100 where sopnumbe = %s and soptype = 2"
    parameters = [pick(value, "key", "Id")]
    if name == "GetCustomerAddressByKey":
        parameters.append(pick(value, "key", "CustomerKey", "Id"))
    row = connection.execute(sql.encode(), parameters).fetchone()
    if row is None:
        raise Invalid(name, [0])
    key, text = (escape(str(cell).strip()) for cell in row)
    known = {fields[0]: f"<Id>{key}</Id>", fields[1]: text}
    return f"<{name}Result {XSI}>{''.join(_elements(kind, known))}</{name}Result>"


def _elements(kind: str, known: dict[str, str]) -> Iterator[str]:
    """The elements of a business object in the schema's order; what must be there and is not known is nil or blank."""
    described = description()["types"][kind]
    if described.get("base"):
        yield from _elements(described["base"], known)
    for name, type_, *flags in described["elements"]:
        if name in known:
            yield f"<{name}>{known[name]}</{name}>"
        elif any("nillable" in flag for flag in flags):
            yield f'<{name} xsi:nil="true"/>'
        elif any("minOccurs=1" in flag for flag in flags):
            yield f"<{name}>{_blank(type_)}</{name}>"


def _blank(kind: str) -> str:
    enums = description()["enums"]
    if kind in enums:
        return escape(str(enums[kind]["values"][0]))
    return {"xs:dateTime": "1900-01-01T00:00:00", "xs:boolean": "false", "xs:int": "0", "xs:decimal": "0"}.get(kind, "")

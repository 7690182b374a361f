"""Answers of the reading operations: objects by key, policies, logged validation results."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

import psycopg

from gp_prestashop.sandbox.soap.operations import Invalid
from gp_prestashop.sandbox.soap.values import pick

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
    """The few fields of a customer, an address or a sales order that a caller checks after a write."""
    schema = company.lower()
    if name == "GetCustomerByKey":
        sql, keys = f"select custnmbr, custname from {schema}.rm00101 where custnmbr = %s", ("key", "Id")
        fields = "<Key><Id>{0}</Id></Key><Name>{1}</Name><PostResultsTo>Receivables/Discount Account</PostResultsTo>"
    elif name == "GetCustomerAddressByKey":
        sql = f"select adrscode, address1 from {schema}.rm00102 where adrscode = %s and custnmbr = %s"
        keys, fields = ("key", "Id"), "<Line1>{1}</Line1><Key><Id>{0}</Id></Key>"
    else:
        sql = f"select sopnumbe, cstponbr from {schema}.sop10100 where sopnumbe = %s and soptype = 2"
        keys, fields = ("key", "Id"), "<Key><Id>{0}</Id></Key><CustomerPONumber>{1}</CustomerPONumber>"
    parameters = [pick(value, *keys)]
    if name == "GetCustomerAddressByKey":
        parameters.append(pick(value, "key", "CustomerKey", "Id"))
    row = connection.execute(sql, parameters).fetchone()
    if row is None:
        raise Invalid(name, [0])
    return f"<{name}Result {XSI}>{fields.format(*(escape(str(cell).strip()) for cell in row))}</{name}Result>"

"""SOAP faults decoded: a fault carries a log id, and what was wrong is asked for with it (gp_webservices.json, faults)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from zeep.exceptions import Fault

from gp_prestashop.errors import DataError, GpPrestashopError, InDoubt
from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.errors import decode

__all__ = ["error_of_fault"]

NUMBER = re.compile(r"Error Number\s*=\s*(\d+)")
PROCEDURE = re.compile(r"Stored Procedure\s*=\s*(\w+)")


def error_of_fault(fault: Fault, operation: str, fetch: Callable[[str], Any]) -> GpPrestashopError:
    """The typed error. Without a log id it is a system exception, of which nobody knows how far it went: InDoubt."""
    log_id = _log_id(fault)
    if log_id is None:
        return InDoubt("services_exception", f"GP's web services failed in {operation}: {fault.message}.")
    result = fetch(log_id)
    messages = [str(error.Message) for error in _errors(result)]
    text = " ".join(messages)
    numbers = [int(number) for number in NUMBER.findall(text)]
    procedure = PROCEDURE.search(text)
    if numbers and procedure:
        return decode(Call(procedure[1], "header", {}), numbers)
    said = text or f"{fault.message} (log id {log_id})"
    return DataError("services_validation", f"GP's web services refused {operation}: {said}")


def _log_id(fault: Fault) -> str | None:
    if fault.detail is None:
        return None
    for element in fault.detail.iter():
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "Message" and element.text:
            return str(element.text).strip()
    return None


def _errors(result: Any) -> list[Any]:
    errors = getattr(result, "Errors", None)
    return list(getattr(errors, "ValidationError", None) or [])

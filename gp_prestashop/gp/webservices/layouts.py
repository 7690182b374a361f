"""Where the services are, in the two layouts that sites have. Every path can be set.

``legacy``: one SOAP 1.1 endpoint. ``services``: one endpoint each for sales, customers, inventory and ledger, with the
same operations. Paths from the reference (gp_webservices.json) and DESIGN §6.
"""

from __future__ import annotations

from dataclasses import dataclass

from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import GpSettings

__all__ = ["Layout", "layout_of"]

LEGACY_PATH = "/DynamicsGPWebServices/DynamicsGPService.asmx"
LEGACY_WSDL = "/Metadata/Legacy/Full/DynamicsGP.wsdl"
SERVICE_PATHS = {
    "sales": "/Dynamics/GPService/SOPService.svc",
    "customers": "/Dynamics/GPService/CustomerService.svc",
}
AREAS = {
    "CreateCustomer": "customers",
    "UpdateCustomer": "customers",
    "CreateCustomerAddress": "customers",
    "UpdateCustomerAddress": "customers",
    "CreateSalesOrder": "sales",
    "UpdateSalesOrder": "sales",
    "VoidSalesOrder": "sales",
    "CreateSalesReturn": "sales",
    "CreateCashReceipt": "customers",
    "CreateReceivablesCreditMemo": "customers",
    "GetLoggedValidationResultByKey": "sales",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Endpoint and WSDL by area (``sales``, ``customers``)."""

    endpoints: dict[str, str]
    wsdls: dict[str, str]

    def area(self, operation: str) -> str:
        return AREAS[operation]


def layout_of(settings: GpSettings) -> Layout:
    """The layout that the settings name. ``services_wsdl`` is a URL, or a path below ``services_url``."""
    if not settings.services_url:
        raise ConfigError(
            "services_url_missing", "The web services' address is not set.", remedy="Set GPPS_GP__SERVICES_URL."
        )
    base, _, path = _split(settings.services_url)
    if settings.services_layout == "legacy":
        endpoint = base + (path or LEGACY_PATH)
        wsdl = _absolute(base, settings.services_wsdl or LEGACY_WSDL)
        return Layout(dict.fromkeys(SERVICE_PATHS, endpoint), dict.fromkeys(SERVICE_PATHS, wsdl))
    endpoints = {area: base + path + service for area, service in SERVICE_PATHS.items()}
    wsdls = {
        area: _absolute(base, settings.services_wsdl) if settings.services_wsdl else f"{endpoint}?wsdl"
        for area, endpoint in endpoints.items()
    }
    return Layout(endpoints, wsdls)


def _split(url: str) -> tuple[str, str, str]:
    """``scheme://host[:port]``, ``/`` and the path after it, without a slash at the end."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise ConfigError("services_url_invalid", f"The web services' address {url!r} has no http:// or https://.")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", slash, f"/{path.rstrip('/')}" if path.rstrip("/") else ""


def _absolute(base: str, location: str) -> str:
    return location if "://" in location else base + "/" + location.lstrip("/")

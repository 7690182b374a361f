"""One zeep client for each WSDL: Windows authentication, time-outs, faults and lost answers as typed errors."""

from __future__ import annotations

import threading
from typing import Any

import requests
from requests_ntlm import HttpNtlmAuth
from zeep import Client
from zeep import Settings as ZeepSettings
from zeep.exceptions import Fault, TransportError, XMLSyntaxError
from zeep.transports import Transport

from gp_prestashop.errors import ConfigError, InDoubt, Transient
from gp_prestashop.gp.webservices.faults import error_of_fault
from gp_prestashop.gp.webservices.layouts import layout_of
from gp_prestashop.settings import GpSettings

__all__ = ["GP_NAMESPACE", "ServiceClient"]

GP_NAMESPACE = "http://schemas.microsoft.com/dynamics/gp/2006/01"
DYNAMICS_NAMESPACE = "http://schemas.microsoft.com/dynamics/2006/01"


class ServiceClient:
    """Calls operations of GP's web services. Not for several threads at once: a lock serialises calls."""

    def __init__(self, settings: GpSettings, company_id: int, session: requests.Session | None = None) -> None:
        self._settings = settings
        self._company_id = company_id
        self._layout = layout_of(settings)
        self._session = session or requests.Session()
        if settings.services_user:
            self._session.auth = HttpNtlmAuth(settings.services_user, settings.secret_services_password, send_cbt=False)
        self._clients: dict[str, Client] = {}
        self._lock = threading.Lock()

    def call(self, operation: str, **parameters: Any) -> Any:
        """One operation. Raises Transient (not sent), InDoubt (no answer), DataError or Refused (validation), ConfigError."""
        area = self._layout.area(operation)
        client = self._client(area)
        service = client.create_service(self._binding(client), self._layout.endpoints[area])
        context = self._context(client)
        with self._lock:
            try:
                return getattr(service, operation)(context=context, **parameters)
            except Fault as fault:
                raise error_of_fault(fault, operation, self._validation_result) from fault
            except TransportError as error:
                raise _transport_error(error, operation) from error
            except requests.exceptions.ConnectTimeout as error:
                raise Transient("services_unreachable", "GP's web services cannot be reached.") from error
            except requests.exceptions.ConnectionError as error:
                if _never_sent(error):
                    raise Transient("services_unreachable", "GP's web services cannot be reached.") from error
                raise InDoubt(
                    "no_answer", f"The connection to GP's web services was lost during {operation}."
                ) from error
            except (requests.exceptions.Timeout, XMLSyntaxError) as error:
                raise InDoubt("no_answer", f"GP's web services gave no usable answer to {operation}.") from error

    def close(self) -> None:
        self._session.close()

    def _validation_result(self, log_id: str) -> Any:
        client = self._client("sales")
        service = client.create_service(self._binding(client), self._layout.endpoints["sales"])
        try:
            return service.GetLoggedValidationResultByKey(logId=log_id, context=self._context(client))
        except (Fault, TransportError, requests.exceptions.RequestException):
            return None  # the fault itself is reported all the same, without its details

    def _client(self, area: str) -> Client:
        location = self._layout.wsdls[area]
        if location not in self._clients:
            transport = Transport(
                session=self._session, timeout=self._settings.timeout, operation_timeout=self._settings.timeout
            )
            try:
                self._clients[location] = Client(
                    location,
                    transport=transport,
                    settings=ZeepSettings(strict=True, xml_huge_tree=False, forbid_entities=True),
                )
            except requests.exceptions.HTTPError as error:
                raise _wsdl_error(location, str(error)) from error
            except requests.exceptions.RequestException as error:
                raise Transient("services_unreachable", f"The WSDL at {location} cannot be fetched.") from error
            except (XMLSyntaxError, ValueError, OSError) as error:
                raise _wsdl_error(location, str(error)) from error
        return self._clients[location]

    @staticmethod
    def _binding(client: Client) -> str:
        for name, binding in client.wsdl.bindings.items():
            if type(binding).__name__ == "Soap11Binding":
                return str(name)
        raise ConfigError(
            "services_wsdl_invalid", "The WSDL has no SOAP 1.1 binding.", remedy="Use the legacy endpoint's WSDL."
        )

    def _context(self, client: Client) -> Any:
        company = client.get_type(f"{{{DYNAMICS_NAMESPACE}}}CompanyKey")(Id=self._company_id)
        context = client.get_type(f"{{{DYNAMICS_NAMESPACE}}}Context")
        return context(OrganizationKey=company, CultureName="en-US", CurrencyType="Transactional")


def _wsdl_error(location: str, reason: str) -> ConfigError:
    return ConfigError(
        "services_wsdl_invalid",
        f"The WSDL at {location} cannot be used: {reason}.",
        remedy="Set GPPS_GP__SERVICES_WSDL to the WSDL of the legacy endpoint, and check user and password.",
    )


def _transport_error(error: TransportError, operation: str) -> Exception:
    if error.status_code in (401, 403):
        return ConfigError(
            "services_login_refused",
            "GP's web services refuse the Windows account.",
            remedy="Check GPPS_GP__SERVICES_USER (DOMAIN\\user) and the account's role in the Dynamics security console.",
        )
    if error.status_code == 404:
        return ConfigError(
            "services_not_found",
            "There is no web service at that address.",
            remedy="Check GPPS_GP__SERVICES_URL and _LAYOUT.",
        )
    if error.status_code == 503:
        return Transient("services_unavailable", "GP's web services are not available at the moment.")
    return InDoubt("no_answer", f"GP's web services answered {operation} with status {error.status_code}.")


def _never_sent(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the connection was never made, so that nothing can have arrived."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError")

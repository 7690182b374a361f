"""What a client of the web services sees: authentication, a WSDL that zeep reads, order of elements, faults."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest
import requests
from lxml import etree
from requests_ntlm import HttpNtlmAuth
from zeep import Client
from zeep.exceptions import Fault, TransportError
from zeep.transports import Transport

from gp_prestashop.sandbox.soap.server import ENDPOINTS, LEGACY, WSDL_PATH, SoapServer

GP = "http://schemas.microsoft.com/dynamics/gp/2006/01"
DYNAMICS = "http://schemas.microsoft.com/dynamics/2006/01"
CONTEXT = (
    f'<context><OrganizationKey xmlns="{DYNAMICS}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    ' i:type="CompanyKey"><Id>1</Id></OrganizationKey>'
    f'<CultureName xmlns="{DYNAMICS}">en-US</CultureName>'
    f'<CurrencyType xmlns="{DYNAMICS}">Transactional</CurrencyType></context>'
)


def envelope(body: str) -> bytes:
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{soap}"><s:Body>{body}</s:Body></s:Envelope>'.encode()


@pytest.fixture
def client(services: SoapServer, session: requests.Session) -> Client:
    return Client(services.url + WSDL_PATH, transport=Transport(session=session, timeout=10, operation_timeout=10))


@pytest.fixture
def call(client: Client, services: SoapServer) -> Any:
    """``call(operation, …)`` on the legacy endpoint, with a context."""
    binding = next(iter(client.wsdl.bindings))
    service = client.create_service(str(binding), services.url + LEGACY)
    company = client.get_type(f"{{{DYNAMICS}}}CompanyKey")(Id=1)
    context = client.get_type(f"{{{DYNAMICS}}}Context")(
        OrganizationKey=company, CultureName="en-US", CurrencyType="Transactional"
    )
    return lambda name, /, **parameters: getattr(service, name)(context=context, **parameters)


def customer(number: str, name: str = "Zoé", **more: Any) -> dict[str, Any]:
    blank = "1900-01-01T00:00:00"
    dates = {"CreatedDate": blank, "ModifiedDate": blank, "LastModifiedDate": blank}
    return {"Key": {"Id": number}, "Name": name, "PostResultsTo": "Receivables/Discount Account", **dates, **more}


def test_every_path_asks_for_windows_authentication(services: SoapServer) -> None:
    for path in (WSDL_PATH, *ENDPOINTS):
        answer = requests.get(services.url + path, timeout=5)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("NTLM")
    wrong = HttpNtlmAuth("SANDBOX\\gp", "wrong", send_cbt=False)
    assert requests.get(services.url + WSDL_PATH, auth=wrong, timeout=5).status_code == 401
    assert requests.post(services.url + LEGACY, data=b"<x/>", auth=wrong, timeout=5).status_code == 401


def test_the_wsdl_has_gps_operations_in_its_namespace(client: Client) -> None:
    (binding,) = client.wsdl.bindings.values()
    operations = set(binding._operations)
    assert {"CreateSalesOrder", "UpdateSalesOrder", "VoidSalesOrder", "CreateSalesReturn", "CreateCashReceipt",
            "CreateReceivablesCreditMemo", "GetPolicyByOperation"} <= operations  # fmt: skip
    assert client.wsdl.services
    assert binding.get("CreateCashReceipt").soapaction == f"{GP}/CreateCashReceipt"
    kinds = client.get_type(f"{{{GP}}}CashReceiptType")
    assert kinds is not None


def test_a_business_object_becomes_procedure_calls(call: Any, soap_postgres: str) -> None:
    assert call("CreateCustomer", customer=customer("SOAP1")) is None  # create answers carry nothing
    with psycopg.connect(soap_postgres) as connection:
        assert connection.execute("SELECT custname FROM two.rm00101 WHERE custnmbr = 'SOAP1'").fetchall() == [("Zoé",)]
    found = call("GetCustomerByKey", key={"Id": "SOAP1"})
    assert (found.Key.Id, found.Name) == ("SOAP1", "Zoé")


def test_a_fault_carries_a_log_id_and_its_details_are_asked_for(call: Any) -> None:
    call("CreateCustomer", customer=customer("SOAP2"))
    with pytest.raises(Fault) as caught:
        call("CreateCustomer", customer=customer("SOAP2"))
    assert caught.value.message == "Business object validation failed."
    (log_id,) = [e.text for e in caught.value.detail.iter() if etree.QName(e).localname == "Message"]
    result = call("GetLoggedValidationResultByKey", logId=log_id)
    (error,) = result.Errors.ValidationError
    assert error.Id == "251"
    assert "Error Number = 251" in error.Message
    assert "Stored Procedure= taUpdateCreateCustomerRcd" in error.Message
    assert call("GetLoggedValidationResultByKey", logId="00000000-0000-0000-0000-000000000000") is None


def test_a_failed_operation_leaves_nothing(call: Any, soap_postgres: str) -> None:
    address = {"Key": {"CustomerKey": {"Id": "SOAP3"}, "Id": "A1"}, "Line1": "x", "CreatedDate": "1900-01-01T00:00:00",
               "ModifiedDate": "1900-01-01T00:00:00"}  # fmt: skip
    broken = {**address, "Key": {"CustomerKey": {"Id": "SOAP3"}, "Id": ""}}
    with pytest.raises(Fault):
        call("CreateCustomer", customer=customer("SOAP3", Addresses={"CustomerAddress": [address, broken]}))
    with psycopg.connect(soap_postgres) as connection:
        assert connection.execute("SELECT 1 FROM two.rm00101 WHERE custnmbr = 'SOAP3'").fetchall() == []


def test_a_receipt_in_a_foreign_currency_by_its_iso_code(call: Any, soap_postgres: str) -> None:
    call("CreateCustomer", customer=customer("SOAP4"))
    amount = {"Currency": "USD", "Value": Decimal(10), "DecimalDigits": 2}
    receipt = {
        "Key": {"Id": "SOAPR1"}, "CustomerKey": {"Id": "SOAP4"}, "Type": "Cash", "Date": "2026-11-20T00:00:00",
        "BatchKey": {"Id": "SOAPB", "CreatedDateTime": "2026-11-20T00:00:00"}, "BankAccountKey": {"Id": "BANK-USD"},
        "Amount": amount, "CurrencyKey": {"ISOCode": "USD"},
    }  # fmt: skip
    call("CreateCashReceipt", cashReceipt=receipt)
    with psycopg.connect(soap_postgres) as connection:
        (row,) = connection.execute("SELECT ortrxamt, curncyid, cshrctyp FROM two.rm10201").fetchall()
    assert row == (Decimal("9.09"), "USD", 1)


def test_updates_and_voids_of_unknown_orders_are_faults(call: Any) -> None:
    for operation, parameters in (
        ("UpdateSalesOrder", {"salesOrder": {"Key": {"Id": "NOSUCH"}}}),
        ("VoidSalesOrder", {"key": {"Id": "NOSUCH"}}),
        ("GetSalesOrderByKey", {"key": {"Id": "NOSUCH"}}),
    ):
        with pytest.raises(Fault):
            call(operation, **parameters)


def test_policies(call: Any) -> None:
    known = call("GetPolicyByOperation", operation="CreateSalesOrder")
    assert str(known.Key.Id) == "4d060bdc-fa1e-4ea1-9e89-e1d19a5cb2ce"
    assert call("GetPolicyByOperation", operation="CreateCustomer").Key.Id


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no xml", "no SOAP envelope"),
        (b"<x/>", "no SOAP envelope"),
        (envelope(f'<NoSuchOperation xmlns="{GP}"/>'), "does not fit the schema"),
        (envelope(f'<CreateCustomer xmlns="{GP}"><customer><Nonsense/></customer></CreateCustomer>'), "does not fit"),
        (
            # elements out of their order: a serializer of .NET would pass over what comes too late
            envelope(f'<GetCustomerByKey xmlns="{GP}">{CONTEXT}<key><Id>X</Id></key></GetCustomerByKey>'),
            "does not fit",
        ),
    ],
)
def test_requests_that_do_not_fit_are_client_faults(
    body: bytes, words: str, services: SoapServer, session: requests.Session
) -> None:
    answer = session.post(services.url + LEGACY, data=body, timeout=5)
    assert answer.status_code == 500
    fault = etree.fromstring(answer.content).find(".//faultstring")
    assert fault is not None
    assert words in (fault.text or "")


def test_all_endpoints_answer_alike(services: SoapServer, session: requests.Session) -> None:
    body = envelope(f'<GetCustomerByKey xmlns="{GP}"><key><Id>NOSUCH</Id></key>{CONTEXT}</GetCustomerByKey>')
    answers = {session.post(services.url + path, data=body, timeout=5).status_code for path in ENDPOINTS}
    assert answers == {500}
    assert services.requests["GetCustomerByKey"] >= len(ENDPOINTS)


def test_entities_are_not_resolved(services: SoapServer, session: requests.Session) -> None:
    body = (
        b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
        + envelope(f'<GetCustomerByKey xmlns="{GP}"><key><Id>&secret;</Id></key>{CONTEXT}</GetCustomerByKey>')
    )  # fmt: skip
    answer = session.post(services.url + LEGACY, data=body, timeout=5)
    assert answer.status_code == 500
    assert b"root:" not in answer.content


def test_hooks_around_an_operation(services: SoapServer, call: Any, soap_postgres: str) -> None:
    """What faults are made of: a listener that breaks off before the operation, or after it was committed."""
    seen: list[str] = []

    def refuse(name: str) -> None:
        seen.append(name)
        raise RuntimeError("broken off")

    services.after = refuse
    try:
        with pytest.raises((requests.exceptions.ConnectionError, TransportError, Fault)):
            call("CreateCustomer", customer=customer("SOAP9"))
    finally:
        services.after = lambda _name: None
    assert seen == ["CreateCustomer"]
    with psycopg.connect(soap_postgres) as connection:  # it had been committed
        assert connection.execute("SELECT count(*) FROM two.rm00101 WHERE custnmbr = 'SOAP9'").fetchone() == (1,)

"""The SOAP listener: Windows authentication, schema check, one operation a request, faults as the real service sends them."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

import psycopg
import uvicorn
from lxml import etree
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap import reading
from gp_prestashop.sandbox.soap.ntlm import NtlmGate
from gp_prestashop.sandbox.soap.operations import Invalid, Operations
from gp_prestashop.sandbox.soap.values import to_value
from gp_prestashop.sandbox.soap.wsdl import description, namespaces, schema, wsdl

__all__ = ["ENDPOINTS", "SoapServer"]

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
LEGACY = "/DynamicsGPWebServices/DynamicsGPService.asmx"
WSDL_PATH = "/Metadata/Legacy/Full/DynamicsGP.wsdl"
ENDPOINTS = (LEGACY, *(f"/Dynamics/GPService/{name}Service.svc" for name in ("SOP", "Customer", "Inventory", "GL")))


class SoapServer:
    """Serves one company over one Postgres. ``before`` and ``after`` are called around each operation (faults)."""

    def __init__(
        self,
        postgres_url: str,
        host: EconnectHost,
        *,
        company: str = "TWO",
        users: dict[str, str] | None = None,
        bind: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._postgres_url = postgres_url
        self._operations = Operations(host, company)
        self._company = company
        self._gate = NtlmGate(users) if users else None
        self._bind, self._wanted_port = bind, port
        self._log: dict[str, tuple[str, list[int]]] = {}  # what GetLoggedValidationResultByKey knows
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.requests: Counter[str] = Counter()
        self.before: Callable[[str], None] = lambda _name: None
        self.after: Callable[[str], None] = lambda _name: None

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("The SOAP listener was not started.")
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://{self._bind}:{self.port}"

    def start(self) -> SoapServer:
        routes = [Route(WSDL_PATH, self._wsdl, methods=["GET"])]
        for path in ENDPOINTS:
            routes += [Route(path, self._call, methods=["POST"]), Route(path, self._wsdl, methods=["GET"])]
        config = uvicorn.Config(
            Starlette(routes=routes), host=self._bind, port=self._wanted_port, log_level="warning", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="soap", daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("The SOAP listener did not start.")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=10)
        if self._gate is not None:
            self._gate.close()

    def __enter__(self) -> SoapServer:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _wsdl(self, request: Request) -> Response:
        if challenge := self._challenge(request):
            return challenge
        return Response(wsdl(f"{self.url}{LEGACY}"), media_type="text/xml")

    async def _call(self, request: Request) -> Response:
        if challenge := self._challenge(request):
            return challenge
        body = await request.body()
        return await run_in_threadpool(partial(self._answer, body))

    def _challenge(self, request: Request) -> Response | None:
        if self._gate is None:
            return None
        offer = self._gate.check(request.scope["client"], request.headers.get("authorization", ""))
        return Response(status_code=401, headers={"WWW-Authenticate": offer}) if offer else None

    def _answer(self, body: bytes) -> Response:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            envelope = etree.fromstring(body, parser)
            call: Any = list(envelope.iterfind(f"{{{SOAP}}}Body/*"))[0]
        except (etree.XMLSyntaxError, IndexError) as error:
            return _fault("soap:Client", f"The request is no SOAP envelope: {error}")
        if not schema().validate(call):
            return _fault("soap:Client", f"The request does not fit the schema: {schema().error_log}")
        name = etree.QName(call).localname
        self.requests[name] += 1
        value = to_value(call) or {}
        self.before(name)
        try:
            result = self._run(name, value)
        except Invalid as invalid:
            return self._refuse(invalid)
        self.after(name)
        return _envelope(f'<{name}Response xmlns="{namespaces()["gp"]}">{result}</{name}Response>')

    def _run(self, name: str, value: dict[str, Any]) -> str:
        if name in ("GetLoggedValidationResultByKey", "GetLoggedExceptionDataByKey"):
            return reading.logged(name, self._log.get(str(value.get("logId"))))
        if name == "GetPolicyByOperation":
            return reading.policy(str(value.get("operation")), description()["_meta"]["policy_ids"])
        with psycopg.connect(self._postgres_url) as connection:
            if name in self._operations.names:
                self._operations.run(connection, name, value)
                return ""
            return reading.by_key(connection, self._company, name, value)

    def _refuse(self, invalid: Invalid) -> Response:
        key = str(uuid.uuid4())
        self._log[key] = (invalid.procedure, invalid.numbers)
        detail = f'<Message xmlns="{namespaces()["gp"]}">{key}</Message>'
        return _fault("soap:Server", "Business object validation failed.", detail)


def _fault(code: str, text: str, detail: str = "") -> Response:
    body = f"<soap:Fault><faultcode>{code}</faultcode><faultstring>{escape(text)}</faultstring><detail>{detail}</detail></soap:Fault>"
    return _envelope(body, status=500)


def _envelope(body: str, status: int = 200) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    return Response(text, status_code=status, media_type="text/xml")

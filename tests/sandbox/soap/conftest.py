"""The stand-in web services over a private Postgres, and what a plain HTTP client needs to talk to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from requests_ntlm import HttpNtlmAuth

from gp_prestashop.sandbox.gp.host import EconnectHost
from gp_prestashop.sandbox.soap.server import SoapServer
from tests.company_database import company_database

USER, PASSWORD = "SANDBOX\\gp", "secret"


@pytest.fixture(scope="session")
def soap_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with company_database(tmp_path_factory.mktemp("soap")) as url:
        yield url


@pytest.fixture(scope="session")
def services(soap_postgres: str) -> Iterator[SoapServer]:
    with SoapServer(soap_postgres, EconnectHost(), users={USER: PASSWORD}) as server:
        yield server


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """With Windows authentication."""
    with requests.Session() as session:
        session.auth = HttpNtlmAuth(USER, PASSWORD, send_cbt=False)
        yield session

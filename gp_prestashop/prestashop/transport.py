"""Requests to the webservice: time-outs, retries where they are safe, no redirects, no cookies, typed errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError, GpPrestashopError, InDoubt, RateLimited, Transient
from gp_prestashop.prestashop.answers import READS, Answer
from gp_prestashop.prestashop.faults import fault
from gp_prestashop.prestashop.governor import Governor
from gp_prestashop.prestashop.urls import api_base, query
from gp_prestashop.settings import ShopSettings

__all__ = ["Transport"]

ATTEMPTS = 4  # of a read
LONGEST_WAIT = 30  # seconds between two attempts; who must wait longer is told so by RateLimited
CONNECT_TIMEOUT = 10  # seconds
XML = "text/xml; charset=utf-8"
NOTHING_SENT = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeoutError|Failed to establish")


class Transport:
    """One HTTP session with the shop. Safe to share between threads."""

    def __init__(
        self,
        settings: ShopSettings,
        clock: Clock,
        governor: Governor,
        jitter: Callable[[], float],
        session: requests.Session | None = None,
    ) -> None:
        self.base = api_base(settings.url)
        self.version: tuple[int, ...] | None = None
        self.last_date: str | None = None  # the Date header of the last answer
        self._timeout = (CONNECT_TIMEOUT, settings.timeout)
        self._clock = clock
        self._governor = governor
        self._jitter = jitter
        self._own_session = session is None
        self._session = session or _session(governor)
        self._session.auth = (settings.secret_key, "")
        self._session.verify = settings.ca_bundle or True
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers["User-Agent"] = "gp-prestashop"

    def close(self) -> None:
        if self._own_session:
            self._session.close()

    def read(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """GET, tried again while the cause may pass. Raises Transient, RateLimited or ConfigError."""
        attempt = 1
        while True:
            try:
                answer = self._send("GET", path, params, None)
                if (error := fault(answer)) is None:
                    return answer
                raise error
            except Transient as error:
                wait = self._wait_before_retry(error, attempt)
                if wait is None:
                    raise
            attempt += 1
            self._governor.stats.retries += 1
            self._clock.sleep(wait)

    def write(
        self,
        method: str,
        path: str,
        body: bytes | None,
        params: Mapping[str, str] | None = None,
        *,
        content_type: str = XML,
    ) -> Answer:
        """POST, PUT, PATCH or DELETE, once. Raises InDoubt when the answer is lost, else what the shop says."""
        self._governor.stats.writes += 1
        answer = self._send(method, path, params, body, content_type)
        error = fault(answer)
        if error is None:
            return answer
        if isinstance(error, RateLimited):
            self._governor.refused(min(error.retry_after, LONGEST_WAIT))
        raise error

    def _wait_before_retry(self, error: Transient, attempt: int) -> float | None:
        """Seconds to wait, or None when the error is final for now."""
        wait = 2.0 ** (attempt - 1) * (0.5 + self._jitter())
        if isinstance(error, RateLimited):
            asked = error.retry_after
            self._governor.refused(min(asked, LONGEST_WAIT))
            if asked > LONGEST_WAIT and error.details.get("retry_after_given"):
                return None
            if error.code == "blocked":
                return None  # a firewall: every further try makes it worse
            wait = max(wait, asked) if error.details.get("retry_after_given") else wait
        return wait if attempt < ATTEMPTS else None

    def _send(
        self, method: str, path: str, params: Mapping[str, str] | None, body: bytes | None, content_type: str = XML
    ) -> Answer:
        url = f"{self.base}/{path}" + (f"?{query(params)}" if params else "")
        resource = path.partition("/")[0] or "api"
        headers = {"Content-Type": content_type} if body is not None else {}
        with self._governor.turn(resource):
            started = self._clock.monotonic()
            try:
                response = self._session.request(
                    method, url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
                )
            except requests.RequestException as error:
                raise _no_answer(method, resource, error) from None
            finally:
                elapsed = self._clock.monotonic() - started
        content = response.content
        self._governor.answered(resource, elapsed, len(content))
        self._note(response.headers)
        return Answer(method, resource, response.status_code, response.headers, content)

    def _note(self, headers: Mapping[str, str]) -> None:
        self.last_date = headers.get("Date", self.last_date)
        numbers = re.findall(r"\d+", headers.get("PSWS-Version", ""))
        if len(numbers) >= 3:  # "0" comes with refusals of the key
            self.version = tuple(int(n) for n in numbers)


def _session(governor: Governor) -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=governor.concurrency, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _no_answer(method: str, resource: str, error: requests.RequestException) -> GpPrestashopError:
    """A request without an answer. ``str(error)`` may hold the URL, never the key, which goes in a header."""
    details = {"reason": type(error).__name__, "message": str(error)[:300]}
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error).upper():
        return ConfigError(
            "certificate",
            "The shop's certificate is not one that this machine trusts.",
            remedy="Renew the certificate, or name its issuer in GPPS_SHOP__CA_BUNDLE.",
            details=details,
        )
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return ConfigError("shop_url", "The shop's address is no web address.", remedy="Mend GPPS_SHOP__URL.")
    unsent = isinstance(error, requests.ConnectTimeout) or NOTHING_SENT.search(repr(error)) is not None
    if method in READS or unsent:
        late = isinstance(error, requests.Timeout)
        return Transient(
            "timeout" if late else "unreachable",
            f"The shop did not answer in time ({method} {resource})." if late else "The shop cannot be reached.",
            remedy="Lower GPPS_SHOP__PAGE_SIZE if it stays so." if late else "Check GPPS_SHOP__URL and the network.",
            details=details,
        )
    return InDoubt(
        "write_unanswered",
        f"The connection broke while the shop was writing ({method} {resource}).",
        remedy="It is settled by reading the record back.",
        details=details,
    )

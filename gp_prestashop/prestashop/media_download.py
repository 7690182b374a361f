"""Pictures from web addresses. What stands in a table of data must not be a way into the network.

A redirect may not leave the host (nor the port, but from http to https). A name that leads to an address inside the
network (private, loopback, link-local) is refused; who means such a machine writes its address itself.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urljoin, urlsplit

import requests

from gp_prestashop.errors import DataError, Transient

__all__ = ["LARGEST", "Resolve", "addresses_of", "download", "too_large"]

LARGEST = 20_000_000  # bytes of a picture
TIMEOUT = (10, 60)  # seconds to connect, and between bytes
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str], Sequence[str]]


def download(url: str, resolve: Resolve) -> bytes:
    """Raises DataError where no picture may or can be had, Transient where it may come later."""
    place = _web_address(url, url)
    _refuse_inside(url, place, resolve)
    for _ in range(MOST_REDIRECTS + 1):
        try:
            with requests.get(place.geturl(), timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
                if answer.status_code not in REDIRECTS:
                    return _content(url, answer)
                there = urljoin(place.geturl(), answer.headers.get("Location", ""))
        except requests.RequestException as error:
            raise Transient("picture_later", f"{_shown(url)} cannot be had: {type(error).__name__}.") from error
        following = _web_address(url, there)
        if not _same_host(place, following):
            raise DataError(
                "picture_elsewhere",
                f"{_shown(url)} leads to another host, {following.netloc.rpartition('@')[2]}.",
                remedy="Write the address that it leads to into images.csv, if that is meant.",
            )
        place = following
    raise DataError("no_picture", f"{_shown(url)} leads on more than {MOST_REDIRECTS} times.")


def addresses_of(host: str) -> list[str]:
    """The addresses that a name stands for; none where that is not known here (a proxy may know)."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def too_large(name: str) -> DataError:
    return DataError("picture_too_large", f"{name} is larger than {LARGEST // 1_000_000} MB.")


def _web_address(asked: str, url: str) -> SplitResult:
    """The parts of an address that can be asked for."""
    leads = "is" if asked == url else "leads to what is"
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        place, port = SplitResult("", "", "", "", ""), 0
    if place.scheme not in PORTS or not place.hostname or port == 0:
        raise DataError("no_picture", f"{_shown(asked)} {leads} no web address.")
    return place


def _same_host(before: SplitResult, after: SplitResult) -> bool:
    ports = [place.port or PORTS[place.scheme] for place in (before, after)]
    return before.hostname == after.hostname and (ports[0] == ports[1] or ports == [80, 443])


def _refuse_inside(url: str, place: SplitResult, resolve: Resolve) -> None:
    host = str(place.hostname)
    if host == "localhost" or _address(host) is not None:
        return  # it says itself which machine it means
    inside = [address for address in resolve(host) if (one := _address(address)) is None or not one.is_global]
    if inside:
        raise DataError(
            "picture_inside",
            f"{_shown(url)}: {host} is {inside[0]}, a machine inside the network.",
            remedy=f"If that is meant, write {inside[0]} instead of {host} into images.csv.",
        )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _content(url: str, answer: requests.Response) -> bytes:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Transient("picture_later", f"{_shown(url)} answers {answer.status_code}.")
    if answer.status_code != 200:
        raise DataError("no_picture", f"{_shown(url)} answers {answer.status_code}.")
    content = b""
    for piece in answer.iter_content(65536):
        content += piece
        if len(content) > LARGEST:
            raise too_large(_shown(url))
    return content


def _shown(url: str) -> str:
    """Without a password."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"

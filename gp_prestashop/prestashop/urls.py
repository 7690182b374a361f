"""Addresses of the webservice: the shop's URL as people write it, queries, and lists of keys that fit into a URL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlencode, urlsplit

from gp_prestashop.errors import ConfigError

__all__ = ["api_base", "key_chunks", "query"]

KEYS_LENGTH = 1500  # characters of one list of keys; whole URLs stay under 2,000, which every proxy takes


def api_base(url: str) -> str:
    """``https://shop.example/sub`` with or without ``/api``, as ``…/api``. Raises ConfigError."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            "shop_url",
            "The shop's address is not set." if not url.strip() else "The shop's address is no web address.",
            remedy="Set GPPS_SHOP__URL, for example https://shop.example.com.",
        )
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ConfigError(
            "shop_url",
            "The shop's address must not hold a user, a key, or anything after a question mark.",
            remedy="Set GPPS_SHOP__URL to the bare address, and the key in GPPS_SHOP__KEY.",
        )
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}" + ("" if path.rpartition("/")[2] == "api" else "/api")


def query(params: Mapping[str, str]) -> str:
    """The query string, encoded in full: some firewalls refuse bare brackets."""
    return urlencode(params, safe=",:", quote_via=quote)


def key_chunks(keys: Iterable[str], most: int) -> Iterator[list[str]]:
    """Keys in lists of at most ``most`` whose ``[a|b|c]`` fits into a URL."""
    chunk: list[str] = []
    length = 0
    for key in keys:
        cost = len(quote(key, safe="")) + 3  # "%7C" between them
        if chunk and (len(chunk) >= most or length + cost > KEYS_LENGTH):
            yield chunk
            chunk, length = [], 0
        chunk.append(key)
        length += cost
    if chunk:
        yield chunk

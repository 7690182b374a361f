"""What the connector asks of the webservice: rows of a resource by filter, one record, what the key may do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError
from gp_prestashop.prestashop.codec import decode_list
from gp_prestashop.prestashop.governor import Governor, Stats
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.transport import Transport
from gp_prestashop.prestashop.unreadable import UnreadableError
from gp_prestashop.prestashop.urls import key_chunks
from gp_prestashop.prestashop.xml_codec import xml_root
from gp_prestashop.settings import ShopSettings

__all__ = ["Capabilities", "PrestaShopClient", "Row"]

Row = dict[str, Any]
FULL = "full"
METHODS = ("get", "head", "post", "put", "patch", "delete")
MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the shop told of itself. ``permissions``: resource → methods that the key may use."""

    version: tuple[int, ...]
    permissions: Mapping[str, frozenset[str]]
    shop_name: str

    @property
    def patch(self) -> bool:
        """PATCH exists from 8.0.0 on; 1.7.8 answers 405 with code 23."""
        return self.version >= (8, 0, 0)


class PrestaShopClient:
    """A shop's webservice. Reads are tried again; writes are in :class:`writer.ShopWriter`."""

    def __init__(
        self,
        settings: ShopSettings,
        clock: Clock,
        session: requests.Session | None = None,
        *,
        jitter: Callable[[], float] = random.random,
        governor: Governor | None = None,
    ) -> None:
        self.governor = governor or Governor(clock, per_minute=settings.requests_per_minute)
        self.transport = Transport(settings, clock, self.governor, jitter, session)

    @property
    def stats(self) -> Stats:
        return self.governor.stats

    def close(self) -> None:
        self.transport.close()

    @cached_property
    def capabilities(self) -> Capabilities:
        """Asked once. Raises ConfigError when the key is refused or nothing answers as a webservice does."""
        root = xml_root(self.transport.read("").body)
        api = root.find("api")
        if api is None:
            raise ConfigError(
                "webservice_not_found",
                "What answers at the shop's address is not its webservice.",
                remedy="Check GPPS_SHOP__URL.",
            )
        permissions = {
            str(entry.tag): frozenset(m.upper() for m in METHODS if entry.get(m) == "true")
            for entry in api
            if isinstance(entry.tag, str)
        }
        return Capabilities(self.transport.version or (0,), permissions, api.get("shopName", ""))

    def rows(self, resource: str, params: Mapping[str, str], *, display: Sequence[str] = ()) -> list[Row]:
        """Records of a resource: all of their fields, or those of ``display``. Never a part of the answer.

        JSON lists are complete, smaller, and right where XML is not well-formed (``]]>`` in a text); XML keeps the
        languages' ids, which JSON loses in shops with one language. Whichever fails, the other one is tried.
        """
        asked = {**params, "display": f"[{','.join(display)}]" if display else FULL}
        i18n = facts(resource).i18n
        in_json = not (i18n & set(display) if display else i18n)
        try:
            return self._rows(resource, asked, i18n, in_json=in_json)
        except UnreadableError as first:
            self.stats.unreadable += 1
            try:
                return self._rows(resource, asked, i18n, in_json=not in_json)
            except UnreadableError:
                raise first from None

    def keyed(
        self, resource: str, field: str, keys: Sequence[str], *, display: Sequence[str] = (), most: int = MOST_KEYS
    ) -> Iterator[list[Row]]:
        """The records whose ``field`` is one of ``keys``, in as few requests as URLs allow, by id."""
        for chunk in key_chunks(dict.fromkeys(keys), most):
            yield self.rows(resource, {f"filter[{field}]": f"[{'|'.join(chunk)}]", "sort": "[id_ASC]"}, display=display)

    def one(self, resource: str, key: str) -> Row | None:
        """One record in full, or None. By the list form: single answers in JSON lack fields, in XML may be broken."""
        return next((row for page in self.keyed(resource, "id", [key]) for row in page if row.get("id") == key), None)

    def in_both_formats(self, resource: str, params: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
        """The same rows from XML and from JSON, for who doubts that they are the same."""
        asked = {**params, "display": FULL}
        i18n = facts(resource).i18n
        return self._rows(resource, asked, i18n, in_json=False), self._rows(resource, asked, i18n, in_json=True)

    def _rows(self, resource: str, asked: Mapping[str, str], i18n: frozenset[str], *, in_json: bool) -> list[Row]:
        params = {**asked, "output_format": "JSON"} if in_json else asked
        answer = self.transport.read(resource, params)
        if answer.status == 404:
            raise ConfigError(
                "webservice_not_found",
                f"No webservice answers at this address (404 to GET {resource}).",
                remedy="Check GPPS_SHOP__URL.",
            )
        return decode_list(answer.body, i18n=i18n, only_language=lambda: self.only_language)

    @cached_property
    def only_language(self) -> str:
        """The id of the shop's only language (the first, should there be more after all)."""
        return str(min((int(row["id"]) for row in self.rows("languages", {}, display=["id"])), default=1))

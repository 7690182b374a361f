"""Writes to the shop, each sent once. Partial updates never wipe what they do not name.

PATCH where the shop has it (8.0 on); else records are read in full, changed and PUT back, without the fields that the
shop does not let be written, a few at a time: what a person saves between the reading and the writing is lost. A text for
one language is completed with the others first: PATCH of one language empties the rest of an optional field. Many records in
one request are not a transaction, and a refusal does not say how many were saved before it: that is doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.codec import decode_entities, decode_list
from gp_prestashop.prestashop.encode import encode
from gp_prestashop.prestashop.faults import BEFORE_WRITING
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.unreadable import UnreadableError
from gp_prestashop.prestashop.xml_codec import check_answer

__all__ = ["ShopWriter"]

# Readable and returned in full, but a PUT that holds them is error 93. (customers' secure_key is called read-only too,
# yet must be sent back: a PUT without it empties it.)
NOT_WRITABLE = {
    "products": ("manufacturer_name", "quantity"),
    "categories": ("level_depth", "nb_products_recursive"),
    "manufacturers": ("link_rewrite",),
}
# Read and not sent back: the shop refuses a place that its category has no longer (error 134 or 135: products were deleted,
# or this one is not in its default category), and moves the others for one that it has. Without it a PUT moves nothing.
MOVES = {"products": ("position_in_category",)}
_NAMED = re.compile(r'parameter "([a-z_0-9]+)" not writable')
MOST_AT_ONCE = 200
MOST_REPLACED = {"products": 10}  # read and put back: people edit these, so soon; 50 of all others


class ShopWriter:
    """Creates, changes and deletes. All methods raise InDoubt, DataError, Refused, Transient or ConfigError."""

    def __init__(self, client: PrestaShopClient) -> None:
        self._client = client
        self._patch_refused = False

    @property
    def patches(self) -> bool:
        """Whether partial updates go by PATCH: many records in one request, nothing read before."""
        return self._client.capabilities.patch and not self._patch_refused

    def create(self, resource: str, entities: Sequence[Mapping[str, Any]], **params: str) -> list[Row]:
        """New records in one request; each as the shop saved it, in order. ``params``: for example sendemail='1'."""
        return self._send("POST", resource, resource, entities, params)

    def update(self, resource: str, changes: Sequence[Mapping[str, Any]], *, answer: bool = True) -> list[Row]:
        """Changes records: each mapping holds ``id`` and the fields to change, no others are touched.

        Returns them as the shop saved them; by PATCH without ``answer`` only their ids, for callers that read back anyway.
        """
        if any(not str(change.get("id", "")).isdigit() for change in changes):
            raise DataError("id_missing", "A record to be changed needs its id.")
        if self.patches:
            whole = [self._with_all_languages(resource, change) for change in changes]
            try:
                return self._send("PATCH", resource, _path(resource, whole), whole, {}, answer=answer)
            except ConfigError as error:
                if error.code != "method_unsupported":
                    raise
                self._patch_refused = True  # a proxy before the shop
        saved: list[Row] = []
        size = MOST_REPLACED.get(resource, 50)
        for start in range(0, len(changes), size):
            chunk = changes[start : start + size]
            try:
                current = self._in_full(resource, [str(int(change["id"])) for change in chunk])
            except GpPrestashopError as error:
                if not saved:
                    raise
                raise _doubt(error, chunk, saved, error.sentence) from error
            try:
                saved.extend(self._put_back(resource, chunk, current))
            except GpPrestashopError as error:
                raise _which(error, chunk, saved) from error
        return saved

    def replace(self, resource: str, entities: Sequence[Mapping[str, Any]]) -> list[Row]:
        """PUT of whole records, many in one request: what an entity does not hold is emptied by the shop."""
        return self._send("PUT", resource, _path(resource, entities), entities, {})

    def delete(self, resource: str, keys: Sequence[str]) -> list[str]:
        """Deletes records, one request each; returns the keys that were there."""
        gone = []
        for key in keys:
            try:
                self._client.transport.write("DELETE", f"{resource}/{int(key)}", None)
            except Refused as error:
                if error.code != "absent":
                    raise
            else:
                gone.append(key)
        return gone

    def _put_back(self, resource: str, changes: Sequence[Mapping[str, Any]], current: Mapping[str, Row]) -> list[Row]:
        """What a change does not name goes back as it came, associations stay as they are."""
        dropped = {*NOT_WRITABLE.get(resource, ()), *MOVES.get(resource, ())}
        named_by_us = {name for change in changes for name in change}
        while True:
            entities = [_changed(current[str(int(change["id"]))], change, dropped) for change in changes]
            try:
                return self._send("PUT", resource, _path(resource, entities), entities, {})
            except (Refused, InDoubt) as error:  # of several: doubt, since the first may have been saved
                named = _NAMED.search(str(error.details.get("message", "")))
                unwritable = error.details.get("cause", error.code) == "field_read_only"
                if not unwritable or not named or named[1] in dropped | named_by_us:
                    raise
                dropped.add(named[1])

    def _in_full(self, resource: str, keys: Sequence[str]) -> dict[str, Row]:
        """The records with their secret fields, which a PUT must send back. They go nowhere else."""
        params = {"filter[id]": f"[{'|'.join(keys)}]", "display": "full"}
        answer = self._client.transport.read(resource, params)
        try:
            rows = decode_list(answer.body, secrets=True)
        except UnreadableError:  # "]]>" in a text
            answer = self._client.transport.read(resource, {**params, "output_format": "JSON"})
            rows = decode_list(
                answer.body,
                i18n=facts(resource).i18n,
                only_language=lambda: self._client.only_language,
                secrets=True,
            )
        found = {str(row.get("id")): row for row in rows}
        if absent := [key for key in keys if key not in found]:
            raise Refused("absent", f"{resource} {absent[0]} is not in the shop (any more).")
        return found

    def _with_all_languages(self, resource: str, change: Mapping[str, Any]) -> Mapping[str, Any]:
        texts = [name for name, value in change.items() if isinstance(value, Mapping)]
        if not texts:
            return change
        current = self._client.one(resource, str(change["id"]))
        if current is None:
            raise Refused("absent", f"{resource} {change['id']} is not in the shop (any more).")
        whole = dict(change)
        for name in texts:
            before = current.get(name)
            whole[name] = {**(before if isinstance(before, Mapping) else {}), **_languages(change[name])}
        return whole

    def _send(
        self,
        method: str,
        resource: str,
        path: str,
        entities: Sequence[Mapping[str, Any]],
        params: Mapping[str, str],
        *,
        answer: bool = True,
    ) -> list[Row]:
        """One request for each chunk that is small enough; an error in a later chunk names what went before."""
        saved: list[Row] = []
        for start in range(0, len(entities), MOST_AT_ONCE):
            chunk = entities[start : start + MOST_AT_ONCE]
            try:
                answered = self._client.transport.write(method, path, encode(facts(resource), chunk), params)
                if answer:
                    saved.extend(self._saved(resource, answered.body, len(chunk)))
                else:
                    check_answer(answered.body)
                    saved.extend({"id": str(entity["id"])} for entity in chunk)
            except UnreadableError as error:
                raise _doubt(error, chunk, saved, "The shop's answer to a write cannot be read.") from error
            except GpPrestashopError as error:
                raise _which(error, chunk, saved) from error
        return saved

    def _saved(self, resource: str, body: bytes, count: int) -> list[Row]:
        """The records that the answer repeats. One with "]]>" in a text breaks it: then they are read by their ids."""
        try:
            return decode_entities(body)
        except UnreadableError as error:
            entity = facts(resource).entity
            ids = re.findall(rf"<{entity}>\s*<id><!\[CDATA\[(\d+)\]\]></id>", body.decode("utf-8", "replace"))
            if error.code != "body_malformed" or len(ids) != count:
                raise
            try:
                rows = {row["id"]: row for page in self._client.keyed(resource, "id", ids) for row in page}
            except GpPrestashopError:
                raise error from None  # it was written: whatever the reading back says, no retry
            if set(ids) - rows.keys():
                raise
            return [rows[key] for key in ids]


def _which(error: GpPrestashopError, chunk: Sequence[Mapping[str, Any]], saved: list[Row]) -> GpPrestashopError:
    """The error, or doubt where some of several records may have been saved."""
    refused = isinstance(error, DataError | Refused) and not BEFORE_WRITING & set(error.details.get("codes", ()))
    if isinstance(error, InDoubt) or (refused and len(chunk) > 1) or saved:
        return _doubt(error, chunk, saved, error.sentence)
    return error


def _doubt(
    error: GpPrestashopError, chunk: Sequence[Mapping[str, Any]], saved: list[Row], sentence: str
) -> GpPrestashopError:
    several = len(chunk) + len(saved) > 1
    return InDoubt(
        "partly_written" if several else error.code,
        f"{sentence} Some of {len(chunk)} records may have been saved." if several else sentence,
        remedy=error.remedy or "It is settled by reading the records back.",
        details={
            **error.details,
            "cause": error.code,
            "unsettled": [str(entity.get("id", "")) for entity in chunk],
            "saved": [str(row.get("id", "")) for row in saved],
        },
    )


def _changed(current: Row, change: Mapping[str, Any], dropped: set[str]) -> dict[str, Any]:
    """The whole record with the change in it; texts of languages that are not named stay."""
    entity = {k: v for k, v in current.items() if not isinstance(v, list) and k not in dropped}
    for name, value in change.items():
        before = current.get(name)
        both = isinstance(value, Mapping) and isinstance(before, Mapping)
        entity[name] = {**before, **_languages(value)} if both else value  # type: ignore[dict-item]
    return entity


def _path(resource: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The id in the body decides; the one in the path is kept equal to it."""
    return f"{resource}/{int(entities[0]['id'])}" if len(entities) == 1 else resource


def _languages(texts: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(language): text for language, text in texts.items()}

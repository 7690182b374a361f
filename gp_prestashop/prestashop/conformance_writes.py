"""Writing checks, on entities of their own, marked with an address at ``gpps-test.example.com`` and deleted at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from gp_prestashop.errors import DataError
from gp_prestashop.prestashop.configuration import default_language
from gp_prestashop.prestashop.conformance_reads import Check, UnmetError, expect
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["write_checks"]

NOTE = 'evil ]]> end & <tag> "quotes" — 漢字'


def write_checks() -> dict[str, Check]:
    return {
        "write: text comes back as it was sent": _round_trip,
        "write: a partial change keeps all other fields": _partial_change,
        "write: an invalid value is a named error": _invalid,
        "write: what is deleted is gone": _deleted,
    }


@contextmanager
def _customer(source: PrestaShopSource) -> Iterator[tuple[ShopWriter, str]]:
    writer = ShopWriter(source.client)
    mark = uuid4().hex
    made = writer.create(
        "customers",
        [
            {
                "id_lang": default_language(source.client),
                "passwd": mark,
                "lastname": "Gppstest",
                "firstname": "Conformance",
                "email": f"{mark}@gpps-test.example.com",
                "company": "Test & Sons",
                "note": NOTE,
                "active": 0,
            }
        ],
    )
    key = str(made[0]["id"])
    try:
        yield writer, key
    finally:
        writer.delete("customers", [key])


def _read(source: PrestaShopSource, key: str) -> dict[str, Any]:
    row = source.client.one("customers", key)
    if row is None:
        raise UnmetError(f"Customer {key} was made but is not there.")
    return row


def _round_trip(source: PrestaShopSource) -> str:
    with _customer(source) as (_, key):
        row = _read(source, key)
        expect(row["company"] == "Test & Sons", f"The company came back as {row['company']!r}.")
        expect(row["note"] == NOTE, f"The note came back as {row['note']!r}.")
    return "Quotes, signs, CDATA ends and other scripts."


def _partial_change(source: PrestaShopSource) -> str:
    with _customer(source) as (writer, key):
        before = _read(source, key)
        writer.update("customers", [{"id": key, "website": "https://www.example.com"}])
        after = _read(source, key)
        expect(after["website"] == "https://www.example.com", "The change is not there.")
        differ = sorted(name for name in before if before[name] != after.get(name))
        expect(set(differ) <= {"website", "date_upd"}, f"It also changed {', '.join(differ)}.")
    return "PATCH." if source.client.capabilities.patch else "Read, changed and put back."


def _invalid(source: PrestaShopSource) -> str:
    with _customer(source) as (writer, key):
        try:
            writer.update("customers", [{"id": key, "email": "no address"}])
        except DataError as error:
            return error.sentence
    raise UnmetError("A customer took an e-mail address that is none.")


def _deleted(source: PrestaShopSource) -> str:
    with _customer(source) as (writer, key):
        expect(writer.delete("customers", [key]) == [key], "The shop says that it was not there.")
        expect(source.client.one("customers", key) is None, "It is still there.")
        expect(writer.delete("customers", [key]) == [], "It was deleted twice.")
    return "Deleted once, absent after."

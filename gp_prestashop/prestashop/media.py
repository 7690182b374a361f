"""Pictures and texts for the shop's products, in a folder: files named after items, and addresses in a table.

``CW-00002.jpg``, ``CW-00002_2.png`` … are an item's pictures in their order; ``images.csv`` (columns item, url) adds such as
lie on a web server. ``CW-00002.en.html`` is its description in English, ``CW-00002.en.short.html`` the short one. What file
systems do not take in a name (``/ \\ : * ? " < > |``) is ``_`` there.
"""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from gp_prestashop.clock import Clock
from gp_prestashop.errors import DataError, Transient
from gp_prestashop.mapping.shapes import Column, LookupList
from gp_prestashop.prestashop.article_index import normal

__all__ = ["MEDIA_LISTS", "Media", "picture_type"]

FRESH = 30.0  # seconds that the folder's listing serves
LARGEST = 20_000_000  # bytes of a picture
TIMEOUT = (10, 60)  # seconds to connect, and between bytes
TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
TABLE = "images.csv"
PICTURES, TEXTS = "prestashop.picture_files", "prestashop.text_files"
MEDIA_LISTS = {
    PICTURES: LookupList(
        PICTURES,
        ("item", "number"),
        (Column("source", title="File name or address"), Column("version", title="Size and time of the file")),
    ),
    TEXTS: LookupList(
        TEXTS, ("item", "number"), (Column("language"), Column("description"), Column("description_short"))
    ),
}
_PICTURE = re.compile(r"(?P<item>.+?)(?:_(?P<number>\d{1,2}))?\.(?:jpe?g|png|gif)", re.IGNORECASE)
_TEXT = re.compile(r"(?P<item>.+)\.(?P<language>[a-z]{2})(?P<short>\.short)?\.html", re.IGNORECASE)


@dataclass(slots=True)
class _Listing:
    pictures: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (source, version) in their order
    texts: dict[str, dict[str, dict[str, Path]]] = field(default_factory=dict)  # language → column → file


class Media:
    """Answers both lists, and reads the pictures themselves. A folder that is not there is empty."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._listing: _Listing | None = None
        self._read_at = 0.0

    def lookup(
        self, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> dict[tuple[str, ...], Mapping[str, Any]]:
        listing = self._listed()
        found: dict[tuple[str, ...], Mapping[str, Any]] = {}
        for key in keys:
            item, number = _safe(key[0]), int(key[1])
            row = _picture(listing, item, number) if name == PICTURES else _text(listing, item, number)
            if row is not None:
                found[key] = {column: row.get(column) for column in columns}
        return found

    def content(self, source: str) -> bytes:
        """The picture. Raises DataError where there is none of a kind that the shop takes, Transient where it may come."""
        content = _downloaded(source) if "://" in source else self._file(source)
        if picture_type(content) is None:
            raise DataError(
                "no_picture", f"{source} is no JPEG, PNG or GIF.", remedy="Save the picture in another format."
            )
        return content

    def _file(self, name: str) -> bytes:
        path = (self._folder / name).resolve()
        if path.parent != self._folder.resolve():
            raise DataError("outside_folder", f"{name} is not in {self._folder}.")
        try:
            if path.stat().st_size > LARGEST:
                raise _too_large(name)
            return path.read_bytes()
        except OSError as error:
            raise DataError("no_picture", f"{path} cannot be read: {error.strerror}.") from error

    def _listed(self) -> _Listing:
        with self._lock:
            now = self._clock.monotonic()
            if self._listing is None or now - self._read_at > FRESH:
                self._listing, self._read_at = _listing(self._folder), now
            return self._listing


def picture_type(content: bytes) -> str | None:
    """The MIME type, by the first bytes."""
    return next((kind for start, kind in TYPES.items() if content.startswith(start)), None)


def _listing(folder: Path) -> _Listing:
    listing = _Listing()
    numbered: dict[str, list[tuple[int, str, str]]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if found := _TEXT.fullmatch(path.name):
            column = "description_short" if found["short"] else "description"
            languages = listing.texts.setdefault(normal(found["item"]), {})
            languages.setdefault(found["language"].lower(), {})[column] = path
        elif found := _PICTURE.fullmatch(path.name):
            facts = path.stat()
            version = f"{facts.st_size}-{facts.st_mtime_ns}"
            numbered.setdefault(normal(found["item"]), []).append((int(found["number"] or 1), path.name, version))
    for item, some in numbered.items():
        listing.pictures[item] = [(name, version) for _, name, version in sorted(some)]
    table = folder / TABLE
    if table.is_file():
        with table.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if item := _safe(row.get("item") or ""):
                    listing.pictures.setdefault(item, []).append(((row.get("url") or "").strip(), ""))
    return listing


def _picture(listing: _Listing, item: str, number: int) -> Mapping[str, Any] | None:
    some = listing.pictures.get(item, [])
    return dict(zip(("source", "version"), some[number - 1], strict=True)) if 0 < number <= len(some) else None


def _text(listing: _Listing, item: str, number: int) -> Mapping[str, Any] | None:
    languages = sorted(listing.texts.get(item, {}).items())
    if not 0 < number <= len(languages):
        return None
    language, files = languages[number - 1]
    return {"language": language, **{column: path.read_text("utf-8-sig").strip() for column, path in files.items()}}


def _downloaded(url: str) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise DataError("no_picture", f"{url} is no web address.")
    try:
        with requests.get(url, timeout=TIMEOUT, stream=True) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise Transient("picture_later", f"{url} answers {answer.status_code}.")
            if answer.status_code != 200:
                raise DataError("no_picture", f"{url} answers {answer.status_code}.")
            content = b""
            for piece in answer.iter_content(65536):
                content += piece
                if len(content) > LARGEST:
                    raise _too_large(url)
            return content
    except requests.RequestException as error:
        raise Transient("picture_later", f"{url} cannot be had: {type(error).__name__}.") from error


def _too_large(name: str) -> DataError:
    return DataError("picture_too_large", f"{name} is larger than {LARGEST // 1_000_000} MB.")


def _safe(item: str) -> str:
    return re.sub(r'[/\\:*?"<>|]', "_", normal(item))

"""Pictures and texts for the shop's products, in a folder: files named after items, and two tables.

``CW-00002.jpg``, ``CW-00002_2.png`` … are an item's pictures in their order; ``images.csv`` (columns item, url) adds such as
lie on a web server. ``CW-00002.en.html`` is its description in English, ``CW-00002.en.short.html`` the short one; what has no
file of its own stands in ``texts.csv`` (columns item, language, and any of the texts). What file systems do not take in a name
(``/ \\ : * ? " < > |``) is ``_`` there.
"""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gp_prestashop.clock import Clock
from gp_prestashop.errors import ConfigError, DataError
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Column, LookupList
from gp_prestashop.prestashop.media_download import LARGEST, Resolve, addresses_of, download, too_large

__all__ = ["MEDIA_LISTS", "TEXT_COLUMNS", "Media", "picture_type"]

FRESH = 30.0  # seconds that the folder's listing serves
TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
ADDRESS_TABLE, TEXT_TABLE = "images.csv", "texts.csv"
TEXT_COLUMNS = ("name", "description", "description_short", "meta_title", "meta_description")
PICTURES, TEXTS = "prestashop.picture_files", "prestashop.text_files"
MEDIA_LISTS = {
    PICTURES: LookupList(
        PICTURES,
        ("item", "number"),
        (Column("source", title="File name or address"), Column("version", title="Size and time of the file")),
    ),
    TEXTS: LookupList(TEXTS, ("item", "number"), (Column("language"), *(Column(name) for name in TEXT_COLUMNS))),
}
_PICTURE = re.compile(r"(?P<item>.+?)(?:_(?P<number>\d{1,2}))?\.(?:jpe?g|png|gif)", re.IGNORECASE)
_TEXT = re.compile(r"(?P<item>.+)\.(?P<language>[a-z]{2})(?P<short>\.short)?\.html", re.IGNORECASE)


@dataclass(slots=True)
class _Listing:
    pictures: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (source, version) in their order
    texts: dict[str, dict[str, dict[str, str | Path]]] = field(default_factory=dict)  # language → column → text or file


class Media:
    """Answers both lists, and reads the pictures themselves. A folder that is not there is empty."""

    def __init__(self, folder: Path, clock: Clock, resolve: Resolve = addresses_of) -> None:
        self._folder = folder
        self._resolve = resolve
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
        content = download(source, self._resolve) if "://" in source else self._file(source)
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
                raise too_large(name)
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
            languages = listing.texts.setdefault(key_text(found["item"]), {})
            languages.setdefault(found["language"].lower(), {})[column] = path
        elif found := _PICTURE.fullmatch(path.name):
            facts = path.stat()
            version = f"{facts.st_size}-{facts.st_mtime_ns}"
            numbered.setdefault(key_text(found["item"]), []).append((int(found["number"] or 1), path.name, version))
    for item, some in numbered.items():
        listing.pictures[item] = [(name, version) for _, name, version in sorted(some)]
    for item, row in _table(folder / ADDRESS_TABLE, "url"):
        listing.pictures.setdefault(item, []).append((row["url"], ""))
    for item, row in _table(folder / TEXT_TABLE, "language"):
        texts = listing.texts.setdefault(item, {}).setdefault(row["language"].lower(), {})
        for column in TEXT_COLUMNS:
            if row.get(column):
                texts.setdefault(column, row[column])  # a file of its own goes first
    return listing


def _table(path: Path, needed: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows with an item and a value in the column ``needed``, trimmed. Raises ConfigError."""
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"item", needed} <= set(reader.fieldnames or ()):
                raise ValueError(f"it lacks the column item or {needed}")
            rows = [{name: (text or "").strip() for name, text in row.items() if name} for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigError(
            "media_table", f"{path} cannot be used: {error}.", remedy="Save it as CSV with commas, in UTF-8."
        ) from error
    yield from ((item, row) for row in rows if (item := _safe(row["item"])) and row[needed])


def _picture(listing: _Listing, item: str, number: int) -> Mapping[str, Any] | None:
    some = listing.pictures.get(item, [])
    return dict(zip(("source", "version"), some[number - 1], strict=True)) if 0 < number <= len(some) else None


def _text(listing: _Listing, item: str, number: int) -> Mapping[str, Any] | None:
    languages = sorted(listing.texts.get(item, {}).items())
    if not 0 < number <= len(languages):
        return None
    language, texts = languages[number - 1]
    return {"language": language, **{column: _read(text) for column, text in texts.items()}}


def _read(text: str | Path) -> str:
    return text if isinstance(text, str) else text.read_text("utf-8-sig").strip()


def _safe(item: str) -> str:
    return re.sub(r'[/\\:*?"<>|]', "_", key_text(item))

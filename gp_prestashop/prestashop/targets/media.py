"""Pictures and texts of products that are in the shop already.

The shop keeps no name and no date of a picture, and may store it in another format: nothing tells it again but its place.
So the n-th picture of a product is the n-th of the document. Those that the shop lacks are added at the end, one request
each, and counted before and after; a retry after a lost answer finds one more and adds only what is left. What is there
is left alone unless ``replace`` is set; then a picture with other bytes is replaced where it is, which may be done twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gp_prestashop.engine.protocols import Existing, Outcome
from gp_prestashop.errors import DataError, InDoubt
from gp_prestashop.mapping.shapes import Column, Document, DocumentShape, Frame, Problem
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.media import TEXT_COLUMNS, Media, picture_type
from gp_prestashop.prestashop.resources import facts
from gp_prestashop.prestashop.targets.comparing import differs
from gp_prestashop.prestashop.targets.handler import Action
from gp_prestashop.prestashop.targets.matching import Match, ambiguous, match
from gp_prestashop.prestashop.targets.related import Related
from gp_prestashop.prestashop.writer import ShopWriter

__all__ = ["MediaHandler"]


class MediaHandler:
    """The document ``product_media``; its key is the product's reference."""

    def __init__(
        self,
        client: Callable[[], PrestaShopClient],
        writer: Callable[[], ShopWriter],
        related: Related,
        media: Media,
    ) -> None:
        self._client = client
        self._writer = writer
        self._related = related
        self._media = media

    def shape(self) -> DocumentShape:
        header = Frame(
            "header",
            (
                Column("reference", required=True, max_length=64),
                Column("replace", "BOOLEAN", title="Whether pictures that differ are replaced"),
            ),
        )
        images = Frame(
            "images",
            (
                Column("source", required=True, title="File name in the folder of media, or web address"),
                Column("version", title="What changes when the file does; not sent"),
            ),
            ("images",),
        )
        fields = facts("products").fields
        named = (Column(name, max_length=fields[name].get("max_length")) for name in TEXT_COLUMNS)
        texts = Frame("texts", (Column("language", required=True, max_length=2, title="ISO code"), *named), ("texts",))
        return DocumentShape("prestashop", "product_media", ("reference",), (header, images, texts))

    def preflight(self, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG002
        return []

    def existing(self, documents: Sequence[Document]) -> dict[str, Existing]:
        matches = self._matches(documents)
        found: dict[str, Existing] = {}
        for document in documents:
            if (one := matches.get(document.key)) is None:
                continue
            if one.only is None:
                found[document.key] = ambiguous(document, one, "products")
                continue
            difference = self._difference(document, one.only)
            found[document.key] = Existing(ours=True, same=not difference, status="work", difference=difference)
        return found

    def write(self, document: Document, action: Action) -> Outcome:  # noqa: ARG002
        """Texts first, then picture by picture; what is there is looked up right before."""
        row = self._row(document)
        texts = {name: value for name, value in self._texts(document).items() if differs(row.get(name), value)}
        if texts:
            self._writer().update("products", [{"id": row["id"], **texts}])
        sources = [str(image["source"]) for image in document.frames.get("images", ())]
        there = _ids(row)
        for place in self._others(document, row):
            self._send("PUT", f"images/products/{row['id']}/{there[place]}", sources[place])
        for source in sources[len(there) :]:
            self._send("POST", f"images/products/{row['id']}", source)
        after = self._row(document)
        if len(_ids(after)) < len(sources):
            raise InDoubt("read_back_differs", f"The shop took pictures of {document.key}, and shows fewer.")
        return Outcome("changed", document.key, {"id_product": int(row["id"]), "images": _ids(after)})

    def _send(self, method: str, path: str, source: str) -> None:
        content = self._media.content(source)
        kind, boundary = picture_type(content), uuid.uuid4().hex
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="image"; filename="image"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        form = f"multipart/form-data; boundary={boundary}"
        self._client().transport.write(method, path, body, content_type=form)

    def _matches(self, documents: Sequence[Document]) -> dict[str, Match]:
        return match(self._client(), "products", documents, ())

    def _row(self, document: Document) -> Row:
        found = self._matches([document]).get(document.key)
        if found is None or found.only is None:
            raise DataError("not_in_shop", f"The shop has no product {document.key}, or several.")
        return found.only

    def _difference(self, document: Document, row: Row) -> dict[str, tuple[Any, Any]]:
        wanted, there = len(document.frames.get("images", ())), _ids(row)
        difference: dict[str, tuple[Any, Any]] = {}
        if len(there) < wanted:
            difference["images"] = (len(there), wanted)
        elif others := self._others(document, row):
            difference["images"] = ("others", ", ".join(str(place + 1) for place in others))
        for name, value in self._texts(document).items():
            if differs(row.get(name), value):
                difference[name] = ("another text", "the file's")
        return difference

    def _others(self, document: Document, row: Row) -> list[int]:
        """Places, from 0, of pictures that are to be replaced."""
        if not document.header.get("replace"):
            return []
        pairs = zip(document.frames.get("images", ()), _ids(row), strict=False)
        return [
            place
            for place, (image, identifier) in enumerate(pairs)
            if self._stored(str(row["id"]), identifier) != self._media.content(str(image["source"]))
        ]

    def _stored(self, product: str, identifier: str) -> bytes:
        return self._client().transport.read(f"images/products/{product}/{identifier}").body

    def _texts(self, document: Document) -> Mapping[str, dict[str, str]]:
        """By field: the text of each language that the document has one for. The others keep theirs."""
        languages = {iso: identifier for identifier, iso in self._related.languages()}
        found: dict[str, dict[str, str]] = {}
        for row in document.frames.get("texts", ()):
            identifier = languages.get(str(row["language"]).lower())
            for name in TEXT_COLUMNS:
                if identifier and row.get(name):
                    found.setdefault(name, {})[identifier] = str(row[name])
        return found


def _ids(row: Row) -> list[str]:
    return [str(image["id"]) for image in row.get("images") or ()]

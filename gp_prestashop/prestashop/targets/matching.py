"""Which record of the shop a document is about: by reference, then by EAN. Several are ambiguous, and never guessed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.prestashop.article_index import normal
from gp_prestashop.prestashop.client import PrestaShopClient, Row

__all__ = ["Match", "ambiguous", "match"]

RESERVED = frozenset("|[],")  # they have a meaning in filters


@dataclass(frozen=True, slots=True)
class Match:
    """``rows``: what was found, by ``by`` (reference or EAN)."""

    rows: tuple[Row, ...]
    by: str

    @property
    def only(self) -> Row | None:
        return self.rows[0] if len(self.rows) == 1 else None


def match(
    client: PrestaShopClient, resource: str, documents: Sequence[Document], display: Sequence[str]
) -> dict[str, Match]:
    """By document key; nothing for those that the shop does not have."""
    found: dict[str, Match] = {}
    for by, field in (("reference", "reference"), ("EAN", "ean13")):
        wanted: dict[str, list[str]] = {}
        for document in documents:
            if document.key not in found and (text := normal(document.header.get(field))):
                wanted.setdefault(text, []).append(document.key)
        askable = [text for text in wanted if not RESERVED & set(text)]
        rows: dict[str, list[Row]] = {}
        for page in client.keyed(resource, field, askable, display=display) if askable else ():
            for row in page:
                rows.setdefault(normal(row.get(field)), []).append(row)
        found |= {key: Match(tuple(some), by) for text, some in rows.items() for key in wanted.get(text, ())}
    return found


def ambiguous(document: Document, found: Match, what: str) -> Existing:
    """For a person: which ones they are."""
    ids = ", ".join(str(row["id"]) for row in found.rows)
    sentence = f"{document.key}: the {what} {ids} of the shop have the same {found.by}."
    return Existing(ours=False, same=False, status="work", sentence=sentence)


def unaskable(document: Document) -> Existing | None:
    """A number that the shop's filters cannot ask for could be there without our knowing."""
    if not RESERVED & set(document.key):
        return None
    sentence = f"{document.key} holds one of | [ ] , which the shop's webservice cannot look for."
    return Existing(ours=False, same=False, status="work", sentence=sentence)


Matches = Mapping[str, Match]

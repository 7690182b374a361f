"""Which record of the shop a document is about: by reference, then by EAN. What is not certain is never guessed at.

An EAN finds the shop's own products, which may have no reference, or one of the shop's own numbering. A product whose
reference is the number of another GP item is that item's, whatever EAN it carries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.prestashop.client import PrestaShopClient, Row
from gp_prestashop.prestashop.targets.comparing import Differences, as_existing

__all__ = ["Items", "Match", "ambiguous", "match", "of_other_kind", "recognised", "unaskable"]

RESERVED = frozenset("|[],")  # they have a meaning in filters

Items = Callable[[Sequence[str]], Collection[str]]  # which of these references are the numbers of GP items (key_text)


@dataclass(frozen=True, slots=True)
class Match:
    """``rows``: what was found, by ``by`` (reference, EAN or options)."""

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
            if document.key not in found and (text := key_text(document.header.get(field))):
                wanted.setdefault(text, []).append(document.key)
        askable = [text for text in wanted if not RESERVED & set(text)]
        rows: dict[str, list[Row]] = {}
        for page in client.keyed(resource, field, askable, display=display) if askable else ():
            for row in page:
                rows.setdefault(key_text(row.get(field)), []).append(row)
        found |= {key: Match(tuple(some), by) for text, some in rows.items() for key in wanted.get(text, ())}
    return found


def recognised(
    documents: Sequence[Document],
    matches: Mapping[str, Match],
    what: str,
    difference: Callable[[Document, Row], Differences],
    items: Items,
) -> dict[str, Existing]:
    """What the shop has of these documents, and how it was found; ambiguous ones are for a person.

    ``what`` is the resource; ``difference`` compares a document with the one row that it matches.
    """
    taken = _taken(documents, matches, what, items)
    found: dict[str, Existing] = {}
    for document in documents:
        one = matches.get(document.key)
        if odd := unaskable(document) or taken.get(document.key):
            found[document.key] = odd
        elif one is not None and one.only is None:
            found[document.key] = ambiguous(document, one, what)
        elif one is not None and one.only is not None:
            same = as_existing(document, difference(document, one.only))
            found[document.key] = replace(same, found_by=one.by, sentence=_how(document, one, one.only, what))
    return found


def of_other_kind(
    client: PrestaShopClient, resource: str, documents: Sequence[Document], matches: Mapping[str, Match]
) -> dict[str, Existing]:
    """Of those without a match, the ones whose number is the reference of something in ``resource``: it would be there twice."""
    keys = {key_text(document.key): document.key for document in documents if document.key not in matches}
    askable = [text for text in keys if text and not RESERVED & set(text)]
    pages = client.keyed(resource, "reference", askable, display=("id", "reference")) if askable else ()
    return {
        keys[text]: _held(
            f"{keys[text]}: the shop has it among its {resource}, as {row['id']}, where GP's catalogue "
            "(catalogue.variants) says otherwise."
        )
        for page in pages
        for row in page
        if (text := key_text(row.get("reference"))) in keys
    }


def ambiguous(document: Document, found: Match, what: str) -> Existing:
    """For a person: which ones they are."""
    ids = ", ".join(str(row["id"]) for row in found.rows)
    return _held(f"{document.key}: the {what} {ids} of the shop have the same {found.by}.")


def unaskable(document: Document) -> Existing | None:
    """A number that the shop's filters cannot ask for could be there without our knowing."""
    if not RESERVED & set(document.key):
        return None
    return _held(f"{document.key} holds one of | [ ] , which the shop's webservice cannot look for.")


def _taken(documents: Sequence[Document], matches: Mapping[str, Match], what: str, items: Items) -> dict[str, Existing]:
    """Matches by something else than the reference with a row that is another item's, or that several documents match."""
    rows = {
        document.key: (one, row)
        for document in documents
        if (one := matches.get(document.key)) is not None and one.by != "reference" and (row := one.only) is not None
    }
    references = {text for _, row in rows.values() if (text := key_text(row.get("reference")))}
    theirs = {key_text(document.key) for document in documents} & references
    if unknown := sorted(references - theirs):
        theirs |= {*items(unknown)}
    takers: dict[str, list[str]] = {}
    for key, (_, row) in rows.items():
        takers.setdefault(str(row["id"]), []).append(key)
    found: dict[str, Existing] = {}
    for key, (one, row) in rows.items():
        others = [other for other in takers[str(row["id"])] if other != key]
        if key_text(row.get("reference")) in theirs:
            found[key] = _held(
                f"{key}: of the {what} of the shop, {row['id']} has the same {one.by}, but its reference is "
                f"{row['reference']}, another item of GP. Correct the {one.by} in GP, or the reference in the shop."
            )
        elif others:
            found[key] = _held(
                f"{key}: of the {what} of the shop, {row['id']} has the same {one.by}, and {', '.join(others)} of GP "
                f"as well. Correct the {one.by} of one of them in GP."
            )
    return found


def _how(document: Document, found: Match, row: Row, what: str) -> str:
    sentence = f"{document.key} is {row['id']} of the shop's {what}, found by its {found.by}"
    reference = str(row.get("reference") or "").strip()
    if found.by == "reference":
        return f"{sentence}."
    return f"{sentence}; its reference was {reference}." if reference else f"{sentence}; it had no reference."


def _held(sentence: str) -> Existing:
    return Existing(ours=False, same=False, status="work", sentence=sentence)

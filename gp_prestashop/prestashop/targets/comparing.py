"""Whether a field of the shop holds what a document wants, by the field's kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.engine.protocols import Existing
from gp_prestashop.mapping.shapes import Document

__all__ = ["as_existing", "differs", "shown"]

Differences = dict[str, tuple[Any, Any]]


def differs(there: Any, wanted: Any) -> bool:
    """Numbers by value, truth values as 1 and 0, texts as they are; a text of each language in any of them."""
    if isinstance(wanted, Mapping):
        texts = there if isinstance(there, Mapping) else {}
        return any(str(texts.get(language) or "") != str(text or "") for language, text in wanted.items())
    if isinstance(wanted, bool):
        return str(there or "0") != ("1" if wanted else "0")
    if isinstance(wanted, int | Decimal):
        try:
            return Decimal(str(there or 0)) != wanted
        except InvalidOperation:
            return True
    return str(there or "") != str(wanted or "")


def shown(there: Any, wanted: Any) -> tuple[Any, Any]:
    """For a sentence: of texts in several languages, the first that differs stands for all."""
    if not isinstance(wanted, Mapping):
        return there, wanted
    texts = there if isinstance(there, Mapping) else {}
    language = next((one for one in wanted if differs(texts.get(one), wanted[one])), next(iter(wanted), ""))
    return texts.get(language), wanted.get(language)


def as_existing(document: Document, difference: Differences) -> Existing:
    """Differences of owned columns are to be mended, the others are conflicts that stay."""
    mine = {name: pair for name, pair in difference.items() if not document.owns or name in document.owns}
    theirs = {name: pair for name, pair in difference.items() if name not in mine}
    return Existing(ours=True, same=not mine, status="work", difference=mine, conflicts=theirs)

"""Cash receipts and credit memos in GP: what is there of them, and what they are applied to.

An invoice is often posted after its payment has come: then the receipt is applied to it later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from gp_prestashop.engine.protocols import Existing, MoneyRow, Outcome
from gp_prestashop.errors import DataError
from gp_prestashop.gp.apply import APPLICATIONS, applicable, not_yet_applied, unapplied
from gp_prestashop.gp.compare import plain
from gp_prestashop.gp.currencies import Currencies
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.errors import AlreadyThere
from gp_prestashop.gp.guard_receivables import MEMOS, RECEIPTS, Held, Kind, existing_receivables, held_receivables
from gp_prestashop.gp.money import receivables_money
from gp_prestashop.gp.order_changes import amendment
from gp_prestashop.gp.writer import Writer
from gp_prestashop.keys import key_text
from gp_prestashop.mapping.shapes import Document

__all__ = ["RECEIVABLES", "Receivables"]

RECEIVABLES: Mapping[str, Kind] = {"cash_receipt": RECEIPTS, "credit_memo": MEMOS}


class Receivables:
    """Of the document types in RECEIVABLES. The web services cannot apply, so nothing is unfinished there."""

    def __init__(
        self, database: GpDatabase, currencies: Callable[[], Currencies], writer: Callable[[], Writer]
    ) -> None:
        self._database: Final = database
        self._currencies: Final = currencies
        self._writer: Final = writer
        self._applies: Final = database.settings.writer == "econnect"

    def existing(self, type_: str, documents: Sequence[Document]) -> dict[str, Existing]:
        """One that could be applied by now to what it was not applied to differs by that."""
        found, rest = self._compared(type_, documents)
        for key, document in rest.items():
            rows = {
                f"APPTOAMT {row['APTODCNM']}": (plain(Decimal(0)), plain(row["APPTOAMT"]))
                for row in document.frames[APPLICATIONS]
            }
            found[key] = replace(found[key], same=False, difference=rows)
        return found

    def prepared(self, document: Document) -> tuple[Document, str]:
        """The document with what GP will apply of it, and a sentence about what it will not."""
        ready, said = applicable(self._database, self._currencies(), document, RECEIVABLES[document.type])
        return ready, " ".join(said)

    def apply_later(self, document: Document) -> Outcome:
        """To an invoice that was posted after it came.

        Raises DataError ``amendment`` when anything else has changed, ``not_applied`` when somebody applied it just then.
        """
        found, rest = self._compared(document.type, [document])
        there = found.get(document.key)
        if there is None or not (there.ours and there.same):
            raise amendment(document, "it stays in GP as it is")
        if document.key not in rest:
            return Outcome("unchanged", document.key, {"found": there.status})
        try:
            return self._writer().write(rest[document.key], action="change")
        except AlreadyThere as error:
            remedy = "Run the record again: it applies what is left."
            raise DataError("not_applied", error.sentence, remedy=remedy, details=error.details) from error

    def unfinished(self, type_: str, keys: Sequence[str]) -> set[str]:
        """Which of these have something left that they could be applied by."""
        if not self._applies:
            return set()
        left = unapplied(self._held(type_, keys), self._currencies())
        return {key for key in keys if key_text(key) in left}

    def money(self, type_: str, keys: Iterable[str]) -> Iterator[MoneyRow]:
        return receivables_money(self._database, self._currencies(), keys, RECEIVABLES[type_])

    def _compared(
        self, type_: str, documents: Sequence[Document]
    ) -> tuple[dict[str, Existing], Mapping[str, Document]]:
        """What is there, and by key the documents that could be applied by now, with those applications only."""
        kind, currencies = RECEIVABLES[type_], self._currencies()
        held = self._held(type_, [document.header["DOCNUMBR"] for document in documents])
        found = existing_receivables(held, currencies, documents, kind)
        there = [one for one in documents if one.key in found and found[one.key].ours and found[one.key].same]
        if not self._applies:
            return found, {}
        return found, not_yet_applied(self._database, currencies, there, kind, held)

    def _held(self, type_: str, numbers: Sequence[str]) -> Held:
        return held_receivables(self._database, numbers, RECEIVABLES[type_])

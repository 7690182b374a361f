"""Scores every order of the books, with the kind and a sentence why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gp_prestashop.assist.anomalies.books import Books, Floats, Mask
from gp_prestashop.assist.anomalies.bursts import bursts
from gp_prestashop.assist.anomalies.duplicates import duplicates
from gp_prestashop.assist.anomalies.evidence import Evidence
from gp_prestashop.assist.anomalies.invariants import header_invariants, payment_invariants, tax_rates
from gp_prestashop.assist.anomalies.limits import limits
from gp_prestashop.assist.anomalies.places import exchange_rates, places
from gp_prestashop.assist.anomalies.postings import postings
from gp_prestashop.assist.anomalies.prices import line_prices, list_prices, prices
from gp_prestashop.assist.anomalies.quantities import quantities
from gp_prestashop.assist.anomalies.ranking import combine
from gp_prestashop.assist.anomalies.signs import negatives
from gp_prestashop.assist.anomalies.unusual import unusual

__all__ = ["Scored", "evidence_of", "score_books"]

SHOWN = 0.05  # below, no kind is claimed


@dataclass(frozen=True, slots=True)
class Scored:
    """An order's score (0…1, higher is worse), the kind of anomaly ("" when none), a sentence why, and its cause for grouping."""

    order_id: str
    score: float
    kind: str
    reason: str
    cause: str = ""

    def as_json(self) -> dict[str, Any]:
        row = asdict(self)
        row.pop("cause")
        row["order_id"] = (
            int(self.order_id)
            if self.order_id.isdecimal() and str(int(self.order_id)) == self.order_id
            else self.order_id
        )
        return row


def evidence_of(books: Books) -> list[Evidence]:
    """What every detector says."""
    return list(_evidence(books))


def _evidence(books: Books) -> Iterator[Evidence]:
    yield from header_invariants(books)
    yield from payment_invariants(books)
    yield from tax_rates(books)
    lines = line_prices(books)
    yield from prices(books, lines)
    foreign = np.zeros(books.size)
    for found in list_prices(books):
        foreign = np.maximum(foreign, found.surprise)
        yield found
    yield from quantities(books, lines)
    yield from negatives(books)
    yield from duplicates(books)
    yield from bursts(books)
    yield from places(books, foreign)
    yield from exchange_rates(books)
    yield from postings(books)
    yield from limits(books, lines)


def score_books(books: Books, *, ties: bool = True) -> list[Scored]:
    """One entry for each order, in the books' order; without ``ties`` those that look alike are not ranked further."""
    if books.size == 0:
        return []
    evidence = evidence_of(books)
    score, leading, _ = combine(evidence, books.size)
    if ties:
        score = np.minimum(1.0, score + (1 - score) * 0.002 * unusual(books, evidence))
    ids = books.orders["order_id"].tolist()
    return [_scored(i, ids[i], score, leading, evidence) for i in range(books.size)]


def _scored(i: int, order_id: str, score: Floats, leading: Mask, evidence: list[Evidence]) -> Scored:
    value = round(float(score[i]), 6)
    if leading[i] < 0 or value < SHOWN:
        return Scored(order_id, value, "", "Nothing stands out.")
    chosen = evidence[leading[i]]
    return Scored(order_id, value, chosen.kind, chosen.reason(i), chosen.cause(i) if chosen.cause else chosen.kind)

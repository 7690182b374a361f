"""Likely mistakes in a flow, from its map and from samples of what it reads and makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.mapping.shapes import Document, Problem, SourceRecord

__all__ = ["Finding", "check_flow"]

# GP amounts without tax, and those with: the source's name says which it is.
NET = frozenset(
    ["SUBTOTAL", "ORSUBTOT", "UNITPRCE", "XTNDPRCE", "FREIGHT", "FRTAMNT", "MISCAMNT", "TRDISAMT", "MRKDNAMT", "SLSAMNT", "UOMPRICE", "LISTPRCE", "UNITCOST"]
)  # fmt: skip
GROSS = frozenset(["DOCAMNT", "ORTRXAMT", "PYMTRCVD", "AMNTPAID"])
# GP keeps these times 100.
HUNDREDTHS = frozenset(["ITEMSHWT", "TRDISPCT", "DSCPCTAM", "CUSTDISC", "MRKDNPCT", "COMPRCNT", "STDCPRCT", "TRDDISCT"])
_TAXED = re.compile(r"(tax_incl|_wt$|_ti$|_ttc|with_tax)")
_UNTAXED = re.compile(r"(tax_excl|_te$|_ht$|^total_products$)")
_CUTS = re.compile(r"\b(left|substr|fit)\s*\(", re.IGNORECASE)
_ROUNDS = re.compile(r"cast\s*\([^)]*\bas\s+(integer|bigint|smallint|int|date)\b", re.IGNORECASE)
_ENOUGH = 5  # documents before a column that never varies is worth a word


@dataclass(frozen=True)
class Finding:
    """One likely mistake. ``severity`` is ``error`` (GP refuses, or money is wrong) or ``warning``."""

    flow: str
    column: str  # frame.COLUMN
    code: str
    severity: str
    sentence: str
    expression: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check_flow(
    flow: EngineFlow, records: Sequence[SourceRecord], documents: Sequence[Document], problems: Sequence[Problem] = ()
) -> list[Finding]:
    """Findings, the serious ones first. ``documents`` and ``problems`` are what the flow made of ``records`` (all may be empty)."""
    found = [*_stopped(flow, problems, records), *_names(flow), *_samples(flow, records, documents)]
    return sorted(dict.fromkeys(found), key=lambda f: (f.severity != "error", f.column, f.code))


def _expressions(flow: EngineFlow) -> Iterator[tuple[str, str, str]]:
    """(frame, column, expression) of everything that is mapped, with what ``let`` names stand for put in."""
    lets = dict(flow.flow.map.let)
    for column, text in flow.flow.map.header.columns.items():
        yield "header", column, _with_lets(text, {**lets, **flow.flow.map.header.let})
    for frame, parts in flow.flow.map.frames.items():
        for part in parts:
            for column, text in part.columns.items():
                yield frame, column, _with_lets(text, {**lets, **part.let})


def _with_lets(text: str, lets: Mapping[str, str]) -> str:
    for _ in range(3):
        for name, meaning in lets.items():
            text = re.sub(rf"(?<!['.\w]){re.escape(name)}(?!['.\w(])", lambda _hit, m=meaning: f"({m})", text)  # type: ignore[misc]
        if len(text) > 4000:
            break
    return text


def _stopped(flow: EngineFlow, problems: Sequence[Problem], records: Sequence[SourceRecord]) -> Iterator[Finding]:
    """What would hold or warn of the sampled records: required columns that stay blank, texts that do not fit, failed checks."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.code, problem.column), []).append(problem)
    for (code, column), some in groups.items():
        keys = {problem.source_key for problem in some}
        most = len(keys) > len(records) // 2
        yield Finding(
            flow.name,
            column or "record",
            code,
            "error" if most and some[0].severity == "hold" else "warning",
            f"{len(keys)} of {len(records)} sampled records: {some[0].sentence}",
        )


def _names(flow: EngineFlow) -> Iterator[Finding]:
    """What the names alone give away: tax, hundredths, cuts."""
    lineage = flow.compiled.lineage()
    for frame, column, text in _expressions(flow):
        where = f"{frame}.{column}"
        sources = [name.rpartition(".")[2] for name in lineage.get(where, ())]
        taxed, untaxed = [s for s in sources if _TAXED.search(s)], [s for s in sources if _UNTAXED.search(s)]
        if column in NET and taxed and not untaxed and "-" not in text and "div(" not in text:
            yield Finding(
                flow.name,
                where,
                "tax_included",
                "error",
                f"{column} is an amount without tax, {', '.join(taxed)} has tax in it.",
                text,
            )
        if column in GROSS and untaxed and not taxed and "+" not in text:
            yield Finding(
                flow.name,
                where,
                "tax_left_out",
                "warning",
                f"{column} is an amount with tax, {', '.join(untaxed)} has none.",
                text,
            )
        if column in HUNDREDTHS and sources and not re.search(r"\*\s*100|100\s*\*", text):
            yield Finding(
                flow.name,
                where,
                "hundredths",
                "error",
                f"GP keeps {column} times 100; the expression does not multiply.",
                text,
            )
        if (
            (hit := _ROUNDS.search(text))
            and hit[1].lower() != "date"
            and any("price" in s or "total" in s or "amount" in s for s in sources)
        ):
            yield Finding(
                flow.name,
                where,
                "lossy",
                "warning",
                f"cast as {hit[1]} drops the decimals of {', '.join(sources)}.",
                text,
            )


def _samples(flow: EngineFlow, records: Sequence[SourceRecord], documents: Sequence[Document]) -> Iterator[Finding]:
    raw = {record.key: record.raw for record in records}
    lineage = flow.compiled.lineage()
    for frame, column, text in _expressions(flow):
        where = f"{frame}.{column}"
        values = [row.get(column) for document in documents for row in document.frames.get(frame, [])]
        sources = [name.rpartition(".")[2] for name in lineage.get(where, ())]
        if len(values) >= _ENOUGH:
            yield from _spread(flow, where, text, values, sources)
        if frame == "header" and _CUTS.search(text):
            yield from _cut(flow, where, text, column, sources, raw, documents)
        if frame == "header" and len(sources) == 1:
            yield from _lost(flow, where, text, column, sources[0], raw, documents)


def _spread(
    flow: EngineFlow, where: str, text: str, values: Sequence[Any], sources: Sequence[str]
) -> Iterator[Finding]:
    if all(value in (None, "") for value in values):
        yield Finding(flow.name, where, "never_filled", "warning", f"Blank in all {len(values)} sampled rows.", text)
    elif sources and len(set(map(str, values))) == 1:
        yield Finding(
            flow.name,
            where,
            "constant",
            "warning",
            f"Always {values[0]} in {len(values)} sampled rows, though it comes from {', '.join(sources)}.",
            text,
        )


def _cut(
    flow: EngineFlow,
    where: str,
    text: str,
    column: str,
    sources: Sequence[str],
    raw: Mapping[str, Mapping[str, Any]],
    documents: Sequence[Document],
) -> Iterator[Finding]:
    shape = flow.document.frames[0].column(column)
    limit = shape.max_length if shape is not None else None
    if limit is None or not sources:
        return
    longest = max(
        (sum(len(str(raw.get(d.source_key, {}).get(s) or "")) for s in sources) for d in documents), default=0
    )
    written = max((len(str(d.header.get(column) or "")) for d in documents), default=0)
    if longest > limit and written >= limit - 1:
        yield Finding(
            flow.name,
            where,
            "truncated",
            "warning",
            f"Text of up to {longest} characters is cut to {written}; {column} takes {limit}.",
            text,
        )


def _lost(
    flow: EngineFlow,
    where: str,
    text: str,
    column: str,
    source: str,
    raw: Mapping[str, Mapping[str, Any]],
    documents: Sequence[Document],
) -> Iterator[Finding]:
    """One number in, another number out: a hundred times as much or as little, or decimals lost."""
    ratios: list[Decimal] = []
    rounded = 0
    for document in documents:
        before, after = _number(raw.get(document.source_key, {}).get(source)), _number(document.header.get(column))
        if before and after is not None:
            ratios.append(after / before)
            rounded += after != before and abs(after - before) < 1
    if len(ratios) < _ENOUGH:
        return
    ratio = sorted(ratios)[len(ratios) // 2]
    if ratio in {Decimal(100), Decimal(1000), Decimal("0.01"), Decimal("0.001")} and column not in HUNDREDTHS:
        yield Finding(
            flow.name,
            where,
            "unit",
            "warning",
            f"{column} is {ratio:f} times {source} in the samples: are the units the same?",
            text,
        )
    if rounded > len(ratios) // 2:
        yield Finding(
            flow.name,
            where,
            "lossy",
            "warning",
            f"{column} loses decimals of {source} in {rounded} of {len(ratios)} samples.",
            text,
        )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

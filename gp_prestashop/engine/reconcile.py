"""Reconciliation: what the shop shows = what the ledger says, and what was delivered = what GP holds, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from gp_prestashop.engine.parts import EngineFlow, Parts
from gp_prestashop.engine.protocols import CensusRow, CountedSource, MoneyRow
from gp_prestashop.errors import ConfigError
from gp_prestashop.words import called

__all__ = ["STATES", "DayTotals", "Reconciliation", "reconcile"]

STATES = ("delivered", "held", "dead", "in_doubt", "ignored", "pending")
ZERO = Decimal(0)


@dataclass
class DayTotals:
    """One day and currency: (records, amount) in the shop and in each state, and the delivered documents as GP has them."""

    day: date
    currency: str
    shop: tuple[int, Decimal] = (0, ZERO)
    states: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    gp: tuple[int, Decimal] = (0, ZERO)
    gp_functional: Decimal = ZERO

    @property
    def conserved(self) -> bool:
        """Whether what the shop shows is what the ledger has in all states together."""
        counted = sum(records for records, _ in self.states.values())
        amount = sum((amount for _, amount in self.states.values()), ZERO)
        return (counted, amount) == self.shop

    @property
    def balanced(self) -> bool:
        """Whether it is conserved, and what was delivered is what GP holds."""
        return self.conserved and self.states.get("delivered", (0, ZERO)) == self.gp

    def as_json(self) -> dict[str, Any]:
        def pair(value: tuple[int, Decimal]) -> dict[str, Any]:
            return {"records": value[0], "amount": f"{value[1]:f}"}

        return {
            "day": self.day.isoformat(),
            "currency": self.currency,
            "shop": pair(self.shop),
            **{state: pair(self.states.get(state, (0, ZERO))) for state in STATES},
            "gp": {**pair(self.gp), "functional_amount": f"{self.gp_functional:f}"},
            "balanced": self.balanced,
        }


@dataclass
class Reconciliation:
    """``breaks`` are sentences, one for each thing that does not add up; none means that all is well.

    ``unseen`` are keys that the shop shows and the ledger does not know.
    """

    flow: str
    days: list[DayTotals] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, Any]:
        return {"flow": self.flow, "ok": self.ok, "days": [d.as_json() for d in self.days], "breaks": self.breaks}


def reconcile(parts: Parts, flow_name: str, first: date, last: date) -> Reconciliation:
    """Compare shop, ledger and GP for the records of these days (both inclusive, in the shop's time zone)."""
    flow = parts.flow(flow_name)
    result = Reconciliation(flow_name)
    days: dict[tuple[date, str], DayTotals] = {}

    def totals(day: date, currency: str) -> DayTotals:
        return days.setdefault((day, currency), DayTotals(day, currency))

    in_shop = dict(_census(parts, flow, first, last))
    for row in in_shop.values():
        day = totals(row.day, row.currency)
        day.shop = (day.shop[0] + 1, day.shop[1] + row.amount)
    for counted in parts.ledger.conservation(flow_name, first, last):
        if counted.day is None:
            continue
        day = totals(counted.day, counted.currency or "")
        records, amount = day.states.get(counted.state, (0, ZERO))
        day.states[counted.state] = (records + counted.count, amount + (counted.amount or ZERO))
    _compare_documents(parts, flow, first, last, totals, result)
    _find_unseen(parts, flow_name, first, last, in_shop, result)
    result.days = [days[key] for key in sorted(days)]
    for day in result.days:
        if not day.balanced:
            result.breaks.append(f"{day.day} {day.currency}: the shop, the ledger and GP do not agree.")
    return result


def _census(parts: Parts, flow: EngineFlow, first: date, last: date) -> Iterator[tuple[str, CensusRow]]:
    source = parts.source(flow)
    if not isinstance(source, CountedSource):
        raise ConfigError(
            "no_census",
            f"The {called(flow.resource.name)} of {called(flow.resource.system)} are not counted by days.",
            remedy=f"The checks of {flow.name} in Dagster say where its records stand, and its sweep compares both sides.",
        )
    for row in source.census(flow.resource.name, first, last):
        yield row.key, row


def _compare_documents(
    parts: Parts, flow: EngineFlow, first: date, last: date, totals: Any, result: Reconciliation
) -> None:
    delivered = {target: (key, amount, currency, day) for key, target, amount, currency, day in
                 parts.ledger.delivered_keys(flow.name, first, last)}  # fmt: skip
    if flow.resource.amount is None:  # masters carry no money: a delivered record counts as its document
        for _, _, currency, day in delivered.values():
            there = totals(day, currency or "")
            there.gp = (there.gp[0] + 1, there.gp[1])
        return
    found: dict[str, MoneyRow] = {}
    for row in parts.target(flow).money(flow.document.name, list(delivered)):
        if row.key in found:
            result.breaks.append(f"{row.key} is in GP more than once.")
        elif row.status == "voided":
            result.breaks.append(f"{row.key} was voided in GP, and is delivered here.")
        else:
            found[row.key] = row
    for target, (key, amount, currency, day) in delivered.items():
        money = found.get(target)
        if money is None:
            result.breaks.append(f"{flow.resource.name} {key} was delivered as {target}, which GP does not hold.")
            continue
        if money.amount != amount:
            result.breaks.append(f"{target}: GP has {money.amount:f} {money.currency}, the shop {amount:f} {currency}.")
        there = totals(day, currency or "")
        there.gp = (there.gp[0] + 1, there.gp[1] + money.amount)
        there.gp_functional += money.functional_amount


def _find_unseen(
    parts: Parts, flow: str, first: date, last: date, in_shop: Mapping[str, CensusRow], result: Reconciliation
) -> None:
    known = set(parts.ledger.record_keys(flow, first, last))
    unseen = sorted(set(in_shop) - known, key=lambda key: (len(key), key))
    gone = sorted(known - set(in_shop), key=lambda key: (len(key), key))
    result.unseen = unseen
    if unseen:
        result.breaks.append(
            f"{len(unseen)} in the shop were never seen: {', '.join(unseen[:20])}. Run the flow for these days."
        )
    if gone:
        result.breaks.append(f"{len(gone)} are known here and no longer in the shop: {', '.join(gone[:20])}.")

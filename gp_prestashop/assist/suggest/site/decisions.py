"""What people accepted and rejected at this site, in ``$GPPS_HOME/assist/decisions.yaml``; it changes later suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gp_prestashop.assist.suggest.history import History
from gp_prestashop.errors import ConfigError

__all__ = ["AUTOMATIC", "Decision", "Decisions", "Verdict"]

Verdict = Literal["accepted", "rejected"]
AUTOMATIC = "automatic"  # who said so, when it was the review mode
_FILE = "decisions.yaml"


@dataclass(frozen=True)
class Decision:
    """``source`` is ``resource.field``, ``target`` is ``table.column``; ``by`` is who said so, ``automatic`` for the review mode."""

    verdict: Verdict
    source: str
    target: str
    by: str
    at: str
    expression: str | None = None
    confidence: float | None = None

    @property
    def manual(self) -> bool:
        return self.by != AUTOMATIC


class Decisions:
    """The file, read when made and written at each change. Comments in it are kept."""

    def __init__(self, home: Path) -> None:
        self.path = home / "assist" / _FILE
        self._yaml = YAML()
        self._all = self._read()

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def accepted(self) -> list[Decision]:
        return [one for one in self._all if one.verdict == "accepted"]

    def history(self) -> History:
        """As the matcher takes it."""
        return History(
            frozenset(_names(one) for one in self._all if one.verdict == "accepted"),
            frozenset(_names(one) for one in self._all if one.verdict == "rejected"),
        )

    def find(self, source: str, target: str) -> Decision | None:
        return next((one for one in self._all if (one.source, one.target) == (source, target)), None)

    def conflicts(self, source: str, target: str) -> list[Decision]:
        """Accepted decisions that say otherwise: another source for the same target."""
        return [one for one in self.accepted() if one.target == target and one.source != source]

    def record(self, decision: Decision) -> Decision | None:
        """Keep a decision; returns the one that it replaces. An automatic one never replaces what a person said.

        Raises ConfigError when an accepted decision for the same target says otherwise and is not a part of the same expression.
        """
        before = self.find(decision.source, decision.target)
        if before is not None and before.manual and not decision.manual:
            return before
        if decision.verdict == "accepted":
            for other in self.conflicts(decision.source, decision.target):
                if other.expression is None or other.expression != decision.expression:
                    raise ConfigError(
                        "decision_conflict",
                        f"{decision.target} is already taken from {other.source} ({other.by}).",
                        remedy=f"Take that back first: gp-prestashop suggest reject {other.source} {other.target}.",
                    )
        self._all = [one for one in self._all if one is not before] + [decision]
        self._write()
        return before

    def take_back(self, source: str, target: str) -> Decision | None:
        """Forget a decision."""
        before = self.find(source, target)
        self._all = [one for one in self._all if one is not before]
        self._write()
        return before

    def _read(self) -> list[Decision]:
        if not self.path.exists():
            return []
        try:
            data = self._yaml.load(self.path.read_text("utf-8")) or {}
            return [
                Decision(verdict=verdict, **dict(one))
                for verdict in ("accepted", "rejected")
                for one in data.get(verdict) or []
            ]
        except (YAMLError, TypeError, AttributeError) as error:
            raise ConfigError(
                "decisions_unreadable", f"{self.path} cannot be read: {error}.", remedy="Mend the file or move it away."
            ) from error

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data: dict[str, list[dict[str, Any]]] = {"accepted": [], "rejected": []}
        for one in sorted(self._all, key=lambda d: (d.source, d.target)):
            row = {name: value for name, value in asdict(one).items() if value is not None and name != "verdict"}
            data[one.verdict].append(row)
        temporary = self.path.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as file:
            self._yaml.dump(data, file)
        temporary.replace(self.path)


def decision(
    verdict: Verdict,
    source: str,
    target: str,
    *,
    by: str,
    at: datetime,
    expression: str | None = None,
    confidence: float | None = None,
) -> Decision:
    """A decision made now. Raises ConfigError when a name has no dot."""
    for name, what in ((source, "resource.field"), (target, "table.column")):
        if name.count(".") != 1:
            raise ConfigError(
                "name_unclear", f"{name} is not of the form {what}.", remedy=f"Write {what}, as suggest prints it."
            )
    made = Decision(verdict, source, target, by, at.isoformat(timespec="seconds"), expression)
    return replace(made, confidence=round(confidence, 4)) if confidence is not None else made


def _names(one: Decision) -> tuple[str, str, str, str]:
    owner, _, field = one.source.partition(".")
    table, _, column = one.target.partition(".")
    return owner, field, table, column

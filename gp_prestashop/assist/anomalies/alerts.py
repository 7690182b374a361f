"""Alerts: what a person is told, grouped by cause, and what is done about the orders: passed, warned of, or held."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from gp_prestashop.assist.anomalies.feedback import Feedback
from gp_prestashop.assist.anomalies.score import Scored
from gp_prestashop.settings import AnomalySettings

__all__ = ["Action", "Alert", "Policy", "alerts_of"]

Action = Literal["warn", "hold"]
NEVER = 1.01  # above every score


@dataclass(frozen=True)
class Policy:
    """From which score on an order is warned of, and held. ``never_hold`` are kinds that only ever warn."""

    warn: float = 0.5
    hold: float = NEVER
    never_hold: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: AnomalySettings) -> Policy:
        """The site's policy, for whoever asks: ``off`` only keeps orders on their way from being looked at."""
        hold = settings.hold_from if settings.policy == "hold" else NEVER
        return cls(settings.warn_from, hold, settings.never_hold)

    def action(self, scored: Scored) -> Action | None:
        if scored.score >= self.hold and scored.kind not in self.never_hold:
            return "hold"
        return "warn" if scored.score >= self.warn else None


@dataclass(frozen=True, slots=True)
class Alert:
    """Orders that look wrong for one cause, the worst first."""

    order_ids: tuple[str, ...]
    score: float
    kind: str
    reason: str
    cause: str
    action: Action

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"order_ids": list(self.order_ids)}


def alerts_of(
    scored: Sequence[Scored], policy: Policy, feedback: Feedback, only: Collection[str] | None = None
) -> list[Alert]:
    """Alerts for these orders (``only``: the candidates), the worst first. What was marked as fine weighs less."""
    groups: dict[tuple[str, str], list[Scored]] = {}
    for row in scored:
        if only is not None and row.order_id not in only:
            continue
        judged = feedback.judge(row)
        action = policy.action(judged)
        if action is not None:
            groups.setdefault((judged.cause or judged.kind, action), []).append(judged)
    alerts = [_alert(rows, policy) for rows in groups.values()]
    return sorted(alerts, key=lambda alert: (-alert.score, alert.order_ids))


def _alert(rows: list[Scored], policy: Policy) -> Alert:
    rows.sort(key=lambda row: (-row.score, row.order_id))
    worst = rows[0]
    action = policy.action(worst)
    reason = worst.reason if len(rows) == 1 else f"{len(rows)} orders: {worst.reason}"
    return Alert(tuple(row.order_id for row in rows), worst.score, worst.kind, reason, worst.cause, action or "warn")


def counts(alerts: Sequence[Alert]) -> Mapping[str, int]:
    """Orders by action."""
    return {name: sum(len(alert.order_ids) for alert in alerts if alert.action == name) for name in ("hold", "warn")}

"""What a site lets triage do by itself: ``$GPPS_HOME/assist/triage.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from gp_prestashop.assist.triage.causes import Action
from gp_prestashop.errors import ConfigError

__all__ = ["TriagePolicy"]

ACTIONS = frozenset(get_args(Action)) - {""}


@dataclass(frozen=True)
class TriagePolicy:
    """``allow``: actions that may be applied. ``records``: at most so many in one go. ``tries``: at most so often for one record and code."""

    allow: frozenset[str] = ACTIONS
    records: int = 50
    tries: int = 3

    @classmethod
    def load(cls, home: Path) -> TriagePolicy:
        """The site's policy, or the default. Raises ConfigError on a file that is wrong."""
        path = home / "assist" / "triage.toml"
        if not path.is_file():
            return cls()
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
            unknown = set(given) - {"allow", "records", "tries"}
            allow = frozenset(given.get("allow", ACTIONS))
            if unknown or allow - ACTIONS:
                raise ValueError(f"unknown: {', '.join(sorted(unknown | (allow - ACTIONS)))}")
            return cls(allow, int(given.get("records", cls.records)), int(given.get("tries", cls.tries)))
        except (ValueError, TypeError) as error:
            raise ConfigError(
                "triage_policy_invalid",
                f"{path} is wrong: {error}.",
                remedy='Write allow = ["retry", "bring", "refresh", "settle"], records = 50 and tries = 3 as you like.',
            ) from error

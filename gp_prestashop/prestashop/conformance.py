"""The conformance kit for a shop: the same checks against any PrestaShop that the settings name.

Reading checks change nothing. With ``write`` a marked customer with an address is made, changed and deleted again: use
a test shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.prestashop.conformance_reads import Check, UnmetError, read_checks
from gp_prestashop.prestashop.conformance_writes import write_checks
from gp_prestashop.prestashop.source import PrestaShopSource
from gp_prestashop.settings import ShopSettings

__all__ = ["CheckResult", "checks", "run_conformance"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check. ``seconds`` is how long it took."""

    name: str
    ok: bool
    sentence: str
    seconds: float


def checks(*, write: bool = False) -> dict[str, Check]:
    """The named checks, in order. Each returns a sentence, or raises."""
    return {**read_checks(), **(write_checks() if write else {})}


def run_conformance(
    settings: ShopSettings, *, write: bool = False, clock: Clock | None = None, session: requests.Session | None = None
) -> Iterator[CheckResult]:
    """Runs all checks in order; each failure is a result, never an exception."""
    clock = clock or SystemClock()
    source = PrestaShopSource(settings, clock, session)
    try:
        for probe in source.doctor():
            yield CheckResult(f"probe: {probe.name}", probe.ok, probe.sentence, 0.0)
            if not probe.ok and probe.name == "shop and key":
                return
        for name, check in checks(write=write).items():
            yield _run(name, check, source, clock.monotonic)
    finally:
        source.close()


def _run(name: str, check: Check, source: PrestaShopSource, now: Callable[[], float]) -> CheckResult:
    started = now()
    try:
        sentence, ok = check(source), True
    except (GpPrestashopError, UnmetError) as error:
        sentence, ok = str(error), False
    return CheckResult(name, ok, sentence, now() - started)

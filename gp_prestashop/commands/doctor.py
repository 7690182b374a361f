"""``doctor``: connects as configured and probes both sides, one line a probe, with how to mend each that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import typer
from rich.markup import escape

from gp_prestashop.commands.output import Json, console, explained_errors, print_json
from gp_prestashop.currency_probes import currency_probes
from gp_prestashop.engine.protocols import Probe
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.missing_values import missing_values
from gp_prestashop.settings import Settings, load_settings
from gp_prestashop.wiring import Wired, connect, open_engine

__all__ = ["doctor"]


def doctor(*, as_json: Json = False) -> None:
    """Check settings, shop, GP, ledger, flows and value maps; exit code 1 when anything fails."""
    with explained_errors():
        settings = load_settings()
        wired = connect(settings)
        probes: list[Probe] = []
        for probe in _probes(settings, wired):
            probes.append(probe)
            if not as_json:
                mark = "[green]ok  [/]" if probe.ok else "[red]FAIL[/]"
                console.print(f"{mark} {escape(probe.name)}: {escape(probe.sentence)}", soft_wrap=True)
                if not probe.ok and probe.remedy:
                    console.print(f"       → {probe.remedy}", soft_wrap=True, markup=False)
        if as_json:
            print_json([{"name": p.name, "ok": p.ok, "sentence": p.sentence, "remedy": p.remedy} for p in probes])
        if not all(probe.ok for probe in probes):
            raise typer.Exit(1)


def _probes(settings: Settings, wired: Wired) -> Iterator[Probe]:
    if settings.go_live:
        yield Probe("go-live", ok=True, sentence=f"Orders from {settings.go_live} on go to GP.")
    else:
        yield Probe("go-live", ok=False, sentence="No go-live date is set.", remedy="Set GPPS_GO_LIVE.")
    for loaded in wired.broken:
        yield Probe(f"flow {loaded.name}", ok=False, sentence=str(loaded.errors[0]), remedy=f"Mend {loaded.path}.")
    yield Probe("flows", ok=True, sentence=f"{len(wired.flows)} flows are valid: {', '.join(wired.flows)}.")
    yield from _guarded("shop", wired.source.doctor)
    yield from _guarded("GP", wired.target.doctor)
    shop_rates = settings.sop.rate == "shop"
    both = wired.source, wired.target, wired.targets["prestashop"]
    yield from _guarded("currencies", lambda: currency_probes(*both, shop_rates=shop_rates))
    yield from _guarded("ledger and value maps", lambda: _ledger_probes(settings))


def _guarded(name: str, probes: Callable[[], Iterable[Probe]]) -> Iterator[Probe]:
    """A side that cannot be reached is one failed probe; the other side is still probed."""
    try:
        yield from probes()
    except GpPrestashopError as error:
        yield Probe(name, ok=False, sentence=error.sentence, remedy=error.remedy)


def _ledger_probes(settings: Settings) -> Iterator[Probe]:
    with open_engine(settings) as engine:
        yield Probe("ledger", ok=True, sentence="The ledger's database is reachable and its tables are up to date.")
        yield from missing_values(engine.parts, settings.home)

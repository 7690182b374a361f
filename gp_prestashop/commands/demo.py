"""``demo``: everything at once on this machine: stand-ins, embedded Postgres, Dagster with its sensors, new orders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated

import requests
import typer

from gp_prestashop.commands.output import console, explained_errors
from gp_prestashop.commands.sandbox import DAYS, open_sandbox, place_orders
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.ledger.ledger import Ledger
from gp_prestashop.sandbox.sandbox import Ports
from gp_prestashop.settings import default_home

__all__ = ["demo"]

DAGSTER_FILE = Path(__file__).parents[2] / "dagster.yaml"
START_SECONDS = 120
HEARTBEATS = "{ instance { daemonHealth { allDaemonStatuses { daemonType healthy required } } } }"


def demo(
    orders: Annotated[int, typer.Option(help="Orders that the shop has already.")] = 60,
    days: Annotated[int, typer.Option(help="Days over which those orders were placed.")] = DAYS,
    port: Annotated[int, typer.Option(help="Dagster's port.")] = 3000,
    every: Annotated[int, typer.Option(help="Seconds between new orders.")] = 15,
    seconds: Annotated[int, typer.Option(help="Stop by itself after so long; 0: at Ctrl-C.")] = 0,
) -> None:
    """Start it all, place orders, and show how many have arrived in GP, until Ctrl-C."""
    with explained_errors(), ExitStack() as stack:
        home = default_home() / "demo"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        stopping = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        console.print("Starting the stand-in shop and the stand-in GP …")
        sandbox = open_sandbox(stack, home, seed=1, orders=orders, items=60, ports=Ports(), days=days)
        postgres = EmbeddedPostgres(home / "postgres")
        postgres.start()
        stack.callback(postgres.stop, force=True)
        environment = sandbox.environment | {
            "GPPS_HOME": str(home),
            "GPPS_DATABASE_URL": postgres.create_database("ledger"),
            "DAGSTER_HOME": str(_dagster_home(home)),
            # Dagster's NOTIFY needs psycopg2's way of binding parameters.
            "GPPS_DAGSTER_URL": postgres.create_database("dagster").replace("postgresql:", "postgresql+psycopg2:", 1),
            # What happened before this demo's days stays in the shop.
            "GPPS_GO_LIVE": sandbox.world.first_day.isoformat(),
        }
        ledger = Ledger(environment["GPPS_DATABASE_URL"])
        stack.callback(ledger.close)
        ledger.migrate()
        console.print("Starting Dagster …")
        dagster = _start_dagster(home, environment, port)
        stack.callback(_stop, dagster)
        url = f"http://127.0.0.1:{port}"
        _wait_for_dagster(url, dagster, home, stopping)
        place_orders(sandbox, stopping, every)
        console.print(
            f"\n  Dagster   {url}\n  Shop      {sandbox.shop.url}/api   (key {environment['GPPS_SHOP__KEY']})"
        )
        console.print(f"  GP        {sandbox.sql_url}\n  Services  {sandbox.soap.url}")
        console.print(f"  Home      {home}\n\nOrders flow by themselves. Ctrl-C stops everything.\n", soft_wrap=True)
        _watch(ledger, sandbox.shop.store.ids, stopping, seconds)
        console.print("Stopping …")
    console.print("Everything is stopped.")


def _dagster_home(home: Path) -> Path:
    folder = home / "dagster"
    folder.mkdir()
    if not DAGSTER_FILE.exists():
        raise ConfigError("no_checkout", "The demo runs from a checkout: dagster.yaml is not beside the package.")
    shutil.copy(DAGSTER_FILE, folder)
    return folder


def _start_dagster(home: Path, environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "dagster", "dev", "--module-name", "gp_prestashop.definitions",
        "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    with (home / "dagster.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=home, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
        )


def _wait_for_dagster(url: str, dagster: subprocess.Popen[bytes], home: Path, stopping: threading.Event) -> None:
    """Until the web server answers and every daemon has a heartbeat: `dagster dev` is silent when its daemon died."""
    end = time.monotonic() + START_SECONDS
    while not stopping.is_set():
        if dagster.poll() is not None or time.monotonic() > end:
            tail = (home / "dagster.log").read_text(encoding="utf-8", errors="replace")[-3000:]
            raise ConfigError("dagster_not_started", "Dagster did not start.", details={"log": tail})
        try:
            answer = requests.post(f"{url}/graphql", json={"query": HEARTBEATS}, timeout=5).json()
            daemons = answer["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
            if all(daemon["healthy"] for daemon in daemons if daemon["required"]):
                return
        except (requests.RequestException, ValueError, KeyError, TypeError):
            pass  # not up yet
        stopping.wait(1)


def _watch(ledger: Ledger, ids: Callable[[str], Sequence[int]], stopping: threading.Event, seconds: int) -> None:
    end = time.monotonic() + seconds if seconds else None
    shown = ""
    while not stopping.is_set() and (end is None or time.monotonic() < end):
        counts: dict[str, int] = {}
        for row in ledger.conservation("sales_orders"):
            counts[row.state] = counts.get(row.state, 0) + row.count
        in_shop = len(ids("orders"))
        line = f"{in_shop} orders in the shop, {counts.get('delivered', 0)} in GP"
        others = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()) if state != "delivered")
        line += f" ({others})" if others else ""
        if line != shown:
            console.print(line)
            shown = line
        stopping.wait(2)
    console.print(f"[bold]{shown}[/]")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The whole process group: Dagster starts servers of its own, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=30)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)

"""``sandbox start|stop|status|faults``: the two stand-ins alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from gp_prestashop.commands import sandbox_faults
from gp_prestashop.commands.output import Json, console, explained_errors, print_json
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.embedded import EmbeddedPostgres
from gp_prestashop.sandbox.sandbox import Ports, Sandbox, write_maps
from gp_prestashop.sandbox.shop.arrivals import Arrivals
from gp_prestashop.sandbox.shop.server import shop_time
from gp_prestashop.sandbox.world import OrderStream, generate
from gp_prestashop.settings import default_home

__all__ = ["DAYS", "app", "open_sandbox", "place_orders"]

app = typer.Typer(help="A stand-in shop and a stand-in GP on their real wires.", no_args_is_help=True)
app.add_typer(sandbox_faults.app, name="faults")

DAYS = 4  # of history in a new world


def open_sandbox(
    stack: ExitStack,
    home: Path,
    *,
    seed: int,
    orders: int,
    items: int,
    ports: Ports,
    days: int = DAYS,
    cost: bool = False,
) -> Sandbox:
    """Both stand-ins with a fresh world of the last days, and the site's value maps in ``home``."""
    first = datetime.now(UTC).date() - timedelta(days=days)  # yesterday is the last full day
    world = generate(seed, orders=orders, items=items, first_day=first, days=days, troubles=orders >= 30)
    postgres = stack.enter_context(EmbeddedPostgres(home / "sandbox", durable=False))
    name = f"gp_{os.getpid()}"  # a new world needs an empty database
    sandbox = stack.enter_context(Sandbox(world, postgres.create_database(name), ports, cost=cost))
    write_maps(world, home)
    return sandbox


def place_orders(sandbox: Sandbox, stop: threading.Event, every: float) -> threading.Thread:
    """A thread in which shoppers place an order every ``every`` seconds until ``stop``."""
    stream, arrivals = OrderStream(sandbox.world), Arrivals(sandbox.shop.store)

    def shop() -> None:
        while not stop.wait(every):
            arrivals.add(stream.next_orders(1, shop_time().replace(tzinfo=None, microsecond=0)))

    thread = threading.Thread(target=shop, name="shoppers", daemon=True)
    thread.start()
    return thread


@app.command()
def start(
    shop_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
    tds_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
    soap_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 1,
    orders: Annotated[int, typer.Option(help="Orders that the shop has already.")] = 100,
    items: Annotated[int, typer.Option(help="Items on sale.")] = 60,
    days: Annotated[int, typer.Option(help="Days over which those orders were placed.")] = DAYS,
    every: Annotated[int, typer.Option(help="Seconds between new orders; 0: none.")] = 0,
    *,
    cost: Annotated[bool, typer.Option(help="Each shop answer takes as long as a real shop's.")] = False,
    as_json: Json = False,
) -> None:
    """Start both stand-ins and keep them until Ctrl-C or `sandbox stop`. Prints the settings that point to them."""
    with explained_errors(), ExitStack() as stack:
        home = default_home()
        if (state := _running(home)) is not None:  # both would keep their worlds in one place
            remedy = "Stop it first: gp-prestashop sandbox stop. Or set another GPPS_HOME."
            raise ConfigError("running", f"The sandbox runs already (process {state['pid']}).", remedy=remedy)
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            remedy = "Set GPPS_HOME to a folder that can be written."
            raise ConfigError("home", f"{home} cannot be made: {error.strerror}.", remedy=remedy) from error
        ports = Ports(shop_port, tds_port, soap_port)
        for option, port in (("--shop-port", shop_port), ("--tds-port", tds_port), ("--soap-port", soap_port)):
            _check_free(option, port)
        sandbox = open_sandbox(stack, home, seed=seed, orders=orders, items=items, ports=ports, days=days, cost=cost)
        state = {"pid": os.getpid(), "settings": sandbox.environment}
        _state_file(home).write_text(json.dumps(state), encoding="utf-8")
        stack.callback(_state_file(home).unlink, missing_ok=True)
        if as_json:
            print_json(state)
        else:
            for name, value in sandbox.environment.items():
                console.print(f"export {name}='{value}'", soft_wrap=True)
        stop_event = threading.Event()
        if every:
            place_orders(sandbox, stop_event, every)
        wait_for_signal()
        stop_event.set()


@app.command()
def status(*, as_json: Json = False) -> None:
    """Whether the stand-ins run, and the settings that point to them."""
    with explained_errors():
        state = _running(default_home())
        if as_json:
            print_json(state or {"pid": None})
        elif state is None:
            console.print("The sandbox does not run.")
        else:
            console.print(f"The sandbox runs (process {state['pid']}).")
            for name, value in state["settings"].items():
                console.print(f"export {name}='{value}'", soft_wrap=True)
        if state is None:
            raise typer.Exit(1)


@app.command()
def stop() -> None:
    """Stop the stand-ins."""
    with explained_errors():
        state = _running(default_home())
        if state is None:
            raise ConfigError("not_running", "The sandbox does not run.")
        os.kill(int(state["pid"]), signal.SIGTERM)
        console.print("The sandbox stops.")


def wait_for_signal() -> None:
    """Until Ctrl-C or SIGTERM."""
    arrived = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        arrived.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    arrived.wait()


def _check_free(option: str, port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except (OSError, OverflowError) as error:
        sentence = f"{option} {port} cannot be listened on: {getattr(error, 'strerror', None) or error}."
        raise ConfigError("port_taken", sentence, remedy="Give another port, or 0 for a free one.") from error


def _state_file(home: Path) -> Path:
    return home / "sandbox.json"


def _running(home: Path) -> dict[str, Any] | None:
    try:
        state = json.loads(_state_file(home).read_text(encoding="utf-8"))
        os.kill(int(state["pid"]), 0)
    except (OSError, ValueError):
        return None
    return dict(state)

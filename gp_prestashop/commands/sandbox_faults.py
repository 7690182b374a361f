"""``sandbox faults list|add|clear``: misbehaviour of a running sandbox, ordered from another process."""

from __future__ import annotations

import json
from typing import Annotated, Any

import requests
import typer

from gp_prestashop.commands.output import Json, console, explained_errors, print_json, print_table
from gp_prestashop.errors import ConfigError
from gp_prestashop.settings import default_home

__all__ = ["app"]

app = typer.Typer(help="Make a running sandbox misbehave: the shop, TDS or SOAP.", no_args_is_help=True)

Url = Annotated[str, typer.Option(help="The stand-in shop's address; default: that of `sandbox start`.")]
PATH = "/__faults__"
TIMEOUT = 10


@app.command("list")
def list_faults(*, url: Url = "", as_json: Json = False) -> None:
    """Kinds of faults by target, and those that wait to happen."""
    with explained_errors():
        _show(_ask("GET", url), as_json=as_json)


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="See `list`.")],
    *,
    target: Annotated[str, typer.Option(help="shop, tds or soap.")] = "shop",
    times: Annotated[int, typer.Option(help="How many answers it affects.")] = 1,
    resource: Annotated[str, typer.Option(help="Shop: resource; SOAP: operation. Default: any.")] = "",
    method: Annotated[str, typer.Option(help="Shop: GET, POST, PUT … Default: any.")] = "",
    text: Annotated[str, typer.Option(help="TDS: what the statement must hold. Default: any.")] = "",
    seconds: Annotated[int, typer.Option(help="Of a delay, or what Retry-After says.")] = 1,
    row: Annotated[int, typer.Option(help="Which entity of a write error_row breaks.")] = 1,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Add a fault to the next answers."""
    with explained_errors():
        fault: dict[str, Any] = {"target": target, "kind": kind, "count": times, "seconds": seconds}
        fault |= {"method": method.upper(), "row": row} if target == "shop" else {}
        fault |= {"text": text} if target == "tds" else {"resource": resource}
        _show(_ask("POST", url, fault), as_json=as_json)


@app.command()
def clear(*, url: Url = "", as_json: Json = False) -> None:
    """Forget all faults that wait."""
    with explained_errors():
        _show(_ask("DELETE", url), as_json=as_json)


def _ask(method: str, url: str, fault: dict[str, Any] | None = None) -> dict[str, Any]:
    address = f"{(url or _running_url()).rstrip('/')}{PATH}"
    try:
        answer = requests.request(method, address, json=fault, timeout=TIMEOUT)
        found: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ConfigError("not_running", f"No sandbox answers at {address}.", remedy=str(error)) from error
    if answer.status_code != requests.codes.ok:
        raise ConfigError("unknown_fault", str(found.get("error")))
    return found


def _running_url() -> str:
    """What ``sandbox start`` wrote down."""
    try:
        state = json.loads((default_home() / "sandbox.json").read_text(encoding="utf-8"))
        return str(state["settings"]["GPPS_SHOP__URL"])
    except (OSError, ValueError, KeyError) as error:
        remedy = "Start one with `gp-prestashop sandbox start`, or name it with --url."
        raise ConfigError("not_running", "The sandbox does not run.", remedy=remedy) from error


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    print_table("Kinds", ("target", "kinds"), [(name, ", ".join(kinds)) for name, kinds in found["kinds"].items()])
    if not found["faults"]:
        console.print("No fault waits.")
        return
    rows = [
        (one.pop("target"), one.pop("kind"), one.pop("count"), ", ".join(f"{k}={v}" for k, v in one.items() if v))
        for one in found["faults"]
    ]
    print_table("Waiting", ("target", "kind", "times", "details"), rows)

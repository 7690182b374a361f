"""``bench stock``: 100,000 quantities from GP to the shop, from end to end, against one PUT for each row.

The stand-ins run in a process of their own, so that the memory measured is ours; the shop takes as long for each answer
as the recorded shops took. The baseline sends its PUTs one after the other, over one kept connection, and knows
beforehand which row belongs to which item: it reads nothing and keeps no ledger. Its rate is that of a sample.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.figure import Figure, figure

__all__ = ["ONE_IN_A_HUNDRED", "figures", "measure"]

ROWS = 100_000
SAMPLE = 400  # rows of the baseline
BASELINE = "one PUT per row"
TWENTIETH = 20
ONE_IN_A_HUNDRED = (  # changes in GP
    "update two.iv00102 set qtyonhnd = qtyonhnd + 1 where rcrdtype = 2 and right(itemnmbr::text, 2) = '00'"
)


def figures(say: Callable[[str], None], rows: int = ROWS) -> list[Figure]:
    """Rows a second and requests of a forced sweep, write requests when 1 % changed, peak memory."""
    found = measure(say, rows)
    plain, ours = found["plain"], found["ours"]
    return [
        figure("stock", "rows_per_second", ours["rows_per_second"], plain["rows_per_second"], BASELINE, "rows/s"),
        figure("stock", "full_sweep_requests", ours["full_requests"], rows, BASELINE, "requests", less_is_better=True),
        figure(
            "stock",
            "changed_sweep_write_requests",
            ours["changed_writes"],
            ours["changed_rows"],
            BASELINE,
            "requests",
            less_is_better=True,
        ),
        figure(
            "stock",
            "peak_rss_mib",
            ours["peak_rss_mib"],
            found["small"]["peak_rss_mib"],
            f"the same for {rows // TWENTIETH} rows",
            "MiB",
            less_is_better=True,
        ),
    ]


def measure(say: Callable[[str], None], rows: int) -> dict[str, dict[str, float]]:
    """What was measured of ``ours`` (all rows), ``small`` (a twentieth of them) and ``plain`` (the baseline)."""
    say(f"stand-ins with {rows // TWENTIETH} rows")
    with _stand_ins(rows // TWENTIETH) as environment:
        small = _in_a_process("ours", environment, rows // TWENTIETH)
    say(f"stand-ins with {rows} rows")
    with _stand_ins(rows) as environment:
        say(f"ours: {rows} rows, all of them different, then 1 % of them")
        ours = _in_a_process("ours", environment, rows)
        say(f"baseline: {SAMPLE} rows")
        plain = _in_a_process("plain", environment, rows)
    return {"ours": ours, "small": small, "plain": plain}


@contextmanager
def _stand_ins(rows: int) -> Iterator[dict[str, str]]:
    """A shop and a GP in another process; the settings that point at them."""
    with tempfile.TemporaryDirectory(prefix="gpps-bench-") as folder:
        arguments = [sys.executable, "-m", "benchmarks.stock_house", folder, str(rows)]
        with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            try:
                yield json.loads(process.stdout.readline())
            finally:
                process.stdin.close()
                process.wait(timeout=120)


def _in_a_process(what: str, environment: dict[str, str], rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stock", what, str(rows)],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=3600,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ours(rows: int) -> dict[str, float]:
    import psycopg

    from gp_prestashop.engine.protocols import Selection
    from gp_prestashop.settings import load_settings
    from gp_prestashop.wiring import connect

    settings = load_settings()
    wired = connect(settings)
    engine = wired.engine(settings.secret_database_url)
    stats = wired.source.client.stats
    started = time.monotonic()
    first = engine.run("stock", Selection())
    seconds, requests = time.monotonic() - started, stats.requests
    if first.written != rows:
        raise RuntimeError(f"{first.written} of {rows} rows were written: {first.reasons.most_common(3)}")
    with psycopg.connect(os.environ["BENCH_GP_URL"]) as connection:
        connection.execute(ONE_IN_A_HUNDRED)
    writes, before = stats.writes, stats.requests
    started = time.monotonic()
    second = engine.run("stock", Selection(), sweep=True)
    found = {
        "rows_per_second": rows / seconds,
        "full_requests": requests,
        "changed_rows": second.written,
        "changed_writes": stats.writes - writes,
        "changed_requests": stats.requests - before,
        "changed_seconds": time.monotonic() - started,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    engine.parts.ledger.close()
    return found


def _plain(rows: int) -> dict[str, float]:
    import requests

    base, key = os.environ["GPPS_SHOP__URL"], os.environ["GPPS_SHOP__KEY"]
    sample = min(SAMPLE, rows)
    first = int(os.environ["BENCH_FIRST_STOCK"])
    with requests.Session() as session:
        session.auth = (key, "")
        started = time.monotonic()
        for number in range(first, first + sample):
            row = {"id": number, "id_product": number, "id_product_attribute": 0, "quantity": 5}
            row |= {"depends_on_stock": 0, "out_of_stock": 2, "id_shop": 1}
            fields = "".join(f"<{name}>{value}</{name}>" for name, value in row.items())
            body = f"<prestashop><stock_available>{fields}</stock_available></prestashop>"
            session.put(f"{base}/api/stock_availables/{number}", data=body, timeout=60).raise_for_status()
        seconds = time.monotonic() - started
    return {"rows_per_second": sample / seconds}


if __name__ == "__main__":
    print(json.dumps({"ours": _ours, "plain": _plain}[sys.argv[1]](int(sys.argv[2]))))

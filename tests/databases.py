"""A PostgreSQL for the run, and a migrated database that holds nothing for each test that asks for one."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.store import embedded, migrations

TEMPLATE = "halfterm_template"
_next = itertools.count(1)


# What changes when a table, a rule or a function does; a row's own coming and going leaves it alone.
CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_policy", "pg_proc")
SHAPE = " UNION ALL ".join(f"SELECT count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUES)
EMPTYING = """
    SELECT format('DELETE FROM %I', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
      AND pg_relation_size(oid) > 0
    UNION ALL SELECT format('SELECT setval(%L, %s, false)', seqrelid::regclass, seqstart) FROM pg_sequence
"""
ALONE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TIMES = 20  # deleted rows stay on the disk: after these tests the next one gets a new copy


@dataclass
class Copy:
    """A database that tests are lent in turn."""

    name: str
    shape: list[Any]
    left: int = TIMES


class Cluster:
    """The run's server: `fresh()` gives the owner's address of a database as the migrations leave it."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._shelf: list[Copy] = []
        self._admin = psycopg.connect(self._named("postgres"), autocommit=True)
        self._admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        self._admin.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 LOCALE 'C.UTF-8' ENCODING 'UTF8'")
        migrations.migrate(self._named(TEMPLATE))

    def _named(self, name: str) -> str:
        return make_url(self.owner).set(database=name).render_as_string(hide_password=False)

    def _made(self, source: str) -> Copy:
        name = f"test_{os.getpid()}_{next(_next)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY WAL_LOG")
        with psycopg.connect(self._named(name)) as connection:
            return Copy(name, connection.execute(SHAPE).fetchall())

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[str]:
        """The owner's address of a database that holds nothing, migrated unless `empty`."""
        lent = self._shelf.pop() if self._shelf and not empty else self._made("template0" if empty else TEMPLATE)
        try:
            yield self._named(lent.name)
        finally:
            lent.left -= 1
            if not empty and lent.left and self._emptied(lent):
                self._shelf.append(lent)
            else:
                self._admin.execute(f"DROP DATABASE IF EXISTS {lent.name} WITH (FORCE)")

    def _emptied(self, lent: Copy) -> bool:
        """Delete all rows and begin the numbers again, which is quicker than a new copy; no if tables have changed."""
        try:
            with psycopg.connect(self._named(lent.name), autocommit=True) as connection:
                connection.execute(ALONE)
                if connection.execute(SHAPE).fetchall() != lent.shape:
                    return False
                acts = [row[0] for row in connection.execute(EMPTYING).fetchall()]
                # As a replica: neither links between tables nor the trail's own rules hold it up.
                connection.execute(";".join(["SET session_replication_role = replica", *acts]))
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        self._admin.close()


class Lent(AsyncEngine):
    """An engine that goes back on the shelf when it is disposed of: the statements that it compiled serve on."""

    where: URL
    shelf: list["Lent"]

    async def dispose(self, close: bool = True) -> None:
        """Close its connections; the next test takes it."""
        await super().dispose(close)
        if self not in self.shelf:
            self.shelf.append(self)


class Shelf:
    """Engines by how they were made. A new engine compiles every statement anew, which is half of a small test."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], list[Lent]] = {}

    def __call__(self, url: URL, **options: Any) -> Lent:
        """`create_async_engine`, but any that was given back is taken again, for this address."""
        shelf = self._made.setdefault((url.drivername, *sorted(options.items())), [])
        engine = shelf.pop() if shelf else self._new(url, shelf, options)
        engine.where = url
        return engine

    @staticmethod
    def _new(url: URL, shelf: list[Lent], options: dict[str, Any]) -> Lent:
        async def connect() -> psycopg.AsyncConnection[Any]:
            unnamed, named = made.sync_engine.dialect.create_connect_args(engine.where)
            return await psycopg.AsyncConnection.connect(*unnamed, **named)

        made = create_async_engine(url, async_creator=connect, **options)
        engine = Lent(made.sync_engine)
        engine.shelf = shelf
        return engine


def app_address(owner: str) -> str:
    """The same database as the app sees it: through the wall."""
    return make_url(owner).set(username="halfterm_app").render_as_string(hide_password=False)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A server in this folder that gives up safety for speed: nothing here must outlive the run."""
    embedded.CONF += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"
    server, owner = embedded.start(folder)
    made = Cluster(owner)
    try:
        yield made
    finally:
        made.close()
        embedded.stop(server, folder)

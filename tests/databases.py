"""A PostgreSQL for the run, and a fresh copy of a migrated database for each test that asks for one."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.store import embedded, migrations

TEMPLATE = "halfterm_template"
_next = itertools.count(1)


class Cluster:
    """The run's server: `fresh()` gives the owner's address of a new copy."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._admin = psycopg.connect(self._named("postgres"), autocommit=True)
        self._admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        self._admin.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 LOCALE 'C.UTF-8' ENCODING 'UTF8'")
        migrations.migrate(self._named(TEMPLATE))

    def _named(self, name: str) -> str:
        return make_url(self.owner).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[str]:
        """The owner's address of a new database, migrated unless `empty`; dropped afterwards."""
        name = f"test_{os.getpid()}_{next(_next)}"
        source = "template0" if empty else TEMPLATE
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        try:
            yield self._named(name)
        finally:
            self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

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

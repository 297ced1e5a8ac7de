"""A PostgreSQL for the run, and a fresh copy of a migrated database for each test that asks for one."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

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

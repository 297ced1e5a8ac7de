"""Bringing the database's tables to what this version needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import metadata

if TYPE_CHECKING:  # Alembic takes a while to import, and most starts find nothing to do for it
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def _sqlalchemy_url(owner: str) -> str:
    return owner.replace("postgresql://", "postgresql+psycopg://", 1)


def config(owner: str) -> Config:
    """Alembic's configuration for a database owned by this address."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["url"] = _sqlalchemy_url(owner)
    made.attributes["metadata"] = metadata
    return made


def migrate(owner: str) -> None:
    """Up to the newest version; nothing happens when it is there already."""
    if current(owner) != newest():
        from alembic import command

        command.upgrade(config(owner), "head")


def newest() -> str:
    """The newest version this program knows."""
    return (FOLDER / "HEAD").read_text().strip().split("_")[0]


def current(owner: str) -> str | None:
    """The version the database is at; None when it is empty."""
    with psycopg.connect(owner) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def differences(owner: str) -> list[object]:
    """What the tables in the database and the models disagree about."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(_sqlalchemy_url(owner))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, kind, *_: not (kind == "table" and name.startswith("procrastinate")),
            },
        )
        found = compare_metadata(context, metadata)
    engine.dispose()
    return list(found)


async def version_seen(db: AsyncSession) -> str | None:
    """The version the app's own connection sees."""
    return (await db.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()

"""Uploaded files on their way in: the row in the hub's list, and the file in the data folder until it is settled."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.imports import Import
from app.models.people import Person

CHUNK = 1 << 20
KEPT_FOR = timedelta(days=7)
PREVIEWED, DONE, REFUSED, SET_ASIDE = "previewed", "done", "refused", "set aside"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An uploaded file in the data folder, with the digest that a confirmation is held to."""

    key: uuid.UUID
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One import of a hub as its list and its page show it."""

    id: uuid.UUID
    kind: str
    year: int
    file_name: str
    sha256: str
    options: dict[str, Any]
    status: str
    report: dict[str, Any]
    made_at: datetime
    finished_at: datetime | None
    made_by: str


def place_of(data_dir: Path, key: uuid.UUID) -> Path:
    """Where an upload's file is kept."""
    return data_dir / "uploads" / str(key)


async def keep_file(data_dir: Path, key: uuid.UUID, source: BinaryIO) -> KeptFile:
    """Write an upload into the data folder, readable by the server alone; never more than a piece in memory."""
    return await asyncio.to_thread(_keep, place_of(data_dir, key), key, source)


def _keep(path: Path, key: uuid.UUID, source: BinaryIO) -> KeptFile:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source.seek(0)
    path.touch(mode=0o600)
    with path.open("wb") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return KeptFile(key, path, digest.hexdigest())


async def same_file(data_dir: Path, row: UploadRow) -> Path | None:
    """The upload's file, when it is still there and still what was previewed."""
    path = place_of(data_dir, row.id)
    if not await asyncio.to_thread(path.is_file):
        return None
    return path if await asyncio.to_thread(_digest, path) == row.sha256 else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop_file(data_dir: Path, key: uuid.UUID) -> None:
    """The file is needed no more."""
    place_of(data_dir, key).unlink(missing_ok=True)


def sweep(data_dir: Path, now: datetime) -> None:
    """Take away files that nobody has confirmed for a week: they name people."""
    for path in (data_dir / "uploads").glob("*"):
        if path.stat().st_mtime < (now - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)


async def add(db: AsyncSession, row: Import) -> None:
    """Put an import on the hub's list."""
    db.add(row)
    await db.flush()


async def count(db: AsyncSession, hub_id: uuid.UUID) -> int:
    """How many imports the hub has seen."""
    found = select(func.count()).select_from(Import).where(col(Import.hub_id) == hub_id)
    return (await db.execute(found)).scalar_one()


async def listed(db: AsyncSession, hub_id: uuid.UUID, limit: int | None, offset: int) -> list[UploadRow]:
    """The hub's imports, the newest first."""
    found = (
        select(Import, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(Import.made_by_id))
        .where(col(Import.hub_id) == hub_id)
        .order_by(col(Import.made_at).desc(), col(Import.id).desc())
    )
    return [_row(row[0], row[1]) for row in await db.execute(found.limit(limit).offset(offset))]


async def one(db: AsyncSession, hub_id: uuid.UUID, key: uuid.UUID) -> UploadRow | None:
    """One import of the hub."""
    found = await db.execute(
        select(Import, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(Import.made_by_id))
        .where(col(Import.hub_id) == hub_id, col(Import.id) == key)
    )
    row = found.one_or_none()
    return _row(row[0], row[1]) if row else None


async def settle(db: AsyncSession, hub_id: uuid.UUID, key: uuid.UUID, how: Callable[[Import], None]) -> bool:
    """Change an import that waits for its confirmation; False when it waits no more. Two at once: one wins."""
    found = await db.execute(
        select(Import)
        .where(col(Import.hub_id) == hub_id, col(Import.id) == key, col(Import.status) == PREVIEWED)
        .with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        return False
    how(row)
    await db.flush()
    return True


def _row(row: Import, made_by: str | None) -> UploadRow:
    return UploadRow(
        id=row.id,
        kind=row.kind,
        year=row.year,
        file_name=row.file_name,
        sha256=row.sha256,
        options=row.options,
        status=row.status,
        report=row.report,
        made_at=row.made_at,
        finished_at=row.finished_at,
        made_by=made_by or "",
    )

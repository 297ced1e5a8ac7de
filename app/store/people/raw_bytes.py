"""What is kept as bytes and names people inside: mail that came in, certificates, and files in the data folder."""

import asyncio
import email
import email.policy
import gzip
import io
import uuid
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.people.forgetting import INSTEAD, Sought
from app.models.mail import IncomingMail
from app.models.meetings import Certificate
from app.models.people import Person
from app.models.stages import Agreement

WITHDRAWN = "The person asked that their data be erased."
STAYS = {"postgres"}  # the database's own folder
LARGEST = 50_000_000  # bytes of one unpacked member


def readable(data: bytes) -> Iterator[str]:
    """The texts in some bytes: as they are, as the parts of a message, as what is packed in them."""
    yield data.decode("utf-8", "replace")
    yield from _of_mail(data)
    if data[:2] == b"\x1f\x8b":
        try:
            yield gzip.decompress(data).decode("utf-8", "replace")
        except (OSError, zlib.error):
            return
    elif data[:4] == b"PK\x03\x04":
        yield from _of_zip(data)


def _of_mail(data: bytes) -> Iterator[str]:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        yield "\n".join(f"{name}: {value}" for name, value in message.items())
        for part in message.walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                text = content.decode("utf-8", "replace")
                yield text
                yield text.replace("\r\n ", "").replace("\n ", "")  # a calendar breaks its lines anywhere
    except (ValueError, LookupError, TypeError, IndexError):
        return  # mail that nobody can read: what is in its bytes as they are was looked at


def _of_zip(data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for member in file.infolist():
                if member.file_size <= LARGEST:
                    yield file.read(member).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return


def names(data: bytes, sought: Sought) -> bool:
    """Whether the person is named in these bytes."""
    return any(sought.found_in(text) for text in readable(data))


async def forget_mail(db: AsyncSession, person: Person, sought: Sought) -> None:
    """The bytes of mail that is theirs, or in which they are named, go; its line in the list stays."""
    found = await db.stream(
        select(col(IncomingMail.id), col(IncomingMail.person_id), col(IncomingMail.raw)).where(
            col(IncomingMail.hub_id) == person.hub_id, col(IncomingMail.raw) != b""
        )
    )
    gone = [row[0] async for row in found if row[1] == person.id or names(row[2], sought)]
    await db.execute(update(IncomingMail).where(col(IncomingMail.id).in_(gone)).values(raw=b""))


async def forget_pdfs(db: AsyncSession, person: Person, sought: Sought, now: datetime) -> list[uuid.UUID]:
    """Their certificates are withdrawn without their paper; the ids of others' that name them, to be made anew."""
    theirs = col(Certificate.person_id) == person.id
    mine = update(Certificate).where(col(Certificate.hub_id) == person.hub_id, theirs)
    await db.execute(mine.values(pdf=b"", because=WITHDRAWN))
    await db.execute(mine.where(col(Certificate.withdrawn_at).is_(None)).values(withdrawn_at=now))
    others = select(col(Certificate.id), col(Certificate.says)).where(
        col(Certificate.hub_id) == person.hub_id,
        or_(col(Certificate.person_id).is_(None), ~theirs),
        col(Certificate.pdf) != b"",
    )
    return [row[0] for row in (await db.execute(others)).all() if sought.found_in(str(row[1]))]


async def forget_agreements(db: AsyncSession, person: Person, sought: Sought) -> None:
    """Agreements that they signed, or that name them, lose their paper; that the school agreed stays, with its text."""
    found = await db.execute(
        select(col(Agreement.id), col(Agreement.signed_by), col(Agreement.how), col(Agreement.name)).where(
            col(Agreement.hub_id) == person.hub_id, col(Agreement.pdf) != b""
        )
    )
    own = [row[0] for row in found.all() if (row[1] == person.id and row[2] == "page") or sought.found_in(row[3])]
    gone = update(Agreement).where(col(Agreement.id).in_(own))
    await db.execute(gone.values(pdf=b"", name=INSTEAD["name"]))


async def papers_to_make(db: AsyncSession, ids: Collection[uuid.UUID]) -> Sequence[Certificate]:
    """Certificates whose paper is made anew from what they say now."""
    found = select(Certificate).where(col(Certificate.id).in_(list(ids))).order_by(col(Certificate.id))
    return (await db.execute(found.execution_options(populate_existing=True))).scalars().all()


async def forget_files(data_dir: Path, sought: Sought) -> int:
    """Delete every file of the data folder that names the person: uploads, mail put into files. How many it were."""
    return await asyncio.to_thread(_forget_files, data_dir, sought)


def _forget_files(data_dir: Path, sought: Sought) -> int:
    gone = 0
    for folder in data_dir.iterdir() if data_dir.is_dir() else ():
        if not folder.is_dir() or folder.name in STAYS:
            continue
        for path in folder.rglob("*"):
            if (
                path.is_file()
                and not STAYS & set(path.relative_to(data_dir).parts)
                and names(path.read_bytes(), sought)
            ):
                path.unlink(missing_ok=True)
                gone += 1
    return gone

"""Imports in the browser: a file is kept and previewed, then confirmed or set aside."""

import uuid
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from app.actions.access import Actor
from app.actions.imports.calendars import import_calendars
from app.actions.imports.outcome import File, How, Outcome
from app.actions.imports.participants import import_participants
from app.actions.imports.schools import import_school_links, import_schools
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.ids import new_id
from app.models.imports import Import
from app.store.imports import uploads

KINDS = ("schools", "school links", "calendars", "participants")
SETTLED = "This import was confirmed or set aside already."
GONE = "The file is kept for a week only, and is here no more. Import it again."
OTHER = "What the hub holds has changed since you looked, so the import would now do something else. Look again below."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person hands in: the kind of file, the year it is about, and what the kind needs beside."""

    kind: str
    year: int
    authorities: tuple[str, ...] = ()
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it came with a form, and what it was called there."""

    source: BinaryIO
    name: str


async def preview(actor: Actor, data_dir: Path, asked: Asked, handed: Handed) -> uuid.UUID:
    """Keep the file and note what it would do; nothing else changes. Raises BadInputError for what is no table."""
    actor.require(Can.IMPORT)
    if asked.kind not in KINDS:
        raise BadInputError("Look at what is marked below.", (Fault("kind", "Choose what the file holds."),))
    name = PurePath(handed.name.replace("\\", "/")).name[-120:] or "file"
    uploads.sweep(data_dir, actor.now)
    kept = await uploads.keep_file(data_dir, new_id(), handed.source)
    try:
        outcome = await _run(actor, asked, File(kept.path, name), How(dry_run=True, now=actor.now))
    except BaseException:
        uploads.drop_file(data_dir, kept.key)
        raise
    row = Import(
        id=kept.key,
        hub_id=actor.member.hub_id,
        kind=asked.kind,
        year=asked.year,
        file_name=name,
        sha256=kept.sha256,
        options={"authorities": list(asked.authorities), "calendar": asked.calendar},
        status=uploads.PREVIEWED,
        report=_as_kept(outcome),
        made_by_id=actor.person_id,
        made_at=actor.now,
    )
    await uploads.add(actor.db, row)
    return kept.key


async def confirm(actor: Actor, data_dir: Path, key: uuid.UUID, *, skip_rejected: bool) -> Outcome:
    """Do what was previewed, all of it or nothing.

    Raises ConflictError when it was settled already or its file is gone, BadInputError when rows are refused and not
    to be left out. When it would now do something else, nothing is done, the new preview is kept and `applied` is
    False.
    """
    actor.require(Can.IMPORT)
    row = await uploads.one(actor.db, actor.member.hub_id, key)
    if row is None:
        raise NotFoundError
    if row.status != uploads.PREVIEWED:
        raise ConflictError(SETTLED)
    if row.report.get("rejected") and not skip_rejected:
        because = "Some rows cannot be taken. Correct them in the file and import it again, or leave them out."
        raise BadInputError(because, (Fault("skip", because),))
    path = await uploads.same_file(data_dir, row)
    if path is None:
        raise ConflictError(GONE)
    asked = Asked(row.kind, row.year, tuple(row.options.get("authorities", ())), row.options.get("calendar", ""))
    file = File(path, row.file_name)
    rehearsed = await _run(actor, asked, file, How(dry_run=True, now=actor.now))
    if _as_kept(rehearsed) != row.report:
        await uploads.settle(actor.db, actor.member.hub_id, key, lambda kept: _look_again(kept, rehearsed))
        return rehearsed
    outcome = await _run(actor, asked, file, How(skip_rejected=skip_rejected, now=actor.now))

    def finish(kept: Import) -> None:
        kept.status, kept.finished_at = uploads.DONE, actor.now

    if not await uploads.settle(actor.db, actor.member.hub_id, key, finish):
        raise ConflictError(SETTLED)
    if row.kind in {"schools", "school links"}:
        await actor.record("Imported", f"{row.kind} from {row.file_name}", rows=outcome.report.read)
    uploads.drop_file(data_dir, key)
    return outcome


async def set_aside(actor: Actor, data_dir: Path, key: uuid.UUID) -> None:
    """Drop a previewed file without importing it. Raises ConflictError when it was settled already."""
    actor.require(Can.IMPORT)
    if await uploads.one(actor.db, actor.member.hub_id, key) is None:
        raise NotFoundError

    def leave(kept: Import) -> None:
        kept.status, kept.finished_at = uploads.SET_ASIDE, actor.now

    if not await uploads.settle(actor.db, actor.member.hub_id, key, leave):
        raise ConflictError(SETTLED)
    uploads.drop_file(data_dir, key)


def _look_again(kept: Import, outcome: Outcome) -> None:
    kept.report = _as_kept(outcome)


def _as_kept(outcome: Outcome) -> dict[str, Any]:
    return {**outcome.report.as_json(), "notes": list(outcome.notes)}


async def _run(actor: Actor, asked: Asked, file: File, how: How) -> Outcome:
    try:
        return await _by_kind(actor, asked, file, how)
    except BadInputError as refused:
        # The form shows the sentence beside the field that the file came in.
        raise BadInputError(refused.because, refused.faults or (Fault("file", refused.because),)) from refused


async def _by_kind(actor: Actor, asked: Asked, file: File, how: How) -> Outcome:
    if asked.kind == "schools":
        return await import_schools(actor.db, file, how, frozenset(asked.authorities))
    if asked.kind == "school links":
        return await import_school_links(actor.db, file, how)
    if asked.kind == "calendars":
        return await import_calendars(actor, file, how, asked.calendar)
    return await import_participants(actor, file, how, asked.year)

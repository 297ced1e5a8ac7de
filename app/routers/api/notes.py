"""The records of meetings, visits and observations: read whole, written by operations."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app.actions.notes.devices import kept_elsewhere
from app.actions.notes.writing import Sender, apply_all
from app.domain.access import Can
from app.pages.notes import document
from app.routers.api.doors import Key, api_router, single
from app.routers.api.shapes import Told
from app.routers.deps import Through, known_id
from app.routers.guard import allow
from app.routers.notes.device import MOST, OperationSent

router = api_router("notes")


class Standing(Told):
    """A value at a place, and who wrote it."""

    op_id: uuid.UUID = Field(description="The operation that put it there: name it in `replaces` to change it.")
    value: Any
    by: uuid.UUID
    by_name: str
    at: datetime


class PlaceInRecord(Told):
    """A place of the form; several heads with different values wait for a person's choice."""

    path: str = Field(description="field, field/PERSON, field#ITEM.part or field/PERSON#ITEM.part")
    heads: list[Standing]


class Record(Told):
    """The record of one event, as far as you may read it."""

    rev: int = Field(description="How many operations it has taken.")
    state: Literal["open", "submitted", "agreed", "correcting"]
    locked: str = Field(description="Why it cannot be written in; empty when it can.")
    form: dict[str, Any] = Field(description="Its form: kind, version and sections of fields.")
    values: list[PlaceInRecord]


class Written(OperationSent):
    """One change of one place; `op_id` is a UUID of yours, and the same one again changes nothing."""


class Answered(Told):
    """What became of an operation."""

    op_id: uuid.UUID
    outcome: Literal["applied", "merged", "conflict", "refused"]
    because: str = Field(description="Why it was refused; else empty.")
    rev: int = Field(description="The revision it made; 0 when refused.")


class Answers(Told):
    """The answers, in the order of the operations."""

    answers: list[Answered]


@router.get("/events/{event}/record", response_model=Record, summary="The record of an event")
@allow(Can.READ_NOTES)
async def read_record(door: Through, event: Key) -> Response:
    """Its form and what stands in it. Others' own notes are never told; that you read it is kept."""
    found = await document.document(door.db, door.viewer, known_id(event), door.now)
    if found.rev:
        await kept_elsewhere(door.db, door.viewer, [found.event.id], door.now)
    return single(door, Record, jsonable_encoder(found))


@router.post("/events/{event}/operations", response_model=Answers, summary="Write in a record")
@allow(Can.WRITE_NOTES)
async def write_record(
    door: Through, event: Key, operations: Annotated[list[Written], Field(min_length=1, max_length=MOST)]
) -> Response:
    """Takes or refuses each operation for itself; `note_id` is the event's id."""
    found = await document.document(door.db, door.viewer, known_id(event), door.now)
    sender = Sender(door.db, door.viewer, door.now, found.event.id)
    ops = [one.read(note_id=found.event.id) for one in operations]
    answers = [jsonable_encoder(answer) for answer in await apply_all(sender, ops)]
    return JSONResponse({"answers": answers})

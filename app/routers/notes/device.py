"""What the app on a device asks and sends: its records, and what was written in them."""

import base64
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from app.actions.notes import devices
from app.actions.notes.writing import Sender, apply_all
from app.domain.access import Can
from app.domain.notes.applying import Answer, Operation
from app.kit.tokens import signature
from app.pages.notes import document
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
MOST = 50  # operations in one call
Short = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]


class OperationSent(BaseModel):
    """One change of one place, as docs/rules/notes.md tells."""

    op_id: uuid.UUID
    path: Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
    value: Any
    replaces: list[uuid.UUID] = Field(default=[], max_length=100)
    base_rev: int = Field(default=0, ge=0, lt=2**31)
    form_version: int = Field(default=1, ge=0, lt=2**31)
    device_time: AwareDatetime

    def read(self, note_id: uuid.UUID) -> Operation:
        """As the rules know it."""
        return Operation(
            op_id=self.op_id,
            note_id=note_id,
            path=self.path,
            value=self.value,
            replaces=frozenset(self.replaces),
            base_rev=self.base_rev,
            form_version=self.form_version,
            device_time=self.device_time,
        )


class SentFromDevice(OperationSent):
    """The same with the record it belongs to: a device sends for several at once."""

    note_id: uuid.UUID


class Batch(BaseModel):
    """What a device sends at once; what waits on it is told for the letter after five days."""

    device_id: uuid.UUID
    device_name: Short = ""
    waiting: int = Field(default=0, ge=0, lt=2**31)
    waiting_since: AwareDatetime | None = None
    operations: list[dict[str, Any]] = Field(max_length=MOST)


@router.get("/my/notes/device")
@allow(Can.WRITE_NOTES)
async def records_for_a_device(door: Through) -> Response:
    """The records of the days around now, and the key that seals them on the device."""
    kept = await document.nearby_documents(door.db, door.viewer, door.now)
    await devices.kept_elsewhere(door.db, door.viewer, [one.event.id for one in kept if one.rev], door.now)
    told = {
        "account_id": door.viewer.account_id,
        "name": door.viewer.members[0].name,
        "key": _key(door),
        "csrf": door.csrf,
        "now": door.now,
        "days": document.DAYS,
        "notes": kept,
    }
    return JSONResponse(jsonable_encoder(told))


def _key(door: Door) -> str:
    """The same for an account each time: what waits on a device can be opened when its writer signs in again."""
    derived = signature(door.settings.secret, "notes on a device", str(door.viewer.account_id))
    return base64.b64encode(bytes.fromhex(derived)).decode()


@router.post("/my/notes/operations")
@allow(Can.WRITE_NOTES)
async def take_operations(door: Through, batch: Batch) -> Response:
    """Takes what was written on a device; the answer leaves once it is safe in the database."""
    read = [_read(one) for one in batch.operations]
    sender = Sender(door.db, door.viewer, door.now, batch.device_id)
    known = [one for one in read if isinstance(one, Operation)]
    answers = {id(op): answer for op, answer in zip(known, await apply_all(sender, known), strict=True)}
    told = [_told(answers[id(one)]) if isinstance(one, Operation) else one for one in read]
    waiting = batch.waiting, _not_later(batch.waiting_since, door.now)
    await devices.seen(door.db, door.viewer, (batch.device_id, batch.device_name), waiting, door.now)
    return JSONResponse({"answers": told, "revs": _revs(known, answers.values())})


def _read(sent: dict[str, Any]) -> Operation | dict[str, Any]:
    """The operation, or the answer to one that cannot be read."""
    try:
        known = SentFromDevice.model_validate(sent)
        return known.read(known.note_id)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        because = (
            f"This device wrote something that Halfterm cannot read ({where}). Save it as a file and tell your hub."
        )
        return {"op_id": str(sent.get("op_id", ""))[:60], "outcome": "refused", "because": because, "rev": 0}


def _told(answer: Answer) -> dict[str, Any]:
    return {
        "op_id": str(answer.op_id),
        "outcome": answer.outcome,
        "because": answer.because,
        "rev": answer.rev,
    }


def _revs(ops: Sequence[Operation], answers: Any) -> dict[str, int]:
    """The newest revision that was made in each record."""
    revs: dict[str, int] = {}
    for op, answer in zip(ops, answers, strict=True):
        if answer.rev:
            revs[str(op.note_id)] = max(answer.rev, revs.get(str(op.note_id), 0))
    return revs


def _not_later(said: datetime | None, now: datetime) -> datetime | None:
    """A device's clock is not to be trusted: nothing has waited since tomorrow."""
    return None if said is None else min(said, now)


@router.get("/my/notes/{event}/record")
@allow(Can.READ_NOTES)
async def one_record(door: Through, event: str) -> Response:
    """One record, as a device keeps it."""
    found = await document.document(door.db, door.viewer, known_id(event), door.now)
    if found.rev:
        await devices.kept_elsewhere(door.db, door.viewer, [found.event.id], door.now)
    return JSONResponse(jsonable_encoder(found))

"""What a device asks and sends of who came."""

import uuid
from typing import Annotated, Any, Literal

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from app.actions.meetings.attendance import Operation, take_from_device
from app.domain.access import Can
from app.pages.meetings import attendance_device
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
MOST = 50  # operations in one call
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$", strip_whitespace=True)]


class Sent(BaseModel):
    """One thing said of one guest, as docs/rules/attendance.md tells."""

    op_id: uuid.UUID
    event: uuid.UUID
    guest: uuid.UUID
    state: Literal["present", "part", "absent", "stand_in", "visitor", ""]
    name: Short = ""
    school: Short = ""
    because: Short = ""
    minutes: int | None = Field(default=None, ge=0, le=1440)
    correction: Short = ""
    said_at: AwareDatetime

    def read(self) -> Operation:
        """As the rules know it."""
        said = self.model_dump(exclude={"event", "guest"})
        return Operation(event_id=self.event, guest_id=self.guest, **said)


class Batch(BaseModel):
    """What a device sends at once."""

    operations: list[dict[str, Any]] = Field(max_length=MOST)


@router.get("/my/attendance/device")
@allow(Can.WRITE_NOTES)
async def events_for_a_device(door: Through) -> Response:
    """The events that the viewer leads around now, with their guests: of whoever writes notes, mostly none."""
    events = await attendance_device.load(door.db, door.viewer, door.now)
    return JSONResponse(jsonable_encoder({"events": events, "now": door.now, "csrf": door.csrf}))


@router.post("/my/attendance/operations")
@allow(Can.TAKE_ATTENDANCE)
async def take_said(door: Through, batch: Batch) -> Response:
    """Takes what was said on a device; the answer leaves once it is safe in the database."""
    read = [_read(one) for one in batch.operations]
    known = [one for one in read if isinstance(one, Operation)]
    answers = iter(await take_from_device(door.db, door.viewer, known, door.now))
    told = [next(answers) if isinstance(one, Operation) else one for one in read]
    return JSONResponse(jsonable_encoder({"answers": told}))


def _read(sent: dict[str, Any]) -> Operation | dict[str, str]:
    """The operation, or the answer to one that cannot be read."""
    try:
        return Sent.model_validate(sent).read()
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        because = f"This device wrote something that Halfterm cannot read ({where}). Write it on the event's page."
        return {"op_id": str(sent.get("op_id", ""))[:60], "outcome": "refused", "because": because}

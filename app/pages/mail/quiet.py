"""The form of a hub's quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.mail.quiet import Quiet
from app.kit.errors import Fault
from app.kit.typed import Reader, Typed, time_of_day
from app.pages._parts import Field, Form, refilled
from app.store import hubs


@dataclass(frozen=True, slots=True)
class QuietPage:
    """When mail that can wait rests."""

    template: ClassVar[str] = "mail/quiet.html"
    home: str
    form: Form


async def load(db: AsyncSession, member: Member) -> QuietPage:
    """The hub's quiet hours: one statement."""
    hub = await hubs.one(db, member.hub_id)
    home = f"/hubs/{member.hub_code}"
    form = Form(
        action=f"{home}/quiet-hours",
        submit="Save",
        kept=(("version", str(hub.version)),),
        fields=(
            Field(name="since", label="Quiet from", kind="time", value=f"{hub.quiet_from:%H:%M}", width="5"),
            Field(name="until", label="Until", kind="time", value=f"{hub.quiet_until:%H:%M}", width="5"),
        ),
    )
    return QuietPage(f"{home}/messages", form)


def read_quiet(typed: Typed) -> Quiet:
    """The times as typed; raises BadInputError."""
    reader = Reader(typed)
    since, until = reader.read("since", time_of_day), reader.read("until", time_of_day)
    reader.finish()
    return Quiet(since or time(), until or time())


def again(page: QuietPage, typed: Typed, faults: Sequence[Fault]) -> QuietPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))

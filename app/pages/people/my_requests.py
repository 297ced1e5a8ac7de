"""What I asked about my data, what became of it, and the form for asking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.people.rights import Asked, State
from app.kit.errors import Fault
from app.kit.periods import spoken_date
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.store.people import rights
from app.store.people.rights import Request

HERE = "/my/data/requests"


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One request, as whoever asked sees it."""

    says: str
    hub: str
    text: str
    at: datetime
    stands: str
    answer: str


@dataclass(frozen=True, slots=True)
class MyRequestsPage:
    """What I asked, and the form."""

    template: ClassVar[str] = "people/my_requests.html"
    lines: tuple[AskedLine, ...]
    form: Form
    back: str = "/my/data"


async def my_requests_page(db: AsyncSession, viewer: Viewer) -> MyRequestsPage:
    """Every request of the viewer, the open ones first: one statement."""
    hubs = {member.hub_id: member.hub_name for member in viewer.members}
    found = await rights.of_people(db, [member.person_id for member in viewer.members])
    return MyRequestsPage(tuple(_line(one, hubs[one.hub_id]) for one in found), _form(viewer.members))


def _line(one: Request, hub: str) -> AskedLine:
    stands = State(one.state)
    when = f"answered by {spoken_date(one.due_on)}" if stands is State.OPEN else ""
    return AskedLine(
        says=Asked(one.kind).says,
        hub=hub,
        text=one.text,
        at=one.asked_at,
        stands=f"{stands.says}, to be {when}" if when else stands.says,
        answer=one.answer,
    )


def _form(members: Sequence[Member]) -> Form:
    hub = Field(
        name="hub",
        label="Which hub do you ask?",
        kind="radios",
        choices=tuple(Choice(one.hub_code, one.hub_name) for one in members),
        value=members[0].hub_code if members else "",
    )
    fields = (
        Field(
            name="kind",
            label="What do you ask for?",
            kind="radios",
            choices=tuple(Choice(kind.value, kind.says, kind.explains) for kind in Asked),
        ),
        Field(
            name="text",
            label="What is it about?",
            kind="textarea",
            hint="What is wrong and what is right, or what you wish. The people of the hub's office read this.",
        ),
    )
    kept = (("hub", members[0].hub_code),) if len(members) == 1 else ()
    shown = fields if kept else (hub, *fields)
    return Form(action=HERE, submit="Ask", fields=shown, kept=kept)


def asked_again(page: MyRequestsPage, typed: Typed, faults: Sequence[Fault]) -> MyRequestsPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))

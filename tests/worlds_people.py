"""The rows of a small world that say who is asked, who answers, who came, and what was written to them."""

import uuid
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.hubs import Hub
from app.models.mail import IncomingMail, MailTemplate, Message
from app.models.meetings import Attendance, Certificate, Event, Invitation
from app.models.people import Joining, Person, RightsRequest
from tests.makers import NOW, YEAR, number


async def rows_of_people(db: AsyncSession, event: Event, group_id: uuid.UUID, person: Person) -> dict[str, str]:
    """One row of each kind that an address can name, by the word before it."""
    hub_id, later = event.hub_id, NOW + timedelta(days=14)
    asked = Joining(hub_id=hub_id, email="new@school.example", name="New", asked_at=NOW, expires_at=later)
    answer = Invitation(hub_id=hub_id, event_id=event.id, person_id=person.id, answer="yes", answered_at=NOW)
    came = Attendance(
        op_id=uuid.uuid4(),
        hub_id=hub_id,
        event_id=event.id,
        person_id=person.id,
        guest_id=person.id,
        state="present",
        how="grid",
        said_at=NOW,
        at=NOW,
    )
    certificate = Certificate(
        hub_id=hub_id,
        code=f"TEST-{number():08}",
        kind="attendance",
        person_id=person.id,
        group_id=group_id,
        year=YEAR,
        digest=b"",
        pdf=b"%PDF-1.7",
        made_at=NOW,
    )
    message = _message(event, person)
    template = MailTemplate(hub_id=hub_id, name=f"Own {number()}", subject="Soon", text="Soon")
    strange = IncomingMail(hub_id=hub_id, digest=b"%d" % number(), came_at=NOW, because="No date in it", raw=b"")
    request = RightsRequest(hub_id=hub_id, person_id=person.id, kind="correct", asked_at=NOW, due_on=later.date())
    db.add_all([asked, answer, came, certificate, message, template, strange, request])
    await db.flush()
    return {
        "invitations": str(asked.id),
        "certificates": str(certificate.id),
        "messages": str(message.id),
        "templates": str(template.id),
        "mail": str(strange.id),
        "requests": str(request.id),
        "privacy": (await db.get_one(Hub, hub_id)).code,
    }


def _message(event: Event, person: Person) -> Message:
    return Message(
        hub_id=event.hub_id,
        person_id=person.id,
        to=person.email,
        kind="reminder",
        subject="Soon",
        text="Soon",
        made_at=NOW,
        made_by=event.lead_id,  # leaders see what they wrote themselves
        due_at=NOW,
    )

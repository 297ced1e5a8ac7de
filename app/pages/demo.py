"""The demo's people: sign in as one of them with a click. Only in demo mode."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.domain.demo import HUB_CODE
from app.store import hubs

SEES = {
    Role.HUB_LEAD: "The whole hub: its year, its groups, what waits to be decided",
    Role.ASSISTANT_LEAD: "The whole hub, as its lead does",
    Role.READINESS_LEAD: "Visits to the schools that get ready",
    Role.SPECIALIST: "A Work Group: its meetings, visits and observations",
    Role.PARTICIPANT: "A teacher's own dates, and the calendar to subscribe to",
    Role.HEADTEACHER: "The release days of one school",
    Role.COORDINATOR: "Imports, people, schools and the plan",
    Role.BOARD: "The hub in numbers",
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody made up, the part they play, and what there is to see as them; `id` is the e-mail address."""

    id: str
    name: str
    role: str
    sees: str


@dataclass(frozen=True, slots=True)
class DemoPage:
    """Everybody one can be."""

    template: ClassVar[str] = "demo/people.html"
    hub: str
    people: tuple[DemoPerson, ...]


async def people(db: AsyncSession) -> DemoPage:
    """A few people for each role of the demo hub: five statements."""
    hub = await hubs.find(db, HUB_CODE)
    found = await hubs.some_people_of_each_role(db) if hub else []
    return DemoPage(
        hub=hub.name if hub else "",
        people=tuple(DemoPerson(email, name, role.value, SEES[role]) for role, name, email in found),
    )

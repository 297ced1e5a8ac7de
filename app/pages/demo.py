"""The demo's people: sign in as one of them with a click. Only in demo mode."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.store import hubs
from app.store.database import see_hub_named

HUB = "DEMO"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody made up, and the part they play."""

    name: str
    role: str
    email: str


@dataclass(frozen=True, slots=True)
class DemoPage:
    """Everybody one can be."""

    template: ClassVar[str] = "demo/people.html"
    hub: str
    people: tuple[DemoPerson, ...]


async def people(db: AsyncSession) -> DemoPage:
    """At most three people for each role of the demo hub: three statements."""
    await see_hub_named(db, HUB)
    hub = await hubs.named(db, HUB)
    found = await hubs.some_people_of_each_role(db)
    return DemoPage(hub.name if hub else "", tuple(DemoPerson(name, role.value, email) for role, name, email in found))

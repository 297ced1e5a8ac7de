"""What is done to a hub: made, renamed, its years opened, its days closed, its programmes changed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.access import Can, Role
from app.domain.hubs.closures import ks2_week
from app.domain.hubs.details import Hours, code_fault, hour_faults, name_fault
from app.domain.hubs.programmes import ProgrammeTerms, faults_of
from app.domain.people.working_days import whole_week
from app.domain.people.written import WrittenPerson
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import WEEKDAYS, academic_year, spoken_date, spoken_year, year_span
from app.models.hubs import Hub
from app.store import feeds, hubs, people, trail

CHECK = "Look at what is marked below."
STALE = "Somebody else saved this page after you opened it. Load it again to see what they wrote."
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Founder:
    """The Maths Hub Lead that a new hub begins with."""

    email: str
    name: str


async def create_hub(db: AsyncSession, code: str, name: str, now: datetime, lead: Founder | None = None) -> uuid.UUID:
    """A new hub with its current academic year, programmes and test week; raises BadInputError or ConflictError."""
    faults = _faults({"code": code_fault(code), "name": name_fault(name)})
    if faults:
        raise BadInputError("The hub cannot be made.", faults)
    if await hubs.find(db, code):
        raise ConflictError(f"There is a hub with the code {code} already. Choose another code.")
    hub = await hubs.add(db, code, name.strip(), now)
    year = academic_year(now.date())
    await hubs.open_year(db, hub.id, year, ks2_week(year))
    if lead:
        await people.add_person(
            db, hub.id, WrittenPerson(name=lead.name, email=lead.email, roles=(Role.HUB_LEAD,), works=whole_week()), now
        )
    await trail.record(db, trail.Deed(hub.id, now, "Made", f"the hub {hub.name}", facts={"hub": str(hub.id)}))
    return hub.id


@dataclass(frozen=True, slots=True)
class HubDetails:
    """What a hub says of itself, and the version that was on the page."""

    name: str
    hours: Hours
    version: int


async def change_hub(actor: Actor, details: HubDetails) -> None:
    """Write the hub's name and half-days; raises BadInputError or StaleError."""
    actor.require(Can.EDIT_HUB)
    faults = _faults({"name": name_fault(details.name), **hour_faults(details.hours)})
    if faults:
        raise BadInputError(CHECK, faults)
    hub = await hubs.one(actor.db, actor.member.hub_id)
    if hub.version != details.version:
        raise StaleError(STALE)
    before = _hub_told(hub)
    hub.name = details.name.strip()
    hub.morning_starts, hub.morning_ends = details.hours.morning_starts, details.hours.morning_ends
    hub.afternoon_starts, hub.afternoon_ends = details.hours.afternoon_starts, details.hours.afternoon_ends
    hub.version += 1
    await actor.db.flush()
    if hub.name != before["name"]:
        await feeds.look_again(actor.db)
    await actor.record("Changed", "the hub's name and half-days", before=before, after=_hub_told(hub), hub=str(hub.id))


def _hub_told(hub: Hub) -> dict[str, object]:
    """What the trail keeps of a hub's own settings."""
    times = ("morning_starts", "morning_ends", "afternoon_starts", "afternoon_ends")
    return {"name": hub.name, **{name: getattr(hub, name).isoformat("minutes") for name in times}}


async def invite_by_itself(actor: Actor, version: int, *, wanted: bool) -> bool:
    """Whether everybody is invited by mail once a date is fixed; False where nothing changed. Raises StaleError."""
    actor.require(Can.EDIT_HUB)
    hub = await hubs.one(actor.db, actor.member.hub_id)
    if hub.version != version:
        raise StaleError(STALE)
    if hub.invites == wanted:
        return False
    before, hub.invites = {"invites by itself": hub.invites}, wanted
    hub.version += 1
    await actor.db.flush()
    after = {"invites by itself": wanted}
    await actor.record("Changed", "how people are invited", before=before, after=after, hub=str(hub.id))
    return True


async def open_year(actor: Actor, year: int) -> bool:
    """Begin an academic year with default programmes and the test week; False when it is there already."""
    actor.require(Can.EDIT_HUB)
    if not EARLIEST <= year <= LATEST:
        because = f"Enter the year it begins in, such as {academic_year(actor.now.date()) + 1}."
        raise BadInputError(CHECK, (Fault("year", because),))
    is_new = await hubs.open_year(actor.db, actor.member.hub_id, year, ks2_week(year))
    if is_new:
        await actor.record("Opened", f"the academic year {spoken_year(year)}")
    return is_new


async def limit_meetings(actor: Actor, year: int, most: int | None) -> None:
    """How many meetings the hub can hold on one day (None: any number); raises BadInputError."""
    actor.require(Can.EDIT_HUB)
    if most is not None and not 1 <= most <= 200:
        raise BadInputError(CHECK, (Fault("meetings_per_day", "Enter 1 to 200, or leave it empty for no limit."),))
    found = await hubs.year(actor.db, actor.member.hub_id, year)
    if found is None:
        raise NotFoundError
    before, found.meetings_per_day = {"most": found.meetings_per_day}, most
    await actor.db.flush()
    about = f"the most meetings on one day in {spoken_year(year)}"
    await actor.record("Changed", about, before=before, after={"most": most}, hub=str(actor.member.hub_id))


async def close_days(actor: Actor, year: int, first: date, last: date, name: str) -> int:
    """Close the school days from first to last, both included; how many were not closed before.

    Raises BadInputError for days outside the year, backwards, or more than three weeks.
    """
    actor.require(Can.EDIT_HUB)
    if await hubs.year(actor.db, actor.member.hub_id, year) is None:
        raise NotFoundError
    faults = _faults(closure_faults(year, first, last, name))
    if faults:
        raise BadInputError(CHECK, faults)
    days = _open_days(year, first, last)
    if not days:
        because = "These days are weekends or bank holidays: nobody meets then anyway."
        raise BadInputError(CHECK, (Fault("first", because),))
    closed = [day for day in days if await hubs.close(actor.db, actor.member.hub_id, day, name.strip())]
    if closed:
        await actor.record("Closed", f"{_spoken(closed)} ({name.strip()})", days=[str(day) for day in closed])
    return len(closed)


def closure_faults(year: int, first: date, last: date, name: str) -> dict[str, str]:
    """What is wrong with a closure as typed, field by field."""
    span, found = year_span(year), {}
    if not (span.holds(first) and span.holds(last)):
        found["first"] = f"Choose days of the academic year {spoken_year(year)}."
    elif last < first:
        found["last"] = "The last day cannot come before the first."
    elif (last - first).days > 21:
        found["last"] = "A closure is three weeks at most; holidays belong to the schools' calendars."
    if not 0 < len(name.strip()) <= 60:
        found["name"] = "Say why nobody meets, in at most 60 characters."
    return found


def _open_days(year: int, first: date, last: date) -> list[date]:
    holidays = bank_holidays(year)
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return [day for day in days if day.weekday() < len(WEEKDAYS) and day not in holidays]


def _spoken(days: Sequence[date]) -> str:
    return spoken_date(days[0]) if len(days) == 1 else f"{spoken_date(days[0])} to {spoken_date(days[-1])}"


async def open_day(actor: Actor, closure_id: uuid.UUID) -> tuple[date, str]:
    """Take a closure away; its day and name, for whoever wants it back. Raises NotFoundError."""
    actor.require(Can.EDIT_HUB)
    found = await hubs.closure(actor.db, actor.member.hub_id, closure_id)
    if found is None:
        raise NotFoundError
    await actor.db.delete(found)
    await actor.db.flush()
    await actor.record("Opened again", f"{spoken_date(found.day)} (was: {found.name})")
    return found.day, found.name


async def change_programme(actor: Actor, programme_id: uuid.UUID, terms: ProgrammeTerms, version: int) -> None:
    """Write a programme's template; raises BadInputError, StaleError or NotFoundError."""
    actor.require(Can.EDIT_HUB)
    found = await hubs.programme(actor.db, actor.member.hub_id, programme_id)
    if found is None:
        raise NotFoundError
    terms = replace(terms, kind=found.kind)
    faults = _faults(faults_of(terms))
    if faults:
        raise BadInputError(CHECK, faults)
    if found.version != version:
        raise StaleError(STALE)
    new = hubs.plain_terms(terms)
    before = {name: getattr(found, name) for name in new}
    changed = {name: [getattr(found, name), value] for name, value in new.items() if getattr(found, name) != value}
    for name, value in new.items():
        setattr(found, name, value)
    found.version += 1
    await actor.db.flush()
    about = f"the programme {terms.name} of {spoken_year(found.year)}"
    await actor.record("Changed", about, before=before, after=new, changed=changed, programme=str(found.id))


async def write_cohort(actor: Actor, cohort_id: uuid.UUID | None, number: int, began: int, notes: str) -> None:
    """Add a Specialist cohort (no id) or change one; raises BadInputError, ConflictError or NotFoundError."""
    actor.require(Can.EDIT_HUB)
    faults = _faults(
        {
            "number": "" if 1 <= number <= 200 else "Enter the cohort's national number, such as 7.",
            "began": "" if EARLIEST <= began <= LATEST else "Enter the year in which its training began, such as 2024.",
            "notes": "" if len(notes) <= 500 else "Keep the notes to 500 characters.",
        }
    )
    if faults:
        raise BadInputError(CHECK, faults)
    known = [one for one, _ in await hubs.cohorts(actor.db, actor.member.hub_id)]
    if any(one.number == number and one.id != cohort_id for one in known):
        raise BadInputError(CHECK, (Fault("number", f"Cohort {number} is in the list already."),))
    before: dict[str, object] | None = None
    after = {"number": number, "began": began, "notes": notes.strip()}
    if cohort_id is None:
        hubs.add_cohort(actor.db, actor.member.hub_id, number, began, notes.strip())
    else:
        found = next((one for one in known if one.id == cohort_id), None)
        if found is None:
            raise NotFoundError
        before = {"number": found.number, "began": found.began, "notes": found.notes}
        found.number, found.began, found.notes = number, began, notes.strip()
    await actor.db.flush()
    did = "Added" if cohort_id is None else "Changed"
    await actor.record(did, f"Specialist cohort {number}", before=before, after=after, cohort=number)


def _faults(said: dict[str, str]) -> tuple[Fault, ...]:
    return tuple(Fault(path, because) for path, because in said.items() if because)

"""Forms about a barrier: named, taken up from a record, changed, closed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.notes.paths import read
from app.domain.stages.barriers import LEVER_NAMES, STATES, Days, Owner, Weight, ahead
from app.kit.errors import ConflictError, ForbiddenError, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date
from app.pages._parts import Choice, Field, Form, filled
from app.pages.stages.asking import AskPage, leader_fields, up_to
from app.pages.stages.now import may_at
from app.store.notes import reads
from app.store.stages import barriers, journey, leaders, words
from app.store.stages.barriers import BarrierRow, Named
from app.store.stages.leaders import Leader

LEVERS = (Choice("", "Choose one"), *(Choice(key, name) for key, name in LEVER_NAMES.items()))
WEIGHTS = tuple(Choice(one.value, one.says) for one in Weight)


@dataclass(frozen=True, slots=True)
class Asking:
    """A form with what its reader needs: who may own a barrier, who takes part, and which days may be named."""

    page: AskPage
    urn: int
    leaders: tuple[Leader, ...]
    days: Days

    @property
    def taking_part(self) -> list[str]:
        """Names of those who take part for the school."""
        return [one.name for one in self.leaders if one.takes_part]


async def new_form(
    db: AsyncSession, member: Member, urn: int, record: tuple[uuid.UUID | None, str], now: datetime
) -> Asking:
    """An empty form, or one for a barrier that an item of a record names (event, item).

    Its words are filled in for those who may read the record, which is noted. Raises NotFoundError, ForbiddenError,
    ConflictError when it was taken up already.
    """
    school = await planned_with(db, member, urn)
    today = in_london(now).date()
    event_id, item = record
    named = await _named(db, member, urn, event_id, item) if event_id else None
    home = f"/hubs/{member.hub_code}"
    form = Form(
        action=f"{home}/schools/{urn}/barriers/new",
        submit="Name this barrier",
        kept=(("event", str(event_id)), ("item", item)) if event_id else (),
        fields=await _fields(db, member, urn, None, today),
    )
    notes: tuple[str, ...] = (
        "It is about the school's systems, not about a person. Everyone who sees the school's journey reads it.",
    )
    if named:
        told = await _told(db, member, named, now)
        notes = (f"A record of {spoken_date(named.day)} names it. {_whence(told)}", *notes)
        form = filled(form, told)
    heading = f"What stands in the way at {school}?"
    page = AskPage(heading, notes, up_to(home, school, urn), f"{home}/schools/{urn}/journey", form)
    return Asking(page, urn, await _leaders(db, member, urn, today), ahead(today))


async def edit_form(db: AsyncSession, member: Member, barrier_id: uuid.UUID, now: datetime) -> Asking:
    """The form with what the barrier is. Raises NotFoundError, ForbiddenError, ConflictError for a closed one."""
    found = await _mine(db, member, barrier_id)
    if found.row.state != "open":
        raise ConflictError(f"This barrier is {STATES[found.row.state].lower()}. Open it again first to change it.")
    today = in_london(now).date()
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/barriers/{barrier_id}"
    form = Form(
        action=f"{here}/edit",
        submit="Save",
        kept=(("version", str(found.row.version)),),
        fields=await _fields(db, member, found.row.urn, found, today),
    )
    page = AskPage("Change this barrier", (), up_to(home, found.school, found.row.urn), here, form)
    return Asking(page, found.row.urn, await _leaders(db, member, found.row.urn, today), ahead(today, found.row.due))


async def close_form(db: AsyncSession, member: Member, barrier_id: uuid.UUID) -> AskPage:
    """How a barrier ends. Raises NotFoundError, ForbiddenError, ConflictError for a closed one."""
    found = await _mine(db, member, barrier_id)
    if found.row.state != "open":
        raise ConflictError(f"This barrier is {STATES[found.row.state].lower()} already.")
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/barriers/{barrier_id}"
    form = Form(
        action=f"{here}/close",
        submit="Close this barrier",
        kept=(("version", str(found.row.version)),),
        fields=(
            Field(
                name="state",
                label="How does it end?",
                kind="radios",
                choices=(
                    Choice("done", "It is dealt with", "It stands in the way no more."),
                    Choice("dropped", "It is dropped", "It was no barrier, or nothing can be done about it."),
                ),
            ),
            Field(
                name="because",
                label="What was done, or why is it dropped?",
                kind="textarea",
                hint="A sentence that a successor understands.",
            ),
        ),
    )
    notes = (found.row.what, "You can open it again later.")
    return AskPage("How does this barrier end?", notes, up_to(home, found.school, found.row.urn), here, form)


async def planned_with(db: AsyncSession, member: Member, urn: int) -> str:
    """The name of a school that the member plans with. Raises NotFoundError, ForbiddenError."""
    school = await journey.known(db, member, urn)
    if school is None:
        raise NotFoundError
    if not may_at(member, Can.PLAN_SCHOOL, urn):
        raise ForbiddenError(f"You can {Can.PLAN_SCHOOL.value}, but only where it concerns you.")
    return school


async def _mine(db: AsyncSession, member: Member, barrier_id: uuid.UUID) -> BarrierRow:
    found = await barriers.one(db, member, barrier_id)
    if found is None:
        raise NotFoundError
    await planned_with(db, member, found.row.urn)
    return found


async def _named(db: AsyncSession, member: Member, urn: int, event_id: uuid.UUID, item: str) -> Named:
    named = await barriers.one_named(db, member, event_id, item)
    if named is None or named.urn != urn:
        raise ConflictError(
            "This barrier was taken up already, or a later version of the record no longer names it. Look at the "
            "school's barriers."
        )
    return named


async def _told(db: AsyncSession, member: Member, named: Named, now: datetime) -> dict[str, str]:
    """What the record says of it: its words only for those who may read them, and then it is noted."""
    told = {"lever": named.lever, "due": named.by}
    readable = (await words.of_versions(db, member, [named.version_id])).get(named.version_id)
    if readable:
        await reads.note_read(db, member, named.event_id, "page", now)
        fields = {one.key for one in readable.form.fields() if one.feeds == "barriers"}
        said = {
            path.part: str(one.value)
            for one in readable.places
            if (path := read(one.path)) and path.field in fields and path.item == named.item
        }
        told |= {"what": said.get("what", ""), "part": said.get("owner", "")}
    return {name: value for name, value in told.items() if value}


def _whence(told: Mapping[str, str]) -> str:
    if told.get("what"):
        return "Its words are filled in below, as you may read that record: change what should not stand here."
    return "Its words are for those who may read that record: ask whoever wrote it, then say it in yours."


async def _leaders(db: AsyncSession, member: Member, urn: int, today: date) -> tuple[Leader, ...]:
    return tuple(await leaders.of_school(db, member.hub_id, urn, academic_year(today)))


async def _fields(db: AsyncSession, member: Member, urn: int, was: BarrierRow | None, today: date) -> tuple[Field, ...]:
    known = await _leaders(db, member, urn, today)
    owner = Owner(was.row.owner_id, was.row.owner) if was else None
    return (
        Field(name="what", label="What stands in the way?", kind="textarea", value=was.row.what if was else ""),
        Field(
            name="lever", label="Where does it sit?", kind="select", choices=LEVERS, value=was.row.lever if was else ""
        ),
        Field(
            name="weight",
            label="How much does it stand in the way?",
            kind="radios",
            choices=WEIGHTS,
            value=was.row.weight if was else Weight.MEDIUM.value,
        ),
        *leader_fields(known, owner),
        Field(
            name="due",
            label="By when?",
            kind="date",
            width="10",
            value=was.row.due.isoformat() if was else "",
            hint="A day that its owner agrees to.",
        ),
    )

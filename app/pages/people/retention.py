"""How long a hub keeps each kind of record, and what would go at the next run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.people.retention import BY_KEY, HOLD, KINDS, Kind, months_of, spoken_months
from app.kit.errors import Fault
from app.kit.periods import in_london, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.store import hubs
from app.store.database import Database
from app.store.people import keeping
from app.store.people.keeping import Going


@dataclass(frozen=True, slots=True)
class GoingLine:
    """What goes of one kind and academic year, and the oldest of it."""

    says: str
    year: str
    count: int
    oldest: str
    goes: str


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """The months by kind, and the preview of the next run; `held`: nothing goes by itself for now."""

    template: ClassVar[str] = "people/retention.html"
    back: str
    form: Form
    going: tuple[GoingLine, ...]
    held: bool
    next_run: str


async def retention_page(db: AsyncSession, member: Member, now: datetime) -> RetentionPage:
    """The times and the preview: two statements."""
    own = await keeping.own_months(db, member.hub_id)
    home = f"/hubs/{member.hub_code}/data-protection"
    today = in_london(now).date()
    found = await keeping.going(db, member.hub_id, own, today)
    hold = Field(
        name="hold",
        label="Keep everything for now",
        kind="checkboxes",
        hint="While somebody at law, an inspection or an audit needs it. Erasing one person by hand still works.",
        choices=(Choice("yes", "Nothing goes by itself until this is taken off"),),
        chosen=("yes",) if HOLD in own else (),
    )
    months = months_of(own)
    fields = (*(_field(kind, months[kind.key]) for kind in KINDS), hold)
    first = today.replace(year=today.year + today.month // 12, month=today.month % 12 + 1, day=1)
    return RetentionPage(
        back=home,
        form=Form(action=f"{home}/retention", submit="Save the times", fields=fields),
        going=tuple(_line(one) for one in found),
        held=HOLD in own,
        next_run=spoken_date(first),
    )


def _field(kind: Kind, months: int) -> Field:
    bounds = f"{kind.least} to {kind.most} months, usually {kind.months}"
    return Field(
        name=kind.key,
        label=f"{kind.says}: months",
        kind="number",
        value=str(months),
        hint=f"{kind.because} Then they {_they(kind.goes)}. {bounds}.",
        width="4",
    )


def _they(goes: str) -> str:
    return goes.replace("is deleted", "are deleted")


def _line(one: Going) -> GoingLine:
    kind = BY_KEY[one.kind]
    oldest = spoken_date(in_london(one.oldest).date())
    return GoingLine(kind.says, spoken_year(one.year), one.count, oldest, kind.goes)


def times_again(page: RetentionPage, typed: Typed, faults: Sequence[Fault]) -> RetentionPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def preview(database: Database, code: str, now: datetime) -> list[str] | None:
    """What would go in one hub, in lines for the command line; None for a code that no hub has."""
    async with database.transaction() as db:
        hub = await hubs.find(db, code)
    if hub is None:
        return None
    async with database.transaction(hub.id) as db:
        own = await keeping.own_months(db, hub.id)
        found = [_line(one) for one in await keeping.going(db, hub.id, own, in_london(now).date())]
    lines = [f"{one.says}, {one.year}: {one.count:,} (the oldest of {one.oldest}); {one.goes}." for one in found]
    if HOLD in own:
        lines.append("The hub keeps everything for now: nothing of this goes by itself.")
    return lines or ["Nothing has been kept long enough."]


def keeps(months: int) -> str:
    """How long, in words for a notice."""
    if not months:
        return "Until they leave the hub"
    return f"{spoken_months(months)} after the end of the academic year"

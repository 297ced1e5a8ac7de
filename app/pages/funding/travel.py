"""How far whoever led an event drove there and back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.funding.travelling import spoken_miles, there_and_back
from app.domain.meetings import states
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken_date
from app.kit.typed import Typed
from app.pages._parts import Field, Form, refilled
from app.render.html import plural
from app.store.funding import travel
from app.store.funding.travel import Driver, Trip


@dataclass(frozen=True, slots=True)
class TravelPage:
    """The form; `told` says what there is to know before, `form` is missing where nothing can be entered."""

    template: ClassVar[str] = "funding/travel.html"
    heading: str
    day: str
    back: str
    told: tuple[str, ...]
    form: Form | None


async def load(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, now: datetime) -> TravelPage:
    """The form with what is known: two statements. Raises NotFoundError, also where the viewer may not say it."""
    trip = await travel.trip(db, member, event_id)
    if trip is None or not _may(viewer, member, trip.lead_id):
        raise NotFoundError
    drivers = await travel.drivers(db, event_id)
    here = f"/hubs/{member.hub_code}/events/{event_id}"
    done = trip.status in {"confirmed", "held"} and trip.starts_at <= now
    mine = [one for one in drivers if _may(viewer, member, one.id)]
    form = Form(
        action=f"{here}/travel",
        submit="Save",
        fields=tuple(_field(one, trip, viewer.member(member.hub_id)) for one in mine),
        kept=tuple((f"seen-{one.id}", str(one.metres or 0)) for one in mine),
    )
    others = [one for one in drivers if one not in mine and one.metres]
    said = (f"Entered for {one.name}: {spoken_miles(one.metres or 0)} miles." for one in others)
    return TravelPage(
        heading=states.says(
            trip.kind, school=trip.school, group=trip.group, lead=trip.lead, teacher="", online=trip.online
        ),
        day=spoken_date(trip.day),
        back=here,
        told=(*_told(trip, now), *said),
        form=form if done else None,
    )


def again(page: TravelPage, typed: Typed, faults: Sequence[Fault]) -> TravelPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


def _may(viewer: Viewer, member: Member, person_id: uuid.UUID) -> bool:
    return bool(decide(viewer, Can.CLAIM_TRAVEL, Target(member.hub_id, frozenset({person_id}))))


def _told(trip: Trip, now: datetime) -> tuple[str, ...]:
    if trip.status == "cancelled":
        return ("This date was cancelled, so nobody can have driven to it.",)
    if trip.status == "tentative":
        return ("This date is not fixed yet.",)
    if trip.starts_at > now:
        return ("This is ahead. Say how far it was afterwards.",)
    if trip.status == "confirmed":
        return ("It is paid once somebody marks the date as held.",)
    return ("It took place online: enter miles only if somebody drove all the same.",) if trip.online else ()


def _field(one: Driver, trip: Trip, member: Member | None) -> Field:
    own = member is not None and member.person_id == one.id
    hint = "Leave it empty for nothing."
    if one.here and trip.there and not trip.online:
        miles = there_and_back(one.here, trip.there)
        hint = f"From {one.base} it is {plural(miles, 'mile')} there and back as the crow flies. {hint}"
    return Field(
        name=f"miles-{one.id}",
        label="How many miles did you drive there and back?" if own else f"Miles that {one.name} drove there and back",
        value=spoken_miles(one.metres) if one.metres else "",
        hint=hint,
        width="4",
    )

"""What happened in a school's journey, one line each: steps, visits, reviews."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings import states
from app.domain.stages.ladder import DAY_OF, Did
from app.kit.errors import NotFoundError
from app.kit.periods import spoken_date, spoken_year
from app.pages.stages.now import may_at
from app.store.stages import journey
from app.store.stages.journey import EnrolledRow, ReviewDay, StepRow, Taker, VisitRow

REVIEWS = {"areas": "Areas of Mastery Readiness reviewed", "conditions": "System conditions reviewed with leaders"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing of the journey: when, what, how it stands or why, of which school, and where it can be read."""

    day: date
    when: str
    what: str
    stands: str
    school: str
    urn: int
    href: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of the schools of one line."""

    name: str
    names: Mapping[int, str]
    enrolled: Sequence[EnrolledRow]
    visits: Sequence[VisitRow]
    reviews: Sequence[ReviewDay]
    takers: Sequence[Taker]
    steps: Sequence[StepRow]


async def read(db: AsyncSession, member: Member, urn: int) -> Known:
    """All that the journey is made of, with that of the schools before it: eight statements. Raises NotFoundError."""
    name = await journey.known(db, member, urn)
    if name is None:
        raise NotFoundError
    names = await journey.one_line(db, urn)
    urns = list(names)
    return Known(
        name,
        names,
        await journey.enrolled(db, member.hub_id, urns),
        await journey.visits(db, member.hub_id, urns),
        await journey.reviews(db, member.hub_id, urns),
        await journey.takers(db, member, urns),
        await journey.taken(db, member.hub_id, urns),
    )


def moments(member: Member, known: Known, now: datetime) -> tuple[Moment, ...]:
    """Everything that happened, the latest first."""
    home = f"/hubs/{member.hub_code}"
    every = [*_visits(known, home, now), *_reviews(known, home), *_steps(known, home), *_unrecorded(known, home)]
    opened = [one if _opens(member, one) else replace(one, href="") for one in every]
    return tuple(sorted(opened, key=lambda one: one.day, reverse=True))


def _opens(member: Member, one: Moment) -> bool:
    """Whether its page is the member's to read: a head's journey reaches back to schools that were not theirs."""
    return may_at(member, Can.SEE_EVENTS if "/events/" in one.href else Can.SEE_STAGES, one.urn)


def _moment(known: Known, urn: int, day: date, said: tuple[str, str], href: str) -> Moment:
    what, stands = said
    return Moment(day, spoken_date(day), what, stands, known.names[urn], urn, href)


def _visits(known: Known, home: str, now: datetime) -> Iterator[Moment]:
    for one in known.visits:
        stands = states.WORDS[states.state(one.status, one.ends_at, now)]
        yield _moment(known, one.urn, one.day, (f"Visit by {one.by}", stands), f"{home}/events/{one.id}")


def _reviews(known: Known, home: str) -> Iterator[Moment]:
    for one in known.reviews:
        page = f"{home}/conditions/{one.review_id}" if one.review_id else f"{home}/events/{one.event_id}"
        where = "on the page" if one.review_id else "in a visit's record"
        yield _moment(known, one.urn, one.day, (REVIEWS[one.kind], f"Kept {where}"), page)


def _steps(known: Known, home: str) -> Iterator[Moment]:
    """A review with leaders is told as a review."""
    programmes = {one.row.id: f"{one.programme}, {spoken_year(one.row.year)}" for one in known.enrolled}
    for one in known.steps:
        if one.row.what != Did.REVIEWED:
            programme = programmes.get(one.row.enrolment_id) if one.row.enrolment_id else None
            did = Did(one.row.what).says
            what = f"{did[:1].upper()}{did[1:]}" + (f": {programme}" if programme else "")
            href = f"{home}/enrolments/{one.row.enrolment_id}" if programme else ""
            yield _moment(known, one.row.urn, one.row.day, (what, one.row.because), href)


def _unrecorded(known: Known, home: str) -> Iterator[Moment]:
    """Days of an enrolment of which no step was kept: it came by an import, or from before there were steps."""
    recorded = {one.row.enrolment_id for one in known.steps}
    for one in known.enrolled:
        if one.row.id in recorded:
            continue
        for state, column in DAY_OF.items():
            day: date | None = getattr(one.row, column)
            if day:
                what = f"{state.says[:1].upper()}{state.says[1:]}: {one.programme}, {spoken_year(one.row.year)}"
                yield _moment(known, one.row.urn, day, (what, ""), f"{home}/enrolments/{one.row.id}")

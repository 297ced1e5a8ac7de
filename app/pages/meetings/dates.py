"""My dates: what I am asked to, what I answered, and what was."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Viewer
from app.domain.meetings.answers import WORDS
from app.domain.meetings.states import State, state
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_hours
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.meetings.answer import LABELS, heading, stands
from app.store.meetings import dates
from app.store.meetings.dates import DateOf

PATH = "/my/dates"
CSV_HEADER = ("Day", "Starts", "Ends", "What", "Where", "Work Group", "My part", "My answer", "Who comes instead")
COLUMNS = (Column("date", "When"), Column("what", "What"), Column("answer", "My answer"), Column("", "Will you come?"))
PARTS = {"leads": "You lead", "comes": "You come", "observed": "Your lesson is watched"}


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date. `asks` are the buttons that are offered, as (value, words); `version` travels with them."""

    id: uuid.UUID
    day: str
    hours: str
    what: str
    where: str
    part: str
    state: State
    answer: str
    says: str
    earlier: str
    asks: tuple[Choice, ...]
    version: int
    href: str
    answer_href: str


@dataclass(frozen=True, slots=True)
class DatesPage:
    """My dates to come, or those that were; `waiting` lack an answer, `other_href` leads to the others."""

    template: ClassVar[str] = "meetings/dates.html"
    waiting: int
    past: bool
    other_href: str
    listing: Listing
    dates: tuple[DateLine, ...]


async def load(db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime) -> DatesPage:
    """The page: one statement a hub that the viewer is in."""
    every = await _every(db, viewer)
    past = asked.value("when") == "past"
    if past and not asked.value("sort"):
        asked = replace(asked, query={**asked.query, "sort": "-date"})
    chosen = _chosen(every, asked, now)
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty(
        "Your dates will be here once they are fixed: when, where, and whether you come.", "My calendar", "/my/calendar"
    )
    return DatesPage(
        waiting=sum(_asks(one, now) and not one.answer and one.part != "leads" for one in every),
        past=past,
        other_href=PATH if past else f"{PATH}?when=past",
        listing=listing(
            asked,
            "My dates that were" if past else "My dates to come",
            COLUMNS,
            total=len(chosen),
            empty=empty,
            filters=_filters(asked, every) if every else (),
        ),
        dates=tuple(_line(one, now) for one in chosen[first : first + PAGE_SIZE]),
    )


async def rows(db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """Every date that the address asks for, under `CSV_HEADER`."""
    return [
        (
            one.day,
            f"{in_london(one.starts_at):%H:%M}",
            f"{in_london(one.ends_at):%H:%M}",
            heading(one),
            "Online" if one.place.online else f"{one.place.school}, {one.place.address}",
            one.group,
            PARTS[one.part],
            WORDS[one.answer],
            one.stand_in,
        )
        for one in _chosen(await _every(db, viewer), asked, now)
    ]


async def _every(db: AsyncSession, viewer: Viewer) -> list[DateOf]:
    found = [one for member in viewer.members if member.reaches(Can.ANSWER) for one in await dates.mine(db, member)]
    return sorted(found, key=lambda one: (one.starts_at, one.event_id))


def _chosen(every: Sequence[DateOf], asked: Asked, now: datetime) -> list[DateOf]:
    when, answer, words = asked.value("when"), asked.value("answer"), asked.value("q").casefold().split()
    found = [
        one
        for one in every
        if (one.ends_at <= now) == (when == "past")
        and (not answer or one.answer == ("" if answer == "none" else answer))
        and all(word in f"{heading(one)} {one.group}".casefold() for word in words)
        and asked.value("half_term") in {"", str(one.half_term % 6 + 1)}
    ]
    column, down = asked.order(("date", "what", "answer"))
    orders = {"what": heading, "answer": lambda one: one.answer, "date": lambda one: one.starts_at}
    return sorted(found, key=orders[column], reverse=down)


def _asks(one: DateOf, now: datetime) -> bool:
    return one.status in {"confirmed", "held"} and one.ends_at > now


def _line(one: DateOf, now: datetime) -> DateLine:
    here = f"/hubs/{one.hub_code}/events/{one.event_id}"
    offered = tuple(Choice(value, words) for value, words in LABELS.items() if value != one.answer)
    return DateLine(
        id=one.event_id,
        day=spoken_date(one.day),
        hours=spoken_hours(one.starts_at, one.ends_at),
        what=heading(one),
        where="Online" if one.place.online else one.place.address,
        part=PARTS[one.part],
        state=state(one.status, one.ends_at, now),
        answer=one.answer,
        says=stands(one) or WORDS[""],
        earlier=LABELS.get(one.earlier, "") if not one.answer else "",
        asks=offered if _asks(one, now) else (),
        version=one.version,
        href=here,
        answer_href=f"{here}/answer" if _asks(one, now) else "",
    )


def _filters(asked: Asked, every: Sequence[DateOf]) -> tuple[Filter, ...]:
    terms = sorted({one.half_term % 6 for one in every})
    return (
        Filter("q", "School or Work Group", asked.value("q")),
        Filter(
            "answer",
            "My answer",
            asked.value("answer"),
            (*(Choice(value, words) for value, words in LABELS.items()), Choice("none", WORDS[""])),
        ),
        Filter(
            "half_term",
            "Half term",
            asked.value("half_term"),
            tuple(Choice(str(term + 1), HALF_TERMS[term]) for term in terms),
        ),
    )

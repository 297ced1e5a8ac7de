"""Who comes to one event: what each has answered, who stands in, and whose calendar has seen the latest change."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings import answers as rules
from app.domain.meetings.states import State, says, state
from app.kit.errors import NotFoundError
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.pages._parts import Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.store.feeds import following
from app.store.feeds.following import Followers, Follows
from app.store.meetings import answers, events
from app.store.meetings.answers import Answer

CSV_HEADER = ("Name", "School", "Part", "Answer", "Because", "Answered", "How", "Who comes instead", "Invited by mail")
COLUMNS = (
    Column("name", "Name"),
    Column("answer", "Answer"),
    Column("", "Who comes instead"),
    Column("", "Invitation and calendar"),
    Column("", "If they told you"),
)
PARTS = {"leads": "Leads", "comes": "Comes", "observed": "Is observed"}
FOLLOWS: dict[Follows, str] = {
    "none": "Has not subscribed to the calendar.",
    "seen": "Their calendar has the latest.",
    "behind": "Their calendar has not seen the latest change.",
}


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody at the event; `href` leads to where what they said is written down, empty once it is too late."""

    id: uuid.UUID
    name: str
    school: str
    part: str
    expected: bool
    answer: str
    answer_word: str
    because: str
    said: str
    earlier: str
    stand_in: str
    stand_in_email: str
    invited: str
    follows: str
    href: str


@dataclass(frozen=True, slots=True)
class EventPeoplePage:
    """The page. `follow` counts the calendars that follow; `invite_href` is empty once nobody can be asked."""

    template: ClassVar[str] = "meetings/event_people.html"
    heading: str
    kinds: str
    day: str
    hours: str
    state: State
    home: str
    event_href: str
    figures: tuple[Figure, ...]
    follow: str
    listing: Listing
    people: tuple[GuestLine, ...]
    invite_href: str


def in_words(followers: Followers) -> str:
    """9 of 14 have subscribed; 2 have not seen the latest change."""
    if not followers.people:
        return ""
    said = f"{followers.subscribed} of {followers.people} have subscribed to their calendar"
    if not followers.subscribed:
        return f"{said}."
    if not followers.behind:
        return f"{said}; all of those have seen the latest change."
    return f"{said}; {followers.behind} {'has' if followers.behind == 1 else 'have'} not seen the latest change."


async def load(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime
) -> EventPeoplePage:
    """The page, in four statements. Raises NotFoundError, also for an event that the viewer may not change."""
    whole = await _known(db, viewer, member, event_id)
    row = whole.row
    people = (await answers.answers_of(db, member, [event_id])).get(event_id, [])
    follows = await following.of_event(db, event_id)
    chosen = _chosen(people, asked)
    home = f"/hubs/{member.hub_code}"
    is_open = row.status == "confirmed" and row.ends_at > now
    here = f"{home}/events/{event_id}"
    return EventPeoplePage(
        heading=says(row.kind, school=row.school, group=row.group, lead=row.lead, teacher="", online=row.online),
        kinds={"meeting": "meetings", "visit": "visits"}.get(row.kind, "observations"),
        day=spoken_date(row.day),
        hours=spoken_hours(row.starts_at, row.ends_at),
        state=state(row.status, row.ends_at, now),
        home=home,
        event_href=here,
        figures=_figures(people),
        follow=in_words(following.counted(list(follows.values()))),
        listing=listing(
            asked,
            "Who comes",
            COLUMNS,
            total=len(chosen),
            empty=Empty("Nobody has a place at this yet."),
            filters=_filters(asked) if people else (),
        ),
        people=tuple(_line(one, follows, here if is_open else "") for one in chosen),
        invite_href=f"{here}/invite" if is_open else "",
    )


async def _known(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID) -> events.EventWhole:
    whole = await events.one(db, member, event_id)
    if whole is None or not decide(viewer, Can.EDIT_EVENTS, Target(member.hub_id, frozenset({whole.lead_id}))):
        raise NotFoundError
    return whole


async def rows(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Everybody that the address asks for, under `CSV_HEADER`. Raises NotFoundError."""
    await _known(db, viewer, member, event_id)
    people = (await answers.answers_of(db, member, [event_id])).get(event_id, [])
    return [
        (
            one.name,
            one.school,
            PARTS[one.part],
            rules.WORDS[one.answer],
            one.because,
            spoken(one.answered_at) if one.answered_at else "",
            rules.HOW.get(one.how, ""),
            one.stand_in,
            one.mailed_to,
        )
        for one in _chosen(people, asked)
    ]


def _figures(people: Sequence[Answer]) -> tuple[Figure, ...]:
    """Answers counted; whoever leads is not asked, and counts as coming unless they say otherwise."""
    said = Counter(one.answer or ("yes" if one.part == "leads" else "") for one in people)
    words = {"yes": "Come", "maybe": "Perhaps", "no": "Do not come", "": "No answer yet"}
    return tuple(Figure(words[answer], str(said[answer])) for answer in ("yes", "maybe", "no", ""))


def _chosen(people: Sequence[Answer], asked: Asked) -> list[Answer]:
    wanted, words = asked.value("answer"), asked.value("q").casefold().split()
    found = [
        one
        for one in people
        if (not wanted or one.answer == ("" if wanted == "none" else wanted))
        and all(word in f"{one.name} {one.school}".casefold() for word in words)
    ]
    column, down = asked.order(("name", "answer"))
    if column == "name":
        return sorted(found, key=lambda one: one.name.casefold(), reverse=down)
    return sorted(found, key=lambda one: one.answer, reverse=down) if column == "answer" else found


def _filters(asked: Asked) -> tuple[Filter, ...]:
    words = (*((value, rules.WORDS[value]) for value in rules.ANSWERS), ("none", rules.WORDS[""]))
    return (
        Filter("q", "Name or school", asked.value("q")),
        Filter("answer", "Answer", asked.value("answer"), tuple(Choice(*one) for one in words)),
    )


def _line(one: Answer, follows: dict[uuid.UUID, Follows], here: str) -> GuestLine:
    how = rules.HOW.get(one.how, one.how)
    invited = ""
    if one.withdrawn_at:
        invited = "The invitation was taken back."
    elif one.mailed_at:
        invited = f"Invited by mail on {spoken(one.mailed_at)}."
    return GuestLine(
        id=one.person_id,
        name=one.name,
        school=one.school,
        part=PARTS[one.part] if one.part != "comes" else "",
        expected=one.expected,
        answer=one.answer,
        answer_word=rules.WORDS[one.answer],
        because=one.because,
        said=f"{how.capitalize()}, {spoken(one.answered_at)}" if one.answered_at else "",
        earlier=f"For the earlier date: {rules.WORDS[one.earlier].lower()}." if one.earlier and not one.answer else "",
        stand_in=one.stand_in,
        stand_in_email=one.stand_in_email,
        invited=invited,
        follows=FOLLOWS[follows.get(one.person_id, "none")],
        href=f"{here}/people/{one.person_id}" if here else "",
    )

"""Before invitations are mailed: who gets what."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.kit.errors import NotFoundError
from app.kit.periods import HALF_TERMS, in_london, spoken, spoken_date
from app.pages._parts import Choice, Confirm, Empty
from app.store.meetings import answers, dates, events, groups

WHAT = (
    "Each gets one mail a date, with an invitation for their own calendar and a link to answer without signing in.",
    "From then on they are mailed whenever the date changes or is cancelled, in place of other letters about it.",
)


@dataclass(frozen=True, slots=True)
class InvitePage:
    """The question. `choices` are other spans of a group's dates; `empty` is said where nobody is left to ask."""

    template: ClassVar[str] = "feeds/invite.html"
    heading: str
    up: str
    up_href: str
    confirm: Confirm | None
    choices: tuple[Choice, ...]
    empty: Empty


async def of_event(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, now: datetime) -> InvitePage:
    """Asking everybody at one date: two statements. Raises NotFoundError, also for what the viewer may not change."""
    whole = await events.one(db, member, event_id)
    if whole is None or not decide(viewer, Can.EDIT_EVENTS, Target(member.hub_id, frozenset({whole.lead_id}))):
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/events/{event_id}"
    people = (await answers.answers_of(db, member, [event_id])).get(event_id, [])
    fresh = [one for one in people if not one.mailed_to or one.withdrawn_at]
    is_open = whole.row.status == "confirmed" and whole.row.ends_at > now
    heading = f"Invite everybody to {spoken(whole.row.starts_at)}?"
    known = len(people) - len(fresh)
    lines = (f"{_people(len(fresh))} will be mailed: {_names([one.name for one in fresh])}.", *WHAT, *_known(known))
    confirm = Confirm(
        question=heading,
        happens=lines,
        action=f"{here}/invite",
        submit="Send the invitations",
        back=f"{here}/people",
        harm=False,
    )
    says = "Everybody is invited already." if is_open else "Invitations are sent for fixed dates that are to come."
    return InvitePage(heading, "Who comes", f"{here}/people", confirm if is_open and fresh else None, (), Empty(says))


@dataclass(frozen=True, slots=True)
class Span:
    """A group's fixed dates ahead: all of them, or those of one half term (1 to 6, as the address has it)."""

    group_id: uuid.UUID
    half_term: str = ""


async def of_group(db: AsyncSession, viewer: Viewer, member: Member, span: Span, now: datetime) -> InvitePage:
    """Asking everybody to a group's fixed dates: two statements. Raises NotFoundError, also for whoever may not."""
    group, every = await _dates(db, viewer, member, span.group_id, now)
    group_id, wanted = span.group_id, span.half_term
    chosen = [one for one in every if wanted in {"", str(one[1] % 6 + 1)} and one[4] < one[3]]
    here = f"/hubs/{member.hub_code}/groups/{group_id}"
    terms = sorted({one[1] % 6 for one in every})
    choices = tuple(
        Choice(f"{here}/invite?half_term={term + 1}" if term >= 0 else f"{here}/invite", words)
        for term, words in [(-1, "All fixed meetings ahead"), *((term, HALF_TERMS[term]) for term in terms)]
        if (str(term + 1) if term >= 0 else "") != wanted
    )
    heading = f"Invite {group.code} to {'1 meeting' if len(chosen) == 1 else f'{len(chosen)} meetings'}?"
    lines = tuple(_span(one[2], one[3], one[4]) for one in chosen)
    kept = (("half_term", wanted),) if wanted else ()
    confirm = Confirm(
        question=heading,
        happens=(*lines, *WHAT),
        action=f"{here}/invite",
        submit="Send the invitations",
        back=here,
        kept=kept,
        harm=False,
    )
    empty = Empty("Everybody is invited already to what is fixed, or no date is.")
    return InvitePage(heading, group.code, here, confirm if chosen else None, choices if every else (), empty)


async def chosen(db: AsyncSession, viewer: Viewer, member: Member, span: Span, now: datetime) -> list[uuid.UUID]:
    """The dates that this choice means. Raises NotFoundError."""
    _, every = await _dates(db, viewer, member, span.group_id, now)
    return [one[0] for one in every if span.half_term in {"", str(one[1] % 6 + 1)}]


async def _dates(
    db: AsyncSession, viewer: Viewer, member: Member, group_id: uuid.UUID, now: datetime
) -> tuple[groups.Group, Sequence[tuple[uuid.UUID, int, datetime, int, int]]]:
    group = await groups.one(db, member, group_id)
    if group is None or not decide(viewer, Can.EDIT_EVENTS, Target(member.hub_id, frozenset({group.leader_id}))):
        raise NotFoundError
    return group, await dates.of_group(db, member, group_id, now)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _names(names: list[str]) -> str:
    if len(names) > 12:
        return f"{', '.join(names[:11])} and {len(names) - 11} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _span(starts: datetime, people: int, asked: int) -> str:
    known = f", {asked} are invited already" if asked else ""
    return f"{spoken_date(in_london(starts).date())}: {_people(people - asked)}{known}"


def _known(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    has, gets = ("has", "gets") if count == 1 else ("have", "get")
    return (f"{_people(count)} {has} the invitation already and {gets} no second one.",)

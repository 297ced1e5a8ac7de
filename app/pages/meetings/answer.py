"""Answering one date: one's own, one that somebody told of, or by the personal link in a mail."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings import answers as rules
from app.domain.meetings.answers import NOBODY, StandIn
from app.domain.meetings.states import says
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.links import read_link
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.pages.meetings.places import Where, where
from app.store.database import see_hubs
from app.store.meetings import answers, dates
from app.store.meetings.dates import DateOf

OTHER = "other"
LABELS = {"yes": "Yes", "maybe": "Maybe", "no": "No"}


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One date with its form. `stands` is what was answered so far; `closed`, why it cannot be answered, else empty."""

    template: ClassVar[str] = "meetings/answer.html"
    heading: str
    day: str
    hours: str
    where: Where
    whose: str  # empty: the viewer's own
    lead: str
    stands: str
    earlier: str
    closed: str
    form: Form | None
    event_href: str
    back: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The same by a personal link, for whoever is not signed in: that date, and that person's own answer."""

    template: ClassVar[str] = "meetings/answer_link.html"
    name: str
    heading: str
    day: str
    hours: str
    where: Where | None
    lead: str
    stands: str
    earlier: str
    closed: str
    form: Form | None


def stands(one: DateOf) -> str:
    """What somebody answered, in a sentence; empty where nothing yet."""
    if not one.answer:
        return ""
    said = f"{rules.WORDS[one.answer]}, {rules.HOW.get(one.how, one.how)}"
    when = f" on {spoken(one.answered_at)}" if one.answered_at else ""
    place = f". {one.stand_in} comes instead" if one.stand_in else ""
    return f"{said}{when}{place}."


def _closed(one: DateOf, now: datetime) -> str:
    if not one.has_place:
        return "You no longer have a place at this date."
    try:
        rules.refuse_unless_open(one.status, one.ends_at, now)
    except ConflictError as refused:
        return refused.because
    return ""


def heading(one: DateOf) -> str:
    """What meets or happens, and where."""
    return says(one.kind, school=one.place.school, group=one.group, lead=one.lead, teacher="", online=one.place.online)


async def load_own(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> AnswerPage:
    """The viewer's own answer to this date. Raises NotFoundError where they have no place."""
    one = await dates.one(db, event_id, member.person_id)
    if one is None or not one.has_place or one.hub_code != member.hub_code:
        raise NotFoundError
    return await _page(db, member, one, now, own=True)


async def load_for(
    db: AsyncSession, viewer: Viewer, member: Member, key: tuple[uuid.UUID, uuid.UUID], now: datetime
) -> AnswerPage:
    """Another's answer, to write it down; `key` is (event, person). Raises NotFoundError, also where one may not."""
    one = await dates.one(db, *key)
    if one is None or one.hub_code != member.hub_code or not one.has_place:
        raise NotFoundError
    if not decide(viewer, Can.EDIT_EVENTS, Target(member.hub_id, frozenset({one.lead_id}))):
        raise NotFoundError
    return await _page(db, member, one, now, own=False)


async def _page(db: AsyncSession, member: Member, one: DateOf, now: datetime, *, own: bool) -> AnswerPage:
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/events/{one.event_id}"
    closed = _closed(one, now)
    people = await answers.stand_ins_for(db, member.hub_id, one.person_id)
    action = f"{here}/answer" if own else f"{here}/people/{one.person_id}"
    return AnswerPage(
        heading=heading(one),
        day=spoken_date(one.day),
        hours=spoken_hours(one.starts_at, one.ends_at),
        where=where(one.place),
        whose="" if own else one.name,
        lead=one.lead,
        stands=stands(one),
        earlier=LABELS.get(one.earlier, ""),
        closed=closed,
        form=None if closed else _form(one, action, people, own=own),
        event_href=here,
        back="/my/dates" if own else f"{here}/people",
    )


def _form(one: DateOf, action: str, people: Sequence[tuple[uuid.UUID, str]], *, own: bool) -> Form:
    chosen = str(one.stand_in_id) if one.stand_in_id else OTHER if one.stand_in else ""
    known = [Choice(str(key), name) for key, name in people]
    if one.stand_in_id and one.stand_in_id not in {key for key, _ in people}:
        known.append(Choice(str(one.stand_in_id), one.stand_in))
    stranger = "" if one.stand_in_id else one.stand_in
    choices = (Choice("", "Nobody"), *known, Choice(OTHER, "Somebody else: write who below"))
    fields = (
        _yes_or_no(one, "Will you come?" if own else f"Does {one.name} come?"),
        _because(one),
        Field(
            name="stand_in",
            label="Who comes instead?",
            kind="select",
            value=chosen,
            hint="Somebody of the same school gets the date into their own calendar.",
            choices=choices,
        ),
        Field(name="stand_in_name", label="Their name", value=stranger, width="20"),
        Field(
            name="stand_in_email",
            label="Their e-mail address",
            kind="email",
            value=one.stand_in_email,
            hint="They are mailed when and where it is.",
            width="30",
        ),
    )
    kept = (("version", str(one.version)),)
    return Form(action=action, submit="Save this answer", fields=fields, kept=kept)


def _yes_or_no(one: DateOf, label: str) -> Field:
    choices = tuple(Choice(value, words) for value, words in LABELS.items())
    return Field(name="answer", label=label, kind="radios", value=one.answer, choices=choices)


def _because(one: DateOf) -> Field:
    return Field(
        name="because",
        label="Why, if it is maybe or no?",
        kind="textarea",
        value=one.because,
        hint="You need not say. Whoever leads and your hub's office read it, and nobody else.",
    )


async def open_link(db: AsyncSession, secret: bytes, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The hub and the invitation that a link names; the wall opens for that hub only once its signature was right.

    Raises NotFoundError.
    """
    found = read_link(secret, "answer", token)
    if found is None:
        raise NotFoundError
    await see_hubs(db, found[0])
    return found


async def load_link(db: AsyncSession, hub_id: uuid.UUID, invitation_id: uuid.UUID, now: datetime) -> LinkPage:
    """What a personal link shows; the hub must be open. Raises NotFoundError for one that names nothing."""
    row = await answers.look(db, invitation_id)
    one = await dates.one(db, row.event_id, row.person_id) if row and row.hub_id == hub_id else None
    if one is None:
        raise NotFoundError
    closed = _closed(one, now)
    if closed:
        return LinkPage(one.name, "Will you come?", "", "", None, "", "", "", closed, None)
    fields = (
        _yes_or_no(one, "Will you come?"),
        _because(one),
        Field(
            name="stand_in_name",
            label="Who comes instead, if anybody?",
            value=one.stand_in,
            hint="Their name.",
            width="20",
        ),
        Field(
            name="stand_in_email",
            label="Their e-mail address",
            kind="email",
            value=one.stand_in_email,
            hint="They are mailed when and where it is.",
            width="30",
        ),
    )
    return LinkPage(
        name=one.name,
        heading=heading(one),
        day=spoken_date(one.day),
        hours=spoken_hours(one.starts_at, one.ends_at),
        where=where(one.place),
        lead=one.lead,
        stands=stands(one),
        earlier=LABELS.get(one.earlier, ""),
        closed="",
        form=Form(action="", submit="Send this answer", fields=fields, kept=(("version", str(one.version)),)),
    )


def again(page: AnswerPage, typed: Typed, faults: Sequence[Fault]) -> AnswerPage:
    """The page with what was typed, and beside each field what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


def link_again(page: LinkPage, typed: Typed, faults: Sequence[Fault]) -> LinkPage:
    """The same of the page behind a link."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


def read_stand_in(typed: Typed, kept: StandIn = NOBODY) -> StandIn:
    """Who the form names: somebody of the list, or a name and an address; `kept` where only their name came back.

    Whoever says yes comes themselves: nobody stands in.
    """
    if typed.text("answer") == "yes":
        return NOBODY
    chosen, name, email = typed.text("stand_in"), typed.text("stand_in_name"), typed.text("stand_in_email")
    if "stand_in" in typed.values and chosen != OTHER:
        try:
            return StandIn(uuid.UUID(chosen)) if chosen else NOBODY
        except ValueError:
            return StandIn(uuid.UUID(int=0))
    if kept.person_id and name and not email:
        return kept
    return StandIn(None, name, email)


async def kept_answer(db: AsyncSession, event_id: uuid.UUID, person_id: uuid.UUID) -> tuple[str, StandIn]:
    """Why, and who stands in, so far: what a press of one button leaves as it is."""
    one = await dates.one(db, event_id, person_id)
    if one is None:
        return "", NOBODY
    stranger = ("", "") if one.stand_in_id else (one.stand_in, one.stand_in_email)
    return one.because, StandIn(one.stand_in_id, *stranger)


async def kept_stand_in(db: AsyncSession, invitation_id: uuid.UUID) -> StandIn:
    """Who stands in so far, of the person whose link it is."""
    row = await answers.look(db, invitation_id)
    return StandIn(row.stand_in_id, row.stand_in_name, row.stand_in_email) if row else NOBODY

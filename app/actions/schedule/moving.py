"""Moving dates by hand: one, two that swap hosts, or a whole cascade, in one transaction with one trail entry."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.meetings.changes import Move, planned_events
from app.domain.schedule.by_hand import Hand, in_hand, refuse
from app.domain.schedule.wishes import Wish
from app.kit.errors import ConflictError, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date
from app.models.hubs import Hub
from app.models.meetings import Event
from app.store.feeds import event_changed
from app.store.meetings import events
from app.store.schedule import proposals
from app.store.schedule.apply import Writing, as_standing, standing, write
from app.store.schedule.facts import read_year

CHANGED = "Someone changed one of these dates while you had the page open. Look again where it could be."
ELSEWHERE = "Somebody in this is booked in another hub at that time. Choose another day."
HALVES = {"am": "morning", "pm": "afternoon"}


async def move(actor: Actor, event_id: uuid.UUID, wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """Put these dates where they are wished, all or none; returns where they were, to bring them back by.

    Raises NotFoundError, ForbiddenError, StaleError, or ConflictError: no date that is certain and ahead, a rule is
    against it, or somebody is booked in another hub then.
    """
    await proposals.one_planner_at_a_time(actor.db, actor.member.hub_id)
    first = await events.locked(actor.db, actor.member, event_id)
    if first is None:
        raise NotFoundError
    there = await standing(actor.db, actor.member.hub_id, first.year)
    by_id = {event.id: event for event in there.values()}
    moving = {wish: _movable(actor, by_id.get(wish.event), wish) for wish in wishes}
    if all(_same(event, wish) for wish, event in moving.items()):
        raise ConflictError("It is there already. Choose another day, half-day or host.")
    known = await read_year(actor.db, actor.member.hub_id, first.year, in_london(actor.now).date())
    hand = in_hand(known, [event.slot_key for event in moving.values()])
    places = [wish.as_placed(event.slot_key, event.kind) for wish, event in moving.items()]
    refuse(hand, places)
    before, back = _places(hand, moving.values()), {event.id: _here(event) for event in moving.values()}
    await _write(actor, hand, there, moving)
    about = hand.called(first.slot_key) + (f" and {len(moving) - 1} more" if len(moving) > 1 else "")
    facts = {"event": str(event_id), "moved": len(moving), "events": [str(event.id) for event in moving.values()]}
    await actor.record("Moved", about, before=before, after=_places(hand, moving.values()), **facts)
    return tuple(replace(back[event.id], version=event.version) for event in moving.values())


def _movable(actor: Actor, event: Event | None, wish: Wish) -> Event:
    if event is None:
        raise NotFoundError
    target = Target(event.hub_id, frozenset({event.lead_id}), event.group_id, frozenset({event.urn}))
    actor.require(Can.EDIT_EVENTS, target)
    if event.version != wish.version:
        raise StaleError(CHANGED)
    if event.status != "confirmed" or event.starts_at <= actor.now:
        raise ConflictError(f"The date on {spoken_date(event.day)} is not certain and ahead any more, so it stays.")
    if wish.day <= in_london(actor.now).date() and wish.day != event.day:
        raise ConflictError(f"{spoken_date(wish.day)} is too near: nobody would know in time. Choose a later day.")
    return event


def _here(event: Event) -> Wish:
    return Wish(event.id, event.version, event.day, event.slot, event.urn)


def _same(event: Event, wish: Wish) -> bool:
    return _here(event) == wish


def _places(hand: Hand, moving: Iterable[Event]) -> dict[str, str]:
    """Where each date is, for the trail."""
    return {
        hand.called(event.slot_key): f"{spoken_date(event.day)}, {HALVES[event.slot]}, at "
        f"{hand.names.get(f's{event.urn}', event.urn)}"
        for event in moving
    }


async def _write(actor: Actor, hand: Hand, there: dict[str, Event], moving: Mapping[Wish, Event]) -> None:
    """The same way as a changed plan: SEQUENCE rises, places move along, feeds and people are told."""
    placed: list[tuple[str, Any, str, str | None]] = [
        (one.event, one.date, one.slot, one.host)
        for one in (wish.as_placed(event.slot_key, event.kind) for wish, event in moving.items())
    ]
    intents = []
    for planned in planned_events(hand.raw, placed):
        event = there[planned.key]
        teacher = str(event.teacher_id) if event.teacher_id else None
        kept = replace(planned, lead=str(event.lead_id), teacher=teacher)
        intents.append(Move(kept, as_standing(event).place))
    hub = await actor.db.get_one(Hub, actor.member.hub_id)
    year = next(iter(moving.values())).year
    try:
        writing = Writing(hub, year, None, "confirmed", actor.now)
        changed, unbooked = await write(actor.db, writing, there, intents)
    except IntegrityError as clash:
        if "booking_one_place_at_a_time" not in str(clash.orig):
            raise
        raise ConflictError(ELSEWHERE) from None
    await event_changed(actor.db, changed, actor.now, unbooked)

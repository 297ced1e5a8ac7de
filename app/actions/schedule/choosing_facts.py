"""Facts that are let go, written where they belong, each by the act and with the permission that its own page has."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.actions import hubs
from app.actions.access import Actor
from app.actions.meetings import events
from app.actions.meetings import groups as acting
from app.actions.people import changing
from app.domain.meetings.groups import GroupChange, SeriesChange
from app.domain.people.written import WrittenPerson
from app.domain.schedule.letting_go import Offer
from app.kit.errors import ConflictError
from app.kit.periods import WEEKDAYS
from app.store.meetings import groups
from app.store.people import directory
from app.store.schedule.apply import standing
from app.store.schedule.facts import read_year

CHANGED = "What would be let go has been changed meanwhile. Look for ways out again."
SHORTEST_GAP = 1  # days, as the form of a Work Group allows


async def change(actor: Actor, year: int, offers: Iterable[Offer]) -> None:
    """Write the facts these offers change. Raises ConflictError, ForbiddenError and what the facts' own acts raise."""
    for offer in offers:
        if offer.kind == "more_a_day":
            await hubs.limit_meetings(actor, year, int(offer.sets["meetings_per_day"]))
        elif offer.kind == "more_days":
            await _more_days(actor, offer)
        elif offer.kind == "let_move":
            await _let_move(actor, year, offer.event)
        else:
            await _series_or_group(actor, year, offer)


async def _let_move(actor: Actor, year: int, key: str) -> None:
    """Take the pin off; a date that was only let through is not in the calendar, and just not let through again."""
    event = (await standing(actor.db, actor.member.hub_id, year)).get(key)
    if event is not None and event.pinned:
        await events.pin(actor, event.id, event.version, pinned=False)


async def _more_days(actor: Actor, offer: Offer) -> None:
    """The person works the new half-days beside those they work today."""
    person = await directory.one(actor.db, actor.member, uuid.UUID(offer.about))
    if person is None:
        raise ConflictError(CHANGED)
    roles = await directory.roles(actor.db, person.id)
    new: dict[str, list[str]] = offer.sets["works"]
    both = {day: sorted({*person.works.get(day, ()), *new.get(day, ())}) for day in WEEKDAYS}
    written = WrittenPerson(
        name=person.name,
        email=person.email,
        phone=person.phone,
        roles=tuple(dict.fromkeys(role for role, _, _ in roles)),
        head_of=tuple(urn for _, urn, _ in roles if urn),
        works={day: tuple(halves) for day, halves in both.items() if halves},
        base_urn=person.base_urn,
        cohort=str(person.cohort_id or ""),
    )
    await changing.change_person(actor, person.id, written, person.version)


async def _series_or_group(actor: Actor, year: int, offer: Offer) -> None:
    """The gap or a half term of a Work Group's meetings, or of a school's visits."""
    name, _, k = offer.about.partition("/")
    group = await groups.one(actor.db, actor.member, uuid.UUID(name))
    if group is not None:
        gone = {int(k)} if k else set[int]()
        change = _as_it_is(group)
        change = replace(change, half_terms=tuple(each for each in change.half_terms if each not in gone))
        change = replace(change, least_gap=max(SHORTEST_GAP, int(offer.sets.get("least_gap", change.least_gap))))
        await acting.change_group(actor, group.id, group.version, change)
        return
    known = await read_year(actor.db, actor.member.hub_id, year, actor.now.date())
    urn = next((each.urn for each in known.series if each.id == name), None)
    found = await groups.series_of_school(actor.db, actor.member.hub_id, year, urn) if urn else None
    if found is None or urn is None:
        raise ConflictError(CHANGED)
    left = tuple(each for each in found.half_terms if not k or each != int(k))
    gap = int(offer.sets.get("least_gap", found.least_gap))
    await acting.set_visits(actor, found.group_id, urn, SeriesChange(found.visitor_id, left, gap))


def _as_it_is(group: groups.Group) -> GroupChange:
    values: dict[str, Any] = {
        name: getattr(group, name)
        for name in ("code", "name", "leader_id", "half_terms", "least_gap", "weekday_cost", "first_host", "online")
    }
    return GroupChange(**values, programme_id=group.programme.id, joining_link=group.joining_link, times=group.times)

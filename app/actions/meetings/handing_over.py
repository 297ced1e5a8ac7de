"""Handing over what somebody leads: all of it in one act, or one date for that day. Rules: docs/rules/people.md."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions.access import Actor
from app.actions.meetings.telling import Handed, letters
from app.actions.people import leaving
from app.domain.access import GRANTS, Can, Role, Target
from app.domain.meetings.handing_over import Chosen, Going, Pick, Settled, Taker, seen, settle
from app.domain.stages import handing_over as along
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import academic_year, spoken_date
from app.models.people import Person
from app.store.feeds import event_changed, people_changed
from app.store.mail.posting import post
from app.store.meetings import events, handing_over
from app.store.meetings.handing_over import Led
from app.store.notes import handing_over as notes
from app.store.people import directory, joinings, roles_held
from app.store.stages import handing_over as actions

LOOK_AGAIN = "Something has changed since you looked. This is how it stands now: look at it again."
ELSEWHERE = "{} is booked in another hub then."
LEADING = (Role.SPECIALIST, Role.READINESS_LEAD)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole hand-over: who takes what, which roles go to whom, what was on the page, and whether they have left."""

    chosen: Chosen
    roles: Mapping[str, uuid.UUID]  # by key of roles_held
    seen: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: how many dates and open actions moved, and who took on something, by name."""

    dates: int
    takers: tuple[str, ...]
    actions: int = 0


async def hand_over(actor: Actor, person_id: uuid.UUID, whole: Whole) -> Done:
    """Give what somebody leads, and their open actions, to others, in one transaction with one entry in the trail.

    Raises NotFoundError, ConflictError (nothing was chosen), or BadInputError with a fault for each date that somebody
    must still say something about: then nothing is changed.
    """
    actor.require(Can.EDIT_PEOPLE)
    person = await directory.one(actor.db, actor.member, person_id)
    if person is None:
        raise NotFoundError
    await handing_over.hold(actor.db, person_id, actor.now)
    led = await handing_over.led(actor.db, person_id, academic_year(actor.now.date()), actor.now)
    wanted = whole.chosen.takers() | set(whole.roles.values())
    takers = await handing_over.takers(actor.db, actor.member.hub_id, wanted - {person_id})
    if wanted - set(takers):
        raise ConflictError("Somebody you chose does not work with the hub any more. Choose again.")
    settled = settle(led.dates, takers, whole.chosen)
    held = await actions.held(actor.db, person_id, {one.id for one in led.groups if one.id})
    _refuse_unsettled(settled, seen(led.dates, along.told(held)) == whole.seen)
    groups, visits = _things(led, whole.chosen)
    gives = await _open_actions(actor, held, whole, takers)
    if not (settled.going or groups or visits or whole.roles or whole.gone or gives):
        raise ConflictError("Nothing was handed over: choose who takes on what.")
    async with actor.db.begin_nested():  # one that is refused takes the others along, so that the preview is whole
        await _give(actor, person, settled.going)
    await handing_over.give_groups(actor.db, groups)
    await handing_over.give_visits(actor.db, visits)
    tasks = await notes.give_tasks(actor.db, person_id, groups)
    await actions.give(actor.db, gives)
    able = await _enable(actor, person_id, [*groups.values(), *visits.values()])
    moved = await _give_roles(actor, person, whole.roles)
    if whole.gone and not person.left_on:
        await leaving.depart(actor, person)
    concerned = [person_id, *takers]
    await event_changed(actor.db, [one.ahead.id for one in settled.going], actor.now, [person_id])
    await people_changed(actor.db, concerned, actor.now)
    given = {one.held.words: one.taker for one in gives}
    handed = Handed(person, tuple(takers.values()), led, settled, whole.chosen, {**moved, **given})
    await post(actor.db, actor.member.hub_id, await letters(actor, handed), actor.now)
    about = f"{person.name}'s work to {', '.join(one.name for one in takers.values()) or 'nobody'}"
    before, after = _told(handed)
    facts = {
        "person": str(person_id),
        "to": {key: str(one) for key, one in _by_key(led, whole).items()},
        "events": [str(one.ahead.id) for one in settled.going],
        "left_open": [str(one.id) for one in settled.staying],
        "tasks": tasks,
        "given_a_role": [str(one) for one in able],
        "open_actions": {one.held.key: list(one.held.ids) for one in gives},
    }
    await actor.record("Handed over", about, before=before, after=after, **facts)
    names = tuple(one.name for one in takers.values())
    return Done(len(settled.going), names, sum(len(one.held.ids) for one in gives))


async def _open_actions(
    actor: Actor, held: Sequence[along.Held], whole: Whole, takers: Mapping[uuid.UUID, Taker]
) -> tuple[along.Gives, ...]:
    """Open actions that go to whoever was chosen and may have them; the others stay, as the preview said."""
    ties = await actions.ties(actor.db, actor.member.hub_id, takers, academic_year(actor.now.date()))
    known = along.with_roles(ties, whole.roles)
    gives, _ = along.settle(held, whole.chosen, {one.id: (one.name, known[one.id]) for one in takers.values()})
    return gives


def _refuse_unsettled(settled: Settled, looked: bool) -> None:
    faults = [
        Fault(f"date-{one.ahead.id}", f"{spoken_date(one.ahead.day)}: {one.clash.because} Choose what happens.")
        for one in settled.unsettled
    ]
    if not looked:
        raise BadInputError(LOOK_AGAIN, (Fault("seen", LOOK_AGAIN), *faults))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))


def _things(led: Led, chosen: Chosen) -> tuple[dict[uuid.UUID, uuid.UUID], dict[uuid.UUID, uuid.UUID]]:
    """Work Groups and visit series that go to somebody, by id."""
    groups = {one.id: taker for one in led.groups if one.id and (taker := chosen.of_thing(one.key))}
    visits = {one.id: taker for one in led.visits if one.id and (taker := chosen.of_thing(one.key))}
    return groups, visits


def _by_key(led: Led, whole: Whole) -> dict[str, uuid.UUID]:
    """Everything that went as a whole, by the key that forms use: from this it can be handed back."""
    things = {one.key: taker for one in led.things if (taker := whole.chosen.of_thing(one.key))}
    return {**things, **whole.roles}


async def _give(actor: Actor, person: Person, going: Sequence[Going]) -> None:
    faults = []
    for one in going:
        if not await handing_over.give_date(actor.db, one, person.id):
            because = (
                f"{spoken_date(one.ahead.day)}: {ELSEWHERE.format(one.taker.name)} Choose somebody else, or leave it."
            )
            faults.append(Fault(f"date-{one.ahead.id}", because))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))


async def _enable(actor: Actor, person_id: uuid.UUID, takers: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Whoever leads from now on may: without a role that lets them they get the leaver's, or Mastery Specialist."""
    own = [role for role, _urn, _name in await directory.roles(actor.db, person_id)]
    role = next((one for one in own if one in LEADING), Role.SPECIALIST)
    able = []
    for taker in sorted(set(takers)):
        held = [one for one, _urn, _name in await directory.roles(actor.db, taker)]
        if any(Can.EDIT_EVENTS in GRANTS[one] for one in held):
            continue
        person = await directory.one(actor.db, actor.member, taker)
        if person is not None:
            await joinings.give_roles(actor.db, person, [role], None)
            able.append(taker)
    return able


async def _give_roles(actor: Actor, person: Person, roles: Mapping[str, uuid.UUID]) -> dict[str, uuid.UUID]:
    """Roles that go to somebody else, in words; the hub keeps somebody who can change it, because they have it now."""
    moved = {}
    for key, taker in roles.items():
        words = await roles_held.move(actor.db, person, key, taker)
        if words:
            moved[words] = taker
    return moved


def _told(handed: Handed) -> tuple[dict[str, str], dict[str, str]]:
    """Everything that went, and from whom to whom: what the trail keeps."""
    names = {one.id: one.name for one in handed.takers}
    wholes = {
        one.words: names[taker]
        for one in handed.led.things
        if (taker := handed.chosen.of_thing(one.key)) and not one.key.startswith("single")
    }
    dates = {f"{one.ahead.heading}, {spoken_date(one.ahead.day)}": one.taker.name for one in handed.settled.going}
    after = {**wholes, **dates, **{words: names[taker] for words, taker in handed.roles.items()}}
    return dict.fromkeys(after, handed.person.name), after


async def lead_once(actor: Actor, event_id: uuid.UUID, pick: Pick, version: int) -> Taker:
    """Somebody else leads this one date; who. The Work Group or series stays with whoever leads it.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError (over or cancelled), BadInputError (a clash).
    """
    event = await events.locked(actor.db, actor.member, event_id)
    if event is None:
        raise NotFoundError
    target = Target(event.hub_id, frozenset({event.lead_id}), event.group_id, frozenset({event.urn}))
    actor.require(Can.EDIT_EVENTS, target)
    if event.version != version:
        raise BadInputError(LOOK_AGAIN, (Fault("seen", LOOK_AGAIN),))
    if event.status not in {"tentative", "confirmed"} or event.starts_at <= actor.now:
        raise ConflictError("This is over or cancelled: who led it cannot change any more.")
    ahead, was = await handing_over.one_date(actor.db, event_id), await actor.db.get_one(Person, event.lead_id)
    takers = await handing_over.takers(actor.db, event.hub_id, [pick.taker] if pick.taker else [])
    if pick.taker == was.id or not takers:
        raise BadInputError("Look at what is marked below.", (Fault("to", "Choose who leads this date instead."),))
    settled = settle([ahead], takers, Chosen(dates={event_id: pick}))
    if settled.unsettled:
        because = settled.unsettled[0].clash.because
        raise BadInputError("Look at what is marked below.", (Fault("to", because),))
    await _give(actor, was, settled.going)
    await event_changed(actor.db, [event_id], actor.now, [was.id])
    handed = Handed(was, tuple(takers.values()), Led((), (), (), (ahead,)), settled, Chosen(), {})
    await post(actor.db, event.hub_id, await letters(actor, handed), actor.now)
    taker = settled.going[0].taker
    about = f"the {event.kind} on {spoken_date(event.day)} to {taker.name}"
    sides = {"before": {"leads": str(was.id)}, "after": {"leads": str(taker.id)}}
    await actor.record("Gave", about, **sides, event=str(event_id))
    return taker

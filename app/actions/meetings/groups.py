"""What is done to Work Groups: made, changed, joined by schools and people, left by them, and their visits."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.meetings.groups import STAYS, GroupChange, SeriesChange, TakerChange
from app.domain.schools.keeping import CHECK
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import HALF_TERMS, spoken_year
from app.store.feeds import event_changed, facts_changed
from app.store.meetings import group_changes, group_places, groups
from app.store.meetings.groups import Group, MemberSchool, Series
from app.store.schools import changing, reading


async def new_group(actor: Actor, year: int, new: GroupChange) -> uuid.UUID:
    """A Work Group of the year, without schools yet. Raises NotFoundError, BadInputError when its code is in use."""
    actor.require(Can.EDIT_GROUPS)
    if year not in await reading.years(actor.db, actor.member.hub_id):
        raise NotFoundError
    made = await group_changes.add(actor.db, actor.member.hub_id, year, new)
    if made is None:
        raise _code_is_taken(new.code, year)
    await actor.record("Made", f"Work Group {new.code} of {spoken_year(year)}", group=str(made))
    return made


async def change_group(actor: Actor, group_id: uuid.UUID, version: int, new: GroupChange) -> int:
    """Write a Work Group; its meetings to come follow its times and place. Returns how many of them changed.

    Raises NotFoundError, ForbiddenError, BadInputError, StaleError; then nothing is changed.
    """
    was = await _mine(actor, group_id)
    if await group_changes.code_taken(actor.db, actor.member.hub_id, was.year, new.code, besides=group_id):
        raise _code_is_taken(new.code, was.year)
    async with actor.db.begin_nested():
        group = await group_changes.change(actor.db, actor.member.hub_id, group_id, version, new)
        if group is None:
            raise NotFoundError
        moved = await group_places.follow(actor.db, group, (was.online, was.joining_link), actor.now)
    await event_changed(actor.db, moved, actor.now)
    if new.code != was.code:
        await facts_changed(actor.db, actor.now, groups=[group_id])
    await actor.record("Changed", f"Work Group {new.code}", before=_told(was), after=_told(new), group=str(group_id))
    return len(moved)


async def remove_group(actor: Actor, group_id: uuid.UUID) -> Group:
    """Take away a Work Group that was made by mistake, with its schools, people and visits; returns it as it was.

    Raises NotFoundError, ForbiddenError, ConflictError when it has had dates: what happened stays on record.
    """
    group = await _mine(actor, group_id)
    if await groups.has_dates(actor.db, group_id):
        raise ConflictError(STAYS.format(code=group.code))
    await group_changes.remove(actor.db, group_id)
    about = f"Work Group {group.code} of {spoken_year(group.year)}"
    await actor.record("Removed", about, before=_told(group), group=str(group_id))
    return group


async def add_school(actor: Actor, group_id: uuid.UUID, urn: int, *, with_visits: bool = True) -> str:
    """A school of the hub joins, with the visits its programme asks for; returns its name.

    Raises NotFoundError, ForbiddenError, ConflictError when it is in the group.
    """
    group = await _mine(actor, group_id)
    name = await changing.school_name(actor.db, urn)
    if name is None or await reading.known(actor.db, actor.member, group.year, urn) is None:
        raise NotFoundError
    if not await group_changes.add_school(actor.db, actor.member.hub_id, group_id, urn):
        raise ConflictError(f"{name} is in {group.code} already.")
    hub_id, programme = actor.member.hub_id, group.programme
    if with_visits and programme.visit_half_terms:
        other = await groups.series_of_school(actor.db, hub_id, group.year, urn)
        if other is None:
            visits = SeriesChange(group.leader_id, programme.visit_half_terms, programme.least_gap)
            await group_changes.set_series(actor.db, hub_id, (group.year, urn, group_id), visits)
    await group_changes.touched(actor.db, group_id)
    await actor.record("Added", f"{name} to Work Group {group.code}", group=str(group_id), urn=urn)
    return name


async def remove_school(actor: Actor, group_id: uuid.UUID, urn: int) -> str:
    """A school leaves with its people and visits; returns its name. Places at what is still to come go too.

    Raises NotFoundError, ForbiddenError.
    """
    group = await _mine(actor, group_id)
    school = await _member_school(actor, group, urn)
    people = [one.person_id for one in await groups.takers(actor.db, group_id) if one.urn == urn]
    lost = await group_places.take_back(actor.db, group_id, urn, people, actor.now)
    await group_changes.remove_school(actor.db, group_id, urn)
    await group_changes.touched(actor.db, group_id)
    await event_changed(actor.db, lost, actor.now, people)
    facts = {"group": str(group_id), "urn": urn, "people": [str(one) for one in people]}
    await actor.record("Removed", f"{school.name} from Work Group {group.code}", **facts)
    return school.name


async def add_taker(actor: Actor, group_id: uuid.UUID, new: TakerChange) -> int:
    """A person takes part, and gets a place at all that is still to come; returns at how many events.

    Raises NotFoundError, ForbiddenError, BadInputError when they take part already.
    """
    group = await _mine(actor, group_id)
    await _member_school(actor, group, new.urn)
    if not any(one.id == new.person_id for one in await groups.people(actor.db, actor.member)):
        raise NotFoundError
    if not await group_changes.add_taker(actor.db, actor.member.hub_id, group_id, new):
        because = f"This person takes part in {group.code} already: remove them there first to change their school."
        raise BadInputError(CHECK, (Fault("person", because),))
    given = await group_places.give(actor.db, group_id, new.urn, new.person_id, actor.now)
    await group_changes.touched(actor.db, group_id)
    await event_changed(actor.db, given, actor.now)
    facts = {"group": str(group_id), "person": str(new.person_id), "urn": new.urn, "role": new.role}
    await actor.record("Added", f"a participant to Work Group {group.code}", **facts)
    return len(given)


async def remove_taker(actor: Actor, group_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """A person takes part no more and gives their places up; returns their name.

    Raises NotFoundError, ForbiddenError.
    """
    group = await _mine(actor, group_id)
    taker = next((one for one in await groups.takers(actor.db, group_id) if one.person_id == person_id), None)
    if taker is None:
        raise NotFoundError
    lost = await group_places.take_back(actor.db, group_id, taker.urn, [person_id], actor.now)
    await group_changes.remove_taker(actor.db, group_id, person_id)
    await group_changes.touched(actor.db, group_id)
    await event_changed(actor.db, lost, actor.now, [person_id])
    facts = {"group": str(group_id), "person": str(person_id), "urn": taker.urn, "role": taker.role}
    await actor.record("Removed", f"a participant from Work Group {group.code}", **facts)
    return taker.name


async def set_visits(actor: Actor, group_id: uuid.UUID, urn: int, new: SeriesChange) -> None:
    """Write who visits a school and in which half terms. Raises NotFoundError, ForbiddenError, ConflictError."""
    group = await _mine(actor, group_id)
    school = await _member_school(actor, group, urn)
    other = await groups.series_of_school(actor.db, actor.member.hub_id, group.year, urn)
    if other is not None and other.group_id != group_id:
        raise ConflictError(f"The visits of {school.name} belong to {other.group} this year. Change them there.")
    await group_changes.set_series(actor.db, actor.member.hub_id, (group.year, urn, group_id), new)
    after = _visits_told(new)
    facts = {"group": str(group_id), "urn": urn, "half_terms": after["half_terms"]}
    about = f"visits of {school.name}"
    await actor.record("Changed", about, before=_visits_told(other) if other else {}, after=after, **facts)


def _visits_told(of: Series | SeriesChange) -> dict[str, object]:
    """What the trail keeps of who visits a school and when."""
    visitor = str(of.visitor_id) if of.visitor_id else None
    return {"visitor": visitor, "half_terms": [HALF_TERMS[number] for number in of.half_terms]}


async def _mine(actor: Actor, group_id: uuid.UUID) -> Group:
    """The Work Group, when the viewer may see it and may change it."""
    group = await groups.one(actor.db, actor.member, group_id)
    if group is None:
        raise NotFoundError
    actor.require(Can.EDIT_GROUPS, Target(actor.member.hub_id, frozenset({group.leader_id}), group_id))
    return group


async def _member_school(actor: Actor, group: Group, urn: int) -> MemberSchool:
    found = next((one for one in await groups.schools(actor.db, group) if one.urn == urn), None)
    if found is None:
        raise NotFoundError
    return found


def _code_is_taken(code: str, year: int) -> BadInputError:
    because = f"There is a Work Group {code} in {spoken_year(year)} already: choose another code."
    return BadInputError(CHECK, (Fault("code", because),))


def _told(of: Group | GroupChange) -> dict[str, object]:
    """What the trail keeps of a Work Group; its joining link is a key to a room and stays out."""
    programme = of.programme.id if isinstance(of, Group) else of.programme_id
    return {
        "code": of.code,
        "name": of.name,
        "programme": str(programme),
        "leader": str(of.leader_id),
        "half terms": list(of.half_terms),
        "least gap": of.least_gap,
        "weekdays": list(of.weekday_cost),
        "first host": of.first_host,
        "online": of.online,
        "times": [at.isoformat("minutes") if at else None for at in of.times],
    }

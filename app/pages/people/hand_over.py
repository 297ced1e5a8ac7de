"""Handing over what somebody leads: who takes what, and what that means, date by date, before anything happens."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.handing_over import Ahead, Chosen, Pick, Settled, Taker, Unsettled, seen, settle
from app.domain.stages import handing_over as along
from app.domain.stages.handing_over import Held, Ties
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_hours
from app.pages._parts import Choice, Field, Form
from app.store.meetings import groups, handing_over
from app.store.meetings.handing_over import Led
from app.store.notes import handing_over as notes
from app.store.people import directory, hub_tokens, roles_held
from app.store.stages import handing_over as actions

Ask = Callable[[str], str]  # what was asked or sent under a name
STAY = "stay"


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """Step one: who takes on everything, or each thing. `stays` are sentences about what does not go along."""

    template: ClassVar[str] = "people/hand_over.html"
    name: str
    back: str
    action: str
    fields: tuple[Field, ...]
    gone: Field
    stays: tuple[str, ...]
    nothing: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that goes to somebody, or stays; `clash` was waved through."""

    day: str
    what: str
    to: str
    clash: str


@dataclass(frozen=True, slots=True)
class LookPage:
    """Step two: everything that will happen. The form asks about each date that something stands against."""

    template: ClassVar[str] = "people/hand_over_look.html"
    name: str
    wholes: tuple[str, ...]
    dates: tuple[DateLine, ...]
    change: str
    form: Form


@dataclass(frozen=True, slots=True)
class Known:
    """What the person has to hand over, and whom there is to take it."""

    name: str
    here: str
    left: bool
    led: Led
    roles: dict[str, str]
    people: dict[str, str]
    takers: Mapping[uuid.UUID, Taker]
    held: tuple[Held, ...]
    ties: Mapping[uuid.UUID, Ties]

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that somebody can be chosen for as a whole."""
        return (*(one.key for one in self.led.things), *(one.key for one in self.held))


async def known(db: AsyncSession, member: Member, person_id: uuid.UUID, ask: Ask, now: datetime) -> Known:
    """What there is to hand over, and the people who were chosen; raises NotFoundError."""
    person = await directory.one(db, member, person_id)
    if person is None:
        raise NotFoundError
    year = academic_year(in_london(now).date())
    led = await handing_over.led(db, person_id, year, now)
    held = await actions.held(db, person_id, {one.id for one in led.groups if one.id})
    others = await people_to_choose(db, member, person_id)
    roles = await roles_held.of_person(db, person_id)
    keys = (*(one.key for one in led.things), *(one.key for one in held))
    names = ["to", *(f"to-{key}" for key in (*keys, *roles))]
    names += [f"date-{one.id}" for one in led.dates]
    wanted = [uuid.UUID(said) for name in names if (said := ask(name).removesuffix("!")) in others]
    takers = await handing_over.takers(db, member.hub_id, wanted)
    ties = await actions.ties(db, member.hub_id, takers, year)
    here = f"/hubs/{member.hub_code}/people/{person_id}"
    return Known(person.name, here, person.left_on is not None, led, roles, others, takers, held, ties)


async def people_to_choose(db: AsyncSession, member: Member, but: uuid.UUID) -> dict[str, str]:
    """Everybody who could take something on, id to name: those who lead already come first. Two statements."""
    able = await handing_over.able(db, member.hub_id)
    people = [one for one in await groups.people(db, member) if one.id != but]
    return {str(one.id): one.name for one in sorted(people, key=lambda one: one.id not in able)}


def read_chosen(of: Known, ask: Ask) -> Chosen:
    """Who takes what, as asked in the address or sent by the form; what is not known counts as not said."""
    things = {}
    for key in of.keys:
        said = ask(f"to-{key}")
        if said == STAY or said in of.people:
            things[key] = None if said == STAY else uuid.UUID(said)
    dates = {}
    for date in of.led.dates:
        said = ask(f"date-{date.id}")
        if said == STAY:
            dates[date.id] = Pick(None)
        elif said.removesuffix("!") in of.people:
            dates[date.id] = Pick(uuid.UUID(said.removesuffix("!")), all_the_same=said.endswith("!"))
    return Chosen(
        uuid.UUID(ask("to")) if ask("to") in of.people else None,
        things,
        dates,
        all_the_same=ask("same") == "yes",
        leave_taken=ask("taken") == "stay",
    )


def read_roles(of: Known, ask: Ask) -> dict[str, uuid.UUID]:
    """Which roles go to whom."""
    return {key: uuid.UUID(ask(f"to-{key}")) for key in of.roles if ask(f"to-{key}") in of.people}


async def hand_over_page(
    db: AsyncSession, member: Member, person_id: uuid.UUID, ask: Ask, now: datetime
) -> HandOverPage:
    """Step one, with what was chosen before; raises NotFoundError."""
    of = await known(db, member, person_id, ask, now)
    people = tuple(Choice(key, name) for key, name in of.people.items())
    fields = [
        Field(
            name="to",
            label="Who takes on everything?",
            kind="select",
            value=ask("to"),
            hint="Choose nobody here to choose for each thing below.",
            choices=(Choice("", "Nobody for everything"), *people),
        )
    ]
    for one in of.led.things:
        count = sum(date.thing == one.key for date in of.led.dates)
        hint = "No date ahead yet." if not count else f"{count} {'date' if count == 1 else 'dates'} ahead."
        first = (Choice("", "As above"), Choice(STAY, f"Stays with {of.name}"))
        said = ask(f"to-{one.key}")
        fields.append(
            Field(name=f"to-{one.key}", label=one.words, kind="select", value=said, hint=hint, choices=first + people)
        )
    fields += _held_fields(of, people, ask)
    for key, words in of.roles.items():
        stays = (Choice("", f"Stays with {of.name}"),)
        said = ask(f"to-{key}")
        fields.append(
            Field(name=f"to-{key}", label=f"The role: {words}", kind="select", value=said, choices=stays + people)
        )
    gone = Field(
        name="gone",
        label="Afterwards",
        kind="checkboxes",
        chosen=("yes",) if ask("gone") == "yes" else (),
        choices=(Choice("yes", f"Mark {of.name} as left, in the same act"),),
    )
    return HandOverPage(
        name=of.name,
        back=of.here,
        action=f"{of.here}/hand-over",
        fields=tuple(fields),
        gone=gone if not of.left else replace(gone, choices=()),
        stays=await _stays(db, member, person_id, of, now),
        nothing=not (of.keys or of.roles),
    )


def _held_fields(of: Known, people: tuple[Choice, ...], ask: Ask) -> list[Field]:
    """Open actions, by kind and school."""
    hints = {
        "barriers": "Only to whoever leads the school, never to somebody who takes part.",
        "actions": "Only to somebody of the school.",
        "tasks": "Only to somebody of the same school.",
    }
    first = (Choice("", "As above, where they may"), Choice(STAY, f"Stays with {of.name}"))
    return [
        Field(
            name=f"to-{one.key}",
            label=one.words,
            kind="select",
            value=ask(f"to-{one.key}"),
            hint=hints[one.kind],
            choices=first + people,
        )
        for one in of.held
    ]


async def _stays(db: AsyncSession, member: Member, person_id: uuid.UUID, of: Known, now: datetime) -> tuple[str, ...]:
    said = []
    tasks = await notes.open_tasks(db, person_id)
    led = {one.id for one in of.led.groups}
    going = sum(n for group, n in tasks.items() if group in led)
    if going:
        said.append(f"{_count(going, 'open gap task')} of these Work Groups will go to whoever takes the group on.")
    if records := await notes.unfinished(db, person_id, now):
        said.append(
            f"{_count(records, 'record')} of past dates not agreed yet: they stay with {of.name}, who was there."
        )
    tokens = await hub_tokens.working_of(db, member.hub_id, person_id, now)
    said += [f"The API token “{one}” works in the name of {of.name}: make another before they leave." for one in tokens]
    return tuple(said)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


async def look_page(
    db: AsyncSession, member: Member, person_id: uuid.UUID, ask: Ask, now: datetime, faults: Sequence[Fault] = ()
) -> LookPage:
    """Step two: what would happen, and what must still be said; raises NotFoundError."""
    of = await known(db, member, person_id, ask, now)
    chosen = read_chosen(of, ask)
    settled = settle(of.led.dates, of.takers, chosen)
    said = {fault.path: fault.because for fault in faults}
    asked = [_clash_field(one, of, said.get(f"date-{one.ahead.id}", "")) for one in settled.unsettled]
    there = {one.name for one in asked}
    late = [one for one in settled.going if f"date-{one.ahead.id}" in said and f"date-{one.ahead.id}" not in there]
    asked += [_refused_field(one.ahead, one.taker, of, said[f"date-{one.ahead.id}"]) for one in late]
    asked = _for_all(settled, of) + asked
    kept = [(name, ask(name)) for name in _names(of) if ask(name) and name not in {one.name for one in asked}]
    form = Form(
        action=f"{of.here}/hand-over",
        submit="Hand over" + (f", and mark {of.name} as left" if ask("gone") == "yes" and not of.left else ""),
        fields=tuple(asked),
        faults=tuple(faults),
        kept=(*kept, ("seen", seen(of.led.dates, along.told(of.held)))),
        warning=ask("gone") == "yes",
    )
    change = f"{of.here}/hand-over?" + urlencode([(name, ask(name)) for name in _names(of) if ask(name)])
    return LookPage(of.name, _wholes(of, chosen, ask), _lines(settled, of), change, form)


def _names(of: Known) -> list[str]:
    things = [f"to-{key}" for key in (*of.keys, *of.roles)]
    return ["to", *things, *(f"date-{one.id}" for one in of.led.dates), "gone", "same", "taken"]


def _wholes(of: Known, chosen: Chosen, ask: Ask) -> tuple[str, ...]:
    said = []
    for one in of.led.things:
        taker = chosen.of_thing(one.key)
        to = of.people.get(str(taker), "")
        said.append(f"{one.words}: to {to}." if to else f"{one.words}: stays with {of.name}.")
    said += _held_lines(of, chosen, ask)
    for key, taker in read_roles(of, ask).items():
        said.append(f"The role {of.roles[key]}: to {of.people[str(taker)]}.")
    if ask("gone") == "yes" and not of.left:
        said.append(f"{of.name} is marked as left: they can no longer sign in to this hub.")
    return tuple(said)


def _held_lines(of: Known, chosen: Chosen, ask: Ask) -> list[str]:
    """What becomes of each open action; what somebody may not have stays, and why."""
    ties = along.with_roles(of.ties, read_roles(of, ask))
    takers = {one.id: (one.name, ties[one.id]) for one in of.takers.values()}
    gives, stays = along.settle(of.held, chosen, takers)
    to = {one.held.key: f"to {takers[one.taker][0]}." for one in gives}
    to |= {one.held.key: f"stays with {of.name}. {one.because}" for one in stays}
    return [f"{one.words}: {to.get(one.key, f'stays with {of.name}.')}" for one in of.held]


def _lines(settled: Settled, of: Known) -> tuple[DateLine, ...]:
    lines = [(one.ahead, one.taker.name, one.clash.because if one.clash else "") for one in settled.going]
    lines += [(one, f"Stays with {of.name}", "") for one in settled.staying]
    lines += [(one.ahead, "Choose below", one.clash.because) for one in settled.unsettled]
    lines.sort(key=lambda line: line[0].starts)
    return tuple(DateLine(_when(ahead), ahead.heading, to, clash) for ahead, to, clash in lines)


def _when(ahead: Ahead) -> str:
    return f"{spoken_date(ahead.day)}, {spoken_hours(ahead.starts, ahead.ends)}"


def _for_all(settled: Settled, of: Known) -> list[Field]:
    """One tick for many dates of the same kind."""
    hard = sum(one.clash.hard for one in settled.unsettled)
    soft, fields = len(settled.unsettled) - hard, []
    if soft > 1:
        says = f"Hand over all {soft} dates on which somebody is only away, or does not work then"
        fields.append(Field(name="same", label="Days off", kind="checkboxes", choices=(Choice("yes", says),)))
    if hard > 1:
        says = f"Leave all {hard} dates on which somebody is booked elsewhere with {of.name}"
        fields.append(Field(name="taken", label="Double bookings", kind="checkboxes", choices=(Choice(STAY, says),)))
    return fields


def _clash_field(one: Unsettled, of: Known, fault: str) -> Field:
    all_the_same = () if one.clash.hard else (Choice(f"{one.taker.id}!", f"Hand it to {one.taker.name} all the same"),)
    return _asking(one.ahead, one.taker, of, one.clash.because, all_the_same, fault)


def _refused_field(ahead: Ahead, taker: Taker, of: Known, fault: str) -> Field:
    """The database knew better: somebody is booked in another hub."""
    return _asking(ahead, taker, of, "", (), fault)


def _asking(ahead: Ahead, taker: Taker, of: Known, because: str, first: tuple[Choice, ...], fault: str) -> Field:
    others = tuple(Choice(key, f"Give it to {name}") for key, name in of.people.items() if key != str(taker.id))
    return Field(
        name=f"date-{ahead.id}",
        label=f"{_when(ahead)}: {ahead.heading}",
        kind="select",
        hint=because,
        fault=fault,
        choices=(Choice("", "Choose what happens"), *first, Choice(STAY, f"Leave it with {of.name}"), *others),
    )

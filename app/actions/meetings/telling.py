"""What whoever hands over, takes on or is concerned by it is written: one message each."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.actions.access import Actor
from app.domain.mail.kinds import Kind
from app.domain.meetings.handing_over import Chosen, Going, Settled, Taker
from app.kit.periods import spoken_date, spoken_hours
from app.models.people import Person
from app.store.mail.posting import Written
from app.store.meetings import handing_over
from app.store.meetings.handing_over import Led


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over by whom to whom; `roles` are in words."""

    person: Person
    takers: tuple[Taker, ...]
    led: Led
    settled: Settled
    chosen: Chosen
    roles: Mapping[str, uuid.UUID]


async def letters(actor: Actor, handed: Handed) -> list[Written]:
    """One for each who took on something, one for whoever had it, one for each who has a place at a date that moved."""
    going = {one.ahead.id: one for one in handed.settled.going}
    booked = await handing_over.booked_at(actor.db, list(going))
    made, own = [], {one.id for one in handed.takers} | {handed.person.id}
    for taker in handed.takers:
        person = await actor.db.get_one(Person, taker.id)
        wholes = [one.words for one in handed.led.things if _is_whole(one.key, handed, taker.id)]
        wholes += [words for words, to in handed.roles.items() if to == taker.id]
        dates = [one for one in going.values() if one.taker.id == taker.id]
        if wholes or dates:
            lead = f"{handed.person.name} has handed this over to you:"
            made.append(_letter(actor, person, f"From {handed.person.name} to you", (lead, *_listed(wholes, dates))))
    if not handed.person.left_on:
        said = ("This has gone to others:", *_listed((), going.values(), named=True))
        made.append(_letter(actor, handed.person, "What you led has gone to others", said))
    for person_id, ids in booked.items():
        if person_id not in own:
            person = await actor.db.get_one(Person, person_id)
            lead = f"{handed.person.name} does not lead these dates of yours any more. Day, time and place stay:"
            said = (lead, *_listed((), [going[one] for one in ids], named=True))
            made.append(_letter(actor, person, "Somebody else leads a date of yours", said))
    return made


def _is_whole(key: str, handed: Handed, taker: uuid.UUID) -> bool:
    return not key.startswith("single") and handed.chosen.of_thing(key) == taker


def _listed(wholes: Sequence[str], dates: Iterable[Going], *, named: bool = False) -> tuple[str, ...]:
    lines = list(wholes)
    for one in sorted(dates, key=lambda one: one.ahead.starts):
        when = f"{spoken_date(one.ahead.day)}, {spoken_hours(one.ahead.starts, one.ahead.ends)}"
        lines.append(f"{when}: {one.ahead.heading}" + (f". {one.taker.name} leads it." if named else ""))
    return ("\n".join(f"- {line}" for line in lines),)


def _letter(actor: Actor, person: Person, subject: str, said: Sequence[str]) -> Written:
    text = "\n\n".join((f"Hello {person.name}", *said, "Your dates, as they are now: {see}", actor.member.hub_name))
    links = {"see": ("page", f"/hubs/{actor.member.hub_code}")}
    return Written(Kind.CHANGE, person.email, subject, text, person.id, links, made_by=actor.person_id)

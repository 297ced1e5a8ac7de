"""The steps of a record: submitted, answered, agreed, corrected, taken back. Rules: docs/rules/notes.md."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from app.actions.access import Actor
from app.actions.notes.evidence import take_up, take_up_agreement
from app.domain.access import Can, No, Target
from app.domain.mail.kinds import Kind
from app.domain.notes import states
from app.domain.notes.shared import content, shared
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError
from app.models.notes import Note
from app.render.mail import Letter
from app.render.notes import letters
from app.store.mail.posting import Written, post
from app.store.notes import about as abouts
from app.store.notes import evidence, reading, versions
from app.store.notes.about import About
from app.store.notes.versions import New, Place, Submitted

Step = TypeVar("Step")
NOTHING = "Nobody has written in this record yet."


@dataclass(frozen=True, slots=True)
class Held:
    """A record held for a step: nobody writes in it or answers it meanwhile."""

    actor: Actor
    address: str  # the server's own, for letters
    about: About
    note: Note
    versions: tuple[Submitted, ...]

    @property
    def me(self) -> uuid.UUID:
        """Who takes the step."""
        return self.actor.member.person_id

    @property
    def rule(self) -> states.Record:
        """The record as the deciders know it."""
        return versions.decided_on(self.about, self.versions, self.actor.now)

    def version(self, number: int) -> Submitted:
        """The version of this number, which a decider named."""
        return next(one for one in self.versions if one.number == number)


async def submit(actor: Actor, address: str, event_id: uuid.UUID) -> int:
    """Keep the shared places as the next version and ask the other side: its number.

    Raises NotFoundError, ForbiddenError, or ConflictError saying why not now.
    """
    held = await _held(actor, address, event_id, Can.WRITE_NOTES)
    found = await reading.heads(actor.db, [event_id], [held.me])
    kept = shared(held.about.form, found[event_id])
    last = held.rule.standing
    before = await versions.content(actor.db, event_id, last.number) if last else None
    found_now = content(held.about.form, kept, before, held.about.names)
    step = _decided(states.submit(held.rule, held.me, found_now))
    if step.supersedes is not None:
        await _supersede(held, held.version(step.supersedes))
    places = tuple(Place(one.path, one.op_id, one.value, one.person_id, one.name, one.at) for one in kept.places)
    new = New(number=step.number, places=places, by=held.me, at=actor.now)
    version_id = await versions.add(actor.db, held.note, new)
    await take_up(actor.db, held.about, version_id, places, actor.now)
    held.note.state = "submitted"
    await _done(held, "Submitted", step.number, letters.submitted, held.about.sides.other)
    return step.number


async def agree(actor: Actor, address: str, event_id: uuid.UUID, number: int) -> None:
    """Agree to this version: the record is locked. Raises as `submit` does."""
    held = await _held(actor, address, event_id, Can.AGREE_NOTES)
    step = _decided(states.agree(held.rule, held.me, number))
    version = held.version(step.number)
    await versions.answer(
        actor.db, held.about.hub_id, version.id, states.Answered(held.me, agrees=True, because="", at=actor.now)
    )
    await versions.mark(actor.db, version.id, agreed=actor.now)
    await take_up_agreement(actor.db, held.about, version.id, {version.by, held.me}, actor.now)
    held.note.state, held.note.because = "agreed", ""
    await _done(held, "Agreed", step.number, letters.agreed, {held.about.lead_id})


async def ask_for_change(actor: Actor, address: str, event_id: uuid.UUID, number: int, because: str) -> None:
    """Say what should change first; whoever submitted it is told. Raises BadInputError without words."""
    held = await _held(actor, address, event_id, Can.AGREE_NOTES)
    step = _worded(states.ask_for_change(held.rule, held.me, number, because), because)
    told = states.Answered(held.me, agrees=False, because=step.because, at=actor.now)
    await versions.answer(actor.db, held.about.hub_id, held.version(step.number).id, told)
    await _done(held, "Asked for a change to", step.number, letters.change_asked, {held.about.lead_id})


async def correct(actor: Actor, address: str, event_id: uuid.UUID, because: str) -> None:
    """Open an agreed record again, for this reason. Raises as `ask_for_change` does."""
    held = await _held(actor, address, event_id, Can.WRITE_NOTES)
    step = _worded(states.correct(held.rule, held.me, because), because)
    held.note.state, held.note.because = "correcting", step.because
    number = max(one.number for one in held.versions)
    told = held.about.sides.other | {held.about.lead_id}
    await _done(held, "Began a correction of", number, letters.correcting, told)


async def withdraw(actor: Actor, address: str, event_id: uuid.UUID) -> None:
    """Take back the submitted version while nobody has answered it; the one before stands again."""
    held = await _held(actor, address, event_id, Can.WRITE_NOTES)
    step = _decided(states.withdraw(held.rule, held.me))
    version = held.version(step.number)
    mine = states.Answered(held.me, agrees=False, because="", at=actor.now)
    await versions.answer(actor.db, held.about.hub_id, version.id, mine)
    await _supersede(held, version)
    if step.reinstates is not None:
        before = held.version(step.reinstates)
        await versions.reinstate(actor.db, before.id)
        await evidence.reinstate(actor.db, before.id)
    held.note.state = step.state
    await _done(held, "Took back", step.number, letters.withdrawn, held.about.sides.other)


async def _held(actor: Actor, address: str, event_id: uuid.UUID, can: Can) -> Held:
    """The record with its event, held. Whoever may not even know of it is told that it does not exist."""
    by = abouts.answerable if can is Can.AGREE_NOTES else abouts.readable
    found = await by(actor.db, actor.member, event_id)
    if found is None:
        raise NotFoundError
    sides = found.sides
    people = sides.takers | (sides.heads if can is Can.AGREE_NOTES else frozenset())
    if actor.member.person_id not in people:
        raise ForbiddenError("Those who take part in this write and answer its record.")
    urns = frozenset({found.urn})
    actor.require(can, Target(found.hub_id, frozenset({actor.member.person_id}), found.group_id, urns))
    note = await versions.locked(actor.db, event_id)
    if note is None:
        raise ConflictError(NOTHING)
    kept = await versions.of_event(actor.db, event_id)
    now = replace(found, state=states.STATES[note.state], rev=note.rev, because=note.because)
    return Held(actor, address, now, note, tuple(kept))


def _decided(step: Step | No) -> Step:
    if isinstance(step, No):
        raise ConflictError(step.because)
    return step


def _worded(step: Step | No, because: str) -> Step:
    """The step; where only the words are wanting, that stands beside their field."""
    if isinstance(step, No) and not 0 < len(because.strip()) <= states.LONGEST_BECAUSE:
        raise BadInputError("Look at what is marked below.", (Fault("because", step.because),))
    return _decided(step)


async def _supersede(held: Held, version: Submitted) -> None:
    await versions.mark(held.actor.db, version.id, superseded=held.actor.now)
    await evidence.supersede(held.actor.db, version.id, held.actor.now)


async def _done(
    held: Held,
    did: str,
    number: int,
    letter: Callable[[str, letters.Step], Letter],
    people: Collection[uuid.UUID],
) -> None:
    """Into the trail, and by mail to those whom it concerns."""
    actor, about = held.actor, held.about
    await actor.db.flush()
    title = f"the record of {states.titled(about.kind, about.school, about.day)}"
    await actor.record(did, title, event=str(about.id), version=number)
    page = "/agree" if letter is letters.submitted else ""
    href = f"{held.address}/hubs/{actor.member.hub_code}/events/{about.id}/note{page}"
    step = letters.Step(actor.member.name, title, href, number)
    guests = await versions.addresses(actor.db, set(people) - {held.me})
    told = [(person_id, letter(to, step)) for person_id, to in guests]
    written = [
        Written(Kind.RECORD, one.to, one.subject, one.text, person_id, event_id=about.id) for person_id, one in told
    ]
    await post(actor.db, actor.member.hub_id, written, actor.now)

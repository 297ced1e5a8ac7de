"""People's rights over their data: what they ask, how it is settled, what they allow, what a hub says of itself."""

import uuid
from dataclasses import dataclass

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.imports import read_email
from app.domain.mail.kinds import Kind
from app.domain.people.rights import MOST, PHOTOS, Asked, State, due, fault_of
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date
from app.models.people import Consent, RightsRequest
from app.store.mail import posting
from app.store.mail.posting import Written
from app.store.people import rights
from app.store.schools import reading

CHECK = "Look at what is marked below."
SETTLED = "This was settled already. Load the page again to see how."
STALE = "Somebody else changed the hub after you opened the page. Load it again to see what they wrote."
LONGEST_NOTICE = 30_000


@dataclass(frozen=True, slots=True)
class Notice:
    """Who answers for a hub's data, how they are reached, and the hub's own words; empty: those that ship."""

    controller: str
    contact: str
    text: str
    version: int


async def ask(actor: Actor, asked: str, text: str) -> uuid.UUID:
    """Somebody asks something about their own data, due in a month; raises BadInputError."""
    kinds = {kind.value: kind for kind in Asked}
    faults = [] if asked in kinds else [Fault("kind", "Choose what you ask for.")]
    if because := fault_of(text, "what it is about"):
        faults.append(Fault("text", because))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    row = RightsRequest(
        hub_id=actor.member.hub_id,
        person_id=actor.member.person_id,
        kind=asked,
        text=text.strip(),
        asked_at=actor.now,
        due_on=due(in_london(actor.now).date()),
    )
    key = await rights.ask(actor.db, row)
    await actor.record("Asked", f"{kinds[asked].says} of own data", person=str(actor.member.person_id))
    return key


async def settle(actor: Actor, request_id: uuid.UUID, state: str, answer: str) -> str:
    """Settle a request and mail the answer; whose it was. Raises NotFoundError, BadInputError, ConflictError."""
    actor.require(Can.PROTECT_DATA)
    found = await rights.one(actor.db, actor.member.hub_id, request_id)
    if found is None:
        raise NotFoundError
    faults = [] if state in {State.DONE, State.REFUSED} else [Fault("state", "Say whether it is done or refused.")]
    if because := fault_of(answer, "the answer: what was done, or why not"):
        faults.append(Fault("answer", because))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    values = {"state": state, "answer": answer.strip(), "settled_at": actor.now, "settled_by": actor.person_id}
    if not await rights.settle(actor.db, request_id, values):
        raise ConflictError(SETTLED)
    await _mail_answer(actor, found, State(state), answer.strip())
    await actor.record("Settled", f"{Asked(found.kind).says}: {State(state).says.lower()}", person=str(found.person_id))
    return found.name


async def _mail_answer(actor: Actor, found: rights.Request, state: State, answer: str) -> None:
    addresses = await rights.addresses(actor.db, [found.person_id] if found.person_id else [])
    if not any(addresses.values()):
        return
    asked = spoken_date(in_london(found.asked_at).date())
    lines = [f"On {asked} you asked {actor.member.hub_name} about your data: {Asked(found.kind).says.lower()}."]
    lines += [f"It is {state.says.lower()}.", answer]
    if state is State.REFUSED:
        lines.append("If you are not content, you can complain to the Information Commissioner's Office: ico.org.uk.")
    letter = Written(
        Kind.OFFICE,
        next(iter(addresses.values())),
        f"Your request about your data is {state.says.lower()}",
        "\n\n".join((*lines, "All you asked: {see}")),
        person_id=found.person_id,
        links={"see": ("page", "/my/data/requests")},
        made_by=actor.person_id,
    )
    await posting.post(actor.db, actor.member.hub_id, [letter], actor.now)


async def allow_photos(actor: Actor, *, given: bool) -> None:
    """Somebody says whether photos that show them may be kept."""
    member = actor.member
    await _say(
        actor, Consent(hub_id=member.hub_id, kind=PHOTOS, person_id=member.person_id, given=given, said_at=actor.now)
    )
    await actor.record("Allowed" if given else "Refused", "Photos that show them", person=str(member.person_id))


async def allow_school_photos(actor: Actor, urn: int, *, given: bool, note: str) -> str:
    """A head, or the office for them, says whether photos may be taken at a school; its name. Raises NotFoundError."""
    hub_id = actor.member.hub_id
    actor.require(Can.ALLOW_PHOTOS, Target(hub_id, urns=frozenset({urn})))
    facts = await reading.facts(actor.db, urn)
    if facts is None:
        raise NotFoundError
    if len(note) > MOST:
        raise BadInputError(CHECK, (Fault("note", f"Write at most {MOST:,} characters."),))
    row = Consent(hub_id=hub_id, kind=PHOTOS, urn=urn, given=given, note=note.strip(), said_at=actor.now)
    await _say(actor, row)
    await actor.record("Allowed" if given else "Refused", f"Photos at {facts.name}", urn=urn)
    return facts.name


async def _say(actor: Actor, row: Consent) -> None:
    row.said_by = actor.person_id
    await rights.say(actor.db, row)


async def write_notice(actor: Actor, notice: Notice) -> None:
    """Say who answers for the hub's data; raises BadInputError and StaleError."""
    actor.require(Can.PROTECT_DATA)
    faults = []
    if notice.contact.strip():
        try:
            read_email(notice.contact)
        except ValueError as problem:
            faults.append(Fault("contact", str(problem)))
    if len(notice.controller) > 300:
        faults.append(Fault("controller", "Write at most 300 characters."))
    if len(notice.text) > LONGEST_NOTICE:
        faults.append(Fault("text", f"Write at most {LONGEST_NOTICE:,} characters."))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    values = {
        "controller": notice.controller.strip(),
        "privacy_contact": notice.contact.strip(),
        "privacy_notice": notice.text.strip(),
    }
    if not await rights.write_notice(actor.db, actor.member.hub_id, values, notice.version):
        raise StaleError(STALE)
    await actor.record("Changed", "Who answers for personal data", hub=str(actor.member.hub_id), after=values)


async def note_copy(actor: Actor) -> None:
    """Somebody took a copy of what is held about them."""
    await actor.record("Downloaded", "What is held about them", person=str(actor.member.person_id))

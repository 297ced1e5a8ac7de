"""Agreements: signed by the head, entered by the office from paper, withdrawn; and headteachers reminded of theirs."""

import hashlib
import uuid
from collections.abc import Collection
from datetime import timedelta

from app.actions.access import Actor
from app.actions.stages import enrolling
from app.domain.access import Can, Target
from app.domain.mail.kinds import Kind
from app.domain.mail.letters import LEAVES_AFTER_MINUTES
from app.domain.stages import agreements as rules
from app.domain.stages.agreements import How, Signing, Terms
from app.domain.stages.ladder import Did, State
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.ids import new_id
from app.kit.periods import spoken_year
from app.models.stages import Agreement, Enrolment
from app.render.stages.agreement import Signed, agreement_pdf
from app.store.mail.posting import Written, post
from app.store.stages import agreement_texts, agreements, enrolments
from app.store.stages.agreements import Head, Row

CHANGED = (
    "The text of the agreement has changed since you opened this page. Read it again: what you sign is what you read."
)
NOBODY = "None of these schools has a headteacher with an e-mail address here. Add them under People first."


async def sign(actor: Actor, enrolment_id: uuid.UUID, signing: Signing, read: str) -> uuid.UUID:
    """The head signs what they have read (its seal); returns the agreement.

    Raises NotFoundError, ForbiddenError, StaleError when the text is another by now, ConflictError when it is signed.
    """
    enrolment = await _enrolment(actor, enrolment_id)
    actor.require(Can.SIGN_AGREEMENT, Target(enrolment.hub_id, urns=frozenset({enrolment.urn})))
    return await _keep(actor, enrolment, signing, (How.PAGE, read))


async def enter(actor: Actor, enrolment_id: uuid.UUID, signing: Signing) -> uuid.UUID:
    """The office enters an agreement that was signed on paper; returns it. Raises as `sign`, and BadInputError."""
    enrolment = await _enrolment(actor, enrolment_id)
    actor.require(Can.EDIT_STAGES, Target(enrolment.hub_id, urns=frozenset({enrolment.urn})))
    return await _keep(actor, enrolment, signing, (How.PAPER, ""))


async def _enrolment(actor: Actor, enrolment_id: uuid.UUID) -> Enrolment:
    """The enrolment, held: of two who sign at once, the second is told of the first."""
    found = await enrolments.locked(actor.db, actor.member, enrolment_id)
    if found is None:
        raise NotFoundError
    return found


async def _keep(actor: Actor, enrolment: Enrolment, signing: Signing, how: tuple[How, str]) -> uuid.UUID:
    if not rules.may_sign(enrolment.state):
        raise ConflictError(f"This school has {State(enrolment.state).says}: there is nothing to sign any more.")
    if await agreements.stands(actor.db, enrolment.id):
        raise ConflictError("This agreement is signed already. Load the page again to see by whom.")
    terms = await agreements.terms(actor.db, enrolment)
    standing = await agreement_texts.stored(actor.db, enrolment.hub_id, enrolment.kind, actor.now)
    text = rules.text_for(standing.text, terms)
    if how[0] is How.PAGE and rules.seal(text) != how[1]:
        raise StaleError(CHANGED)
    pdf = agreement_pdf(text, terms, Signed(signing, how[0].says, actor.member.name), actor.now)
    kept = Agreement(
        hub_id=enrolment.hub_id,
        enrolment_id=enrolment.id,
        text_id=standing.id,
        text=text,
        name=signing.name,
        part=signing.part,
        how=how[0].value,
        signed_on=signing.day,
        signed_at=actor.now,
        signed_by=actor.person_id,
        digest=hashlib.sha256(pdf).digest(),
        pdf=pdf,
    )
    actor.db.add(kept)
    await actor.db.flush()
    await enrolling.signed(actor, enrolment.id, signing.day)
    did = "Signed" if how[0] is How.PAGE else "Entered from paper"
    await actor.record(did, _about(terms), urn=enrolment.urn, enrolment=str(enrolment.id), agreement=str(kept.id))
    return kept.id


def _about(terms: Terms) -> str:
    return f"the agreement of {terms.school} for {terms.programme} of {spoken_year(terms.year)}"


async def withdraw(actor: Actor, agreement_id: uuid.UUID, because: str) -> uuid.UUID:
    """An agreement counts no longer; it is kept, and its enrolment waits for another. Returns the enrolment.

    A school that takes part goes on taking part. Raises NotFoundError, ForbiddenError, ConflictError.
    """
    seen = await agreements.one(actor.db, actor.member, agreement_id)
    if seen is None:
        raise NotFoundError
    enrolment = await _enrolment(actor, seen.enrolment_id)
    actor.require(Can.EDIT_STAGES, Target(enrolment.hub_id, urns=frozenset({enrolment.urn})))
    row = await agreements.held(actor.db, enrolment.hub_id, agreement_id)
    if row is None or row.withdrawn_at is not None:
        raise ConflictError("This agreement is withdrawn already.")
    row.withdrawn_at, row.because = actor.now, because
    if enrolment.state == State.AGREED:
        enrolment.state = State.APPLIED.value
        enrolment.applied_on = enrolment.applied_on or enrolment.agreed_on
    if State(enrolment.state) in {State.APPLIED, State.ACTIVE}:
        enrolment.agreed_on = None
    enrolment.version += 1
    await actor.db.flush()
    await enrolling.step(actor, enrolment, Did.UNSIGNED, enrolling.today(actor), because=because)
    terms = await agreements.terms(actor.db, enrolment)
    facts = {"urn": enrolment.urn, "enrolment": str(enrolment.id), "agreement": str(row.id)}
    await actor.record("Withdrew", _about(terms), after={"because": because}, **facts)
    return enrolment.id


async def whom(actor: Actor, year: int, chosen: Collection[uuid.UUID]) -> list[tuple[Row, Head]]:
    """The headteachers who get a reminder for these enrolments, those of them that still wait.

    Raises ForbiddenError, or BadInputError when that is nobody.
    """
    actor.require(Can.EDIT_STAGES)
    rows = [row for row in await agreements.of_year(actor.db, actor.member, year) if row.enrolment_id in chosen]
    waiting = [row for row in rows if row.agreement_id is None and rules.may_sign(row.state)]
    found = await agreements.heads(actor.db, actor.member.hub_id, {row.urn for row in waiting})
    pairs = [(row, head) for row in waiting for head in found if head.urn == row.urn and head.email]
    if not pairs:
        because = NOBODY if waiting else "Choose at least one school whose agreement is not signed."
        raise BadInputError(because, (Fault("enrolment", because),))
    return pairs


async def chase(actor: Actor, year: int, chosen: Collection[uuid.UUID]) -> tuple[uuid.UUID, int]:
    """Remind headteachers of the agreements that wait for them: what the messages share, and how many they are."""
    pairs, batch = await whom(actor, year, chosen), new_id()
    letters = []
    for row, head in pairs:
        subject, text = rules.reminder(row.school, row.programme, row.year, head.name)
        href = f"/hubs/{actor.member.hub_code}/enrolments/{row.enrolment_id}/agreement"
        letters.append(
            Written(
                kind=Kind.GROUP,
                to=head.email,
                subject=subject,
                text=text,
                person_id=head.person_id,
                links={"see": ("page", href)},
                batch_id=batch,
                made_by=actor.person_id,
                later=timedelta(minutes=LEAVES_AFTER_MINUTES),
            )
        )
    await post(actor.db, actor.member.hub_id, letters, actor.now)
    facts = {"hub": str(actor.member.hub_id), "batch": str(batch), "people": len(letters)}
    await actor.record("Reminded", f"headteachers of agreements of {spoken_year(year)}", **facts)
    return batch, len(letters)

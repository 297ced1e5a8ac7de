"""Writing to many, taking it back, sending one message again; and templates. Rules: docs/rules/messages.md."""

import uuid
from datetime import timedelta

from app.actions.access import Actor
from app.domain.access import Can, Target
from app.domain.mail.choices import State
from app.domain.mail.kinds import Kind, kind_of
from app.domain.mail.letters import LEAVES_AFTER_MINUTES, SHIPPED, Draft, Reader, Sketch, said_to
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.ids import new_id
from app.models.mail import MailTemplate, Message
from app.store.mail import choosing, log, outbox, readers
from app.store.mail.posting import Written, post

NOBODY = "Nobody there has an e-mail address, but you. Choose another Work Group or role."
GONE = "It has left already, so it cannot be taken back."
CHANGED = "Someone changed this template while you had it open. Load the page again and make your change once more."


async def whom(actor: Actor, draft: Draft) -> list[Reader]:
    """Everyone a draft would go to; raises ForbiddenError, or BadInputError when that is nobody."""
    for group_id in draft.groups:
        actor.require(Can.SEND_MESSAGES, Target(actor.member.hub_id, group_id=group_id))
    if draft.roles or not draft.groups:
        actor.require(Can.SEND_MESSAGES)
    found = await readers.readers(actor.db, actor.member, draft.groups, draft.roles, actor.now)
    if not found:
        raise BadInputError(NOBODY, (Fault("groups", NOBODY),))
    return found


async def send(actor: Actor, draft: Draft) -> tuple[uuid.UUID, int]:
    """Write to everyone a draft goes to: what the messages share, and how many they are."""
    people, batch = await whom(actor, draft), new_id()
    later = timedelta(minutes=LEAVES_AFTER_MINUTES)
    letters = []
    for one in people:
        subject, text = said_to(draft, one)
        letters.append(
            Written(
                Kind.GROUP,
                one.email,
                subject,
                text,
                person_id=one.person_id,
                batch_id=batch,
                made_by=actor.member.person_id,
                later=later,
            )
        )
    await post(actor.db, actor.member.hub_id, letters, actor.now)
    facts = {"group": str(draft.groups[0])} if len(draft.groups) == 1 else {"hub": str(actor.member.hub_id)}
    await actor.record("Wrote", draft.subject, **facts, people=len(people), batch=str(batch))
    return batch, len(people)


async def take_back(actor: Actor, message_id: uuid.UUID) -> int:
    """Stop a message and all that were written with it and have not left: how many. Raises ConflictError."""
    row = await _one(actor, message_id)
    if row.kind != Kind.GROUP:
        raise ConflictError("Only what a person wrote can be taken back.")
    held = await outbox.hold(actor.db, row.id)
    stopped = await outbox.take_back(actor.db, held or row, f"{actor.member.name} took it back.")
    if not stopped:
        raise ConflictError(GONE)
    about = {"person": str(row.person_id)} if row.person_id else {"hub": str(actor.member.hub_id)}
    await actor.record("Took back", row.subject, **about, messages=stopped)
    return stopped


async def send_again(actor: Actor, message_id: uuid.UUID) -> uuid.UUID:
    """Send a message that failed or came back once more, to the address of today; raises ConflictError."""
    row = await _one(actor, message_id)
    if row.state not in {State.FAILED, State.BOUNCED}:
        raise ConflictError("Only what did not leave or came back can be sent again.")
    to = await log.address_now(actor.db, row.person_id) if row.person_id else row.to
    if not to:
        raise ConflictError("They have left the hub, so there is nobody to write to.")
    if row.person_id:
        await log.mark_cleared(actor.db, row.person_id)
    (made,) = await post(actor.db, row.hub_id, [_copy(row, to, actor)], actor.now)
    return made


def _copy(row: Message, to: str, actor: Actor) -> Written:
    return Written(
        kind_of(row.kind) or Kind.OFFICE,
        to,
        row.subject,
        row.text,
        person_id=row.person_id,
        links={word: (one["kind"], one["id"]) for word, one in row.links.items()},
        event_id=row.event_id,
        calendar=row.calendar,
        method=row.method,
        batch_id=row.batch_id,
        made_by=row.made_by or actor.person_id,
    )


async def _one(actor: Actor, message_id: uuid.UUID) -> Message:
    found = await log.one(actor.db, actor.member, message_id)
    if found is None:
        raise NotFoundError
    return found.message


async def add_template(actor: Actor, sketch: Sketch) -> uuid.UUID:
    """Keep a new template; raises ForbiddenError, or BadInputError where its name is taken."""
    actor.require(Can.SEND_MESSAGES)
    made = await choosing.add(actor.db, actor.member.hub_id, sketch)
    await actor.record("Added", f"the template {sketch.name}", hub=str(actor.member.hub_id))
    return made


async def copy_template(actor: Actor, key: str) -> uuid.UUID:
    """Copy a template that ships into the hub's own; raises BadInputError for one that does not, or is there."""
    if key not in SHIPPED:
        raise BadInputError("Choose one of the templates that come with Halfterm.")
    return await add_template(actor, SHIPPED[key])


async def change_template(actor: Actor, template_id: uuid.UUID, version: int, sketch: Sketch) -> None:
    """Write a template anew; raises NotFoundError, StaleError or BadInputError."""
    row = await _template(actor, template_id)
    if row.version != version:
        raise StaleError(CHANGED)
    before = {"name": row.name, "subject": row.subject, "text": row.text}
    await choosing.change(actor.db, row, sketch)
    after = {"name": row.name, "subject": row.subject, "text": row.text}
    about = f"the template {row.name}"
    await actor.record("Changed", about, before=before, after=after, hub=str(actor.member.hub_id))


async def remove_template(actor: Actor, template_id: uuid.UUID) -> str:
    """Remove a template: its name. Raises NotFoundError."""
    row = await _template(actor, template_id)
    name = row.name
    await choosing.remove(actor.db, row)
    await actor.record("Removed", f"the template {name}", hub=str(actor.member.hub_id))
    return name


async def _template(actor: Actor, template_id: uuid.UUID) -> MailTemplate:
    actor.require(Can.SEND_MESSAGES)
    row = await choosing.template(actor.db, actor.member.hub_id, template_id)
    if row is None:
        raise NotFoundError
    return row

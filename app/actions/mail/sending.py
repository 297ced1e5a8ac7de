"""Sending one message: its personal links made, its parts put together, once. Rules: docs/rules/messages.md."""

import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from aiosmtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.mail.choices import State
from app.domain.mail.kinds import Kind, kind_of
from app.domain.mail.words import addresses, filled
from app.kit.clock import Clock
from app.kit.links import signed_link
from app.models.mail import Message
from app.render import mail as letters
from app.settings import Settings
from app.store.database import Database
from app.store.mail import outbox
from app.store.mail.delivering import deliver

NO_SERVER = "Our mail server could not be reached, or did not take it, for some hours."
LEFT = "They have left the hub."
NO_MAIL_ADDRESS = "That is no e-mail address that mail can be sent to."


@dataclass(frozen=True, slots=True)
class Office:
    """What sending needs: how mail goes out, the tables and the time."""

    settings: Settings
    database: Database
    clock: Clock


async def send(office: Office, hub_id: uuid.UUID, message_id: uuid.UUID, *, last: bool = False) -> None:
    """Send a message that waits; called again, it finds that it has left.

    A refusal for good is kept on the message. Anything else is raised, to be tried again, unless this was the
    `last` try. Raises SMTPException, OSError.
    """
    try:
        async with office.database.transaction(hub_id) as db:
            row = await outbox.hold(db, message_id)
            if row is not None and row.state == State.WAITING:
                await _send(office, db, row)
    except Exception as problem:
        if last:
            await _give_up(office, hub_id, message_id, problem)
        if not last or not isinstance(problem, SMTPException | OSError):
            raise


async def _give_up(office: Office, hub_id: uuid.UUID, message_id: uuid.UUID, problem: Exception) -> None:
    """Nothing stays on its way for ever: what the last try met stands on the message."""
    async with office.database.transaction(hub_id) as db:
        row = await outbox.hold(db, message_id)
        if row is not None and row.state == State.WAITING:
            await outbox.failed(db, row, f"{NO_SERVER} It said: {problem}")


async def _send(office: Office, db: AsyncSession, row: Message) -> None:
    now, stands = office.clock(), await outbox.around(db, row)
    if stands.reader_left and row.kind != Kind.OFFICE:
        await outbox.stop(db, row, LEFT)
        return
    row.message_id = f"<{row.id.hex}@{urlsplit(office.settings.address).hostname or 'localhost'}>"
    row.html = letters.inside(row.text)
    try:
        await deliver(office.settings, _sealed(office, stands, row), now)
    except SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        if first.code < 500:
            raise
        await outbox.came_back(db, row, f"{first.code} {first.message}", now)
    except SMTPDataError as refused:
        if refused.code < 500:
            raise
        await outbox.failed(db, row, f"{refused.code} {refused.message}")
    except ValueError:  # an address that no message can be addressed to
        await outbox.failed(db, row, NO_MAIL_ADDRESS)
    else:
        await outbox.sent(db, row, now)


def _sealed(office: Office, stands: outbox.Around, row: Message) -> EmailMessage:
    settings, kind = office.settings, kind_of(row.kind) or Kind.OFFICE

    def sign(name: str, key: str) -> str:
        return signed_link(settings.secret, name, row.hub_id, uuid.UUID(key))

    opened = addresses(row.links, settings.address, sign)
    stops = bool(row.person_id) and (kind.law.can_stop or kind is Kind.DIGEST)
    stop = f"{settings.address}/unsubscribe/{sign('unsubscribe', str(row.person_id))}?kind={kind}" if stops else ""
    joining = kind is Kind.JOIN
    return letters.sealed(
        letters.Envelope(
            letter=letters.Letter(row.to, row.subject, filled(row.text, opened)),
            sender=settings.mail_from,
            hub=stands.hub,
            because=f"{stands.hub} asks you in." if joining else f"You get this because you are part of {stands.hub}.",
            choices=f"{settings.address}/my/messages" if row.person_id else "",
            now=office.clock(),
            message_id=row.message_id,
            reply_to=stands.writer if kind is Kind.GROUP and stands.writer else settings.mail_replies,
            stop=stop,
            calendar=filled(row.calendar, opened),
            method=row.method,
        )
    )

"""Inviting by mail, and the mail that comes back."""

from fastapi.responses import Response

from app.actions.feeds import inviting as acts
from app.actions.feeds import receiving, settling
from app.actions.feeds.inviting import Mailbox
from app.actions.feeds.settling import Settled
from app.domain.access import Can
from app.domain.mail.incoming import signature_of
from app.kit.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from app.kit.tokens import same
from app.pages.feeds import arrived, inviting
from app.pages.meetings.answer import read_stand_in
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, database, known_id
from app.routers.guard import allow, guarded_router, public

router = guarded_router()
SKEW = 300  # seconds that a signed message may be old


def _mailbox(door: Door) -> Mailbox:
    return Mailbox(door.settings.address, door.settings.replies_to)


def _sent(count: int) -> str:
    return "1 invitation is on its way." if count == 1 else f"{count} invitations are on their way."


@router.get("/hubs/{code}/events/{key}/invite")
@allow(Can.EDIT_EVENTS)
async def ask_to_event(door: Through, key: str) -> Response:
    """Asks first: who will be mailed."""
    return show(door, await inviting.of_event(door.db, door.viewer, door.member, known_id(key), door.now))


@router.post("/hubs/{code}/events/{key}/invite")
@allow(Can.EDIT_EVENTS)
async def invite_to_event(door: Through, key: str) -> Response:
    """Mails everybody at an event an invitation for their calendar."""
    count = await acts.invite(door.actor, [known_id(key)], _mailbox(door))
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{known_id(key)}/people", _sent(count))


@router.get("/hubs/{code}/groups/{group}/invite")
@allow(Can.EDIT_EVENTS)
async def ask_to_group(door: Through, group: str) -> Response:
    """Asks first: which dates, and how many people each."""
    span = inviting.Span(known_id(group), asked(door).value("half_term"))
    return show(door, await inviting.of_group(door.db, door.viewer, door.member, span, door.now))


@router.post("/hubs/{code}/groups/{group}/invite")
@allow(Can.EDIT_EVENTS)
async def invite_to_group(door: Through, group: str) -> Response:
    """Mails a Work Group its invitations, for a half term or all fixed dates ahead."""
    span = inviting.Span(known_id(group), (await door.typed()).text("half_term"))
    events = await inviting.chosen(door.db, door.viewer, door.member, span, door.now)
    if not events:
        raise ConflictError("No fixed date of this Work Group is to come that you may invite people to.")
    count = await acts.invite(door.actor, events, _mailbox(door))
    return go_to(door, f"/hubs/{door.member.hub_code}/groups/{known_id(group)}", _sent(count))


@router.get("/hubs/{code}/mail")
@allow(Can.SEE_MESSAGES)
async def see_mail(door: Through) -> Response:
    """Mail that came in and waits for a person."""
    if asked(door).value("format") == "csv":
        rows = await arrived.rows(door.db, door.member, asked(door))
        return download("mail-that-came-in", arrived.CSV_HEADER, rows)
    return show(door, await arrived.load_list(door.db, door.member, asked(door)))


@router.get("/hubs/{code}/mail/{mail}")
@allow(Can.SEE_MESSAGES)
async def see_one_mail(door: Through, mail: str) -> Response:
    """One of them, with the form that settles it."""
    return show(door, await arrived.load(door.db, door.member, known_id(mail)))


@router.get("/hubs/{code}/mail/{mail}/message.eml")
@allow(Can.SEE_MESSAGES)
async def see_whole_mail(door: Through, mail: str) -> Response:
    """The message as it came, as a file."""
    headers = {"Content-Disposition": 'attachment; filename="message.eml"'}
    body = await arrived.raw(door.db, door.member, known_id(mail))
    return Response(body, media_type="application/octet-stream", headers=headers)


@router.post("/hubs/{code}/mail/{mail}")
@allow(Can.SEE_MESSAGES)
async def settle_mail(door: Through, mail: str) -> Response:
    """Writes down what somebody made of it."""
    typed, mail_id = await door.typed(), known_id(mail)
    event, person = typed.text("event"), typed.text("person")
    made = Settled(
        typed.text("answer"),
        known_id(event) if event else None,
        known_id(person) if person else None,
        typed.text("because"),
        read_stand_in(typed),
    )
    try:
        await settling.settle(door.actor, mail_id, made)
    except BadInputError as refused:
        page = await arrived.load(door.db, door.member, mail_id)
        return show(door, arrived.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/mail", "It is settled.")


@router.post("/mail/incoming")
@public("mail providers have no session: each message is signed with a secret, and without one this does not exist")
async def take_mail(door: Through) -> Response:
    """Takes one raw message in: `Halfterm-Timestamp` and `Halfterm-Signature`, as webhooks of ours are signed."""
    secret, request = door.settings.mail_incoming_secret, door.request
    if not secret:
        raise NotFoundError
    raw, stamp = await request.body(), request.headers.get("halfterm-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise ForbiddenError("This message is not signed. Sign it with HALFTERM_MAIL_INCOMING_SECRET.")
    expected = signature_of(secret, int(stamp), raw)
    fresh = abs(door.now.timestamp() - int(stamp)) <= SKEW
    if not fresh or not same(request.headers.get("halfterm-signature", ""), expected):
        raise ForbiddenError("The signature does not fit, or is too old. Sign it anew with the secret that is set.")
    inbox = receiving.Inbox(database(door), door.settings.data_dir)
    return Response(await receiving.take(inbox, raw, door.now) + "\n", media_type="text/plain; charset=utf-8")

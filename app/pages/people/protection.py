"""A hub's office for personal data: what people ask, who answers for it, and one request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.people.rights import Asked as AskedFor
from app.domain.people.rights import State, nearness
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.store import hubs
from app.store.people import rights
from app.store.people.rights import Request

COLUMNS = (
    Column("due", "To be answered by"),
    Column("who", "Who"),
    Column("kind", "What they ask"),
    Column("asked", "Asked"),
    Column("state", "Where it stands"),
)
CSV_HEADER = ("To be answered by", "Who", "What they ask", "Asked", "Where it stands", "Settled")


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request in the list; `look` marks one that is late or soon due."""

    due: str
    who: str
    kind: str
    asked: datetime
    stands: str
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class ProtectionPage:
    """What people ask of the hub, and what the hub says of itself."""

    template: ClassVar[str] = "people/protection.html"
    hub: str
    listing: Listing
    lines: tuple[RequestLine, ...]
    form: Form
    retention: str
    privacy: str
    people: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request: what is asked, by when, and how it was settled; `form` while it is open."""

    template: ClassVar[str] = "people/request.html"
    back: str
    who: str
    person: str
    kind: str
    explains: str
    text: str
    asked: datetime
    due: str
    stands: str
    answer: str
    settled: datetime | None
    settled_by: str
    erase: str
    form: Form | None


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/data-protection"


async def protection_page(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ProtectionPage:
    """The office's page: two statements."""
    found = _sorted(await rights.of_hub(db, member.hub_id), asked)
    first = (asked.page - 1) * PAGE_SIZE
    today = in_london(now).date()
    filters = (
        Filter("state", "Where it stands", asked.value("state"), tuple(Choice(one.value, one.says) for one in State)),
        Filter("kind", "What they ask", asked.value("kind"), tuple(Choice(one.value, one.says) for one in AskedFor)),
    )
    empty = Empty("Nobody has asked anything about their data yet. People do so on their page My data.")
    hub = await hubs.one(db, member.hub_id)
    home = _home(member)
    fields = (
        Field(
            name="controller",
            label="Who answers for personal data",
            hint="The data controller: usually the school that leads the hub, with its address.",
            value=hub.controller,
        ),
        Field(
            name="contact", label="E-mail address for questions", kind="email", value=hub.privacy_contact, width="30"
        ),
        Field(
            name="text",
            label="Your own privacy notice",
            kind="textarea",
            hint="Empty: the notice that ships. An empty line begins a paragraph. How long records are kept, and who "
            "answers, is added by itself.",
            value=hub.privacy_notice,
        ),
    )
    return ProtectionPage(
        hub=member.hub_name,
        listing=listing(asked, "Requests about personal data", COLUMNS, total=len(found), empty=empty, filters=filters),
        lines=tuple(_line(one, home, today) for one in found[first : first + PAGE_SIZE]),
        form=Form(action=home, submit="Save", fields=fields, kept=(("version", str(hub.version)),)),
        retention=f"{home}/retention",
        privacy=f"/privacy/{member.hub_code}",
        people=f"/hubs/{member.hub_code}/people",
    )


def notice_again(page: ProtectionPage, typed: Typed, faults: Sequence[Fault]) -> ProtectionPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def _sorted(found: Sequence[Request], asked: Asked) -> list[Request]:
    kept = [one for one in found if asked.value("state") in {"", one.state} and asked.value("kind") in {"", one.kind}]
    if not asked.value("sort"):
        return kept  # the open ones that are due first
    column, down = asked.order([one.name for one in COLUMNS])
    keys = {
        "due": lambda one: (one.due_on, one.id),
        "who": lambda one: (one.name.casefold(), one.id),
        "kind": lambda one: (one.kind, one.id),
        "asked": lambda one: (one.asked_at, one.id),
        "state": lambda one: (one.state, one.id),
    }
    return sorted(kept, key=keys[column], reverse=down)


def _stands(one: Request, today: date) -> str:
    if one.state != State.OPEN:
        return State(one.state).says
    near = nearness(one.due_on, today)
    return "Overdue" if near.late else "Open, due within a week" if near.soon else "Open"


def _line(one: Request, home: str, today: date) -> RequestLine:
    stands = _stands(one, today)
    return RequestLine(
        due=spoken_date(one.due_on),
        who=one.name or "Somebody who is gone",
        kind=AskedFor(one.kind).says,
        asked=one.asked_at,
        stands=stands,
        late=stands == "Overdue",
        href=f"{home}/requests/{one.id}",
    )


async def protection_csv(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """Every request that the filters leave, one row each under CSV_HEADER."""
    found = _sorted(await rights.of_hub(db, member.hub_id), asked)
    today = in_london(now).date()
    return (
        (
            spoken_date(one.due_on),
            one.name,
            AskedFor(one.kind).says,
            spoken(one.asked_at),
            _stands(one, today),
            spoken(one.settled_at) if one.settled_at else "",
        )
        for one in found
    )


async def request_page(db: AsyncSession, member: Member, request_id: UUID, now: datetime) -> RequestPage:
    """One request; raises NotFoundError."""
    one = await rights.one(db, member.hub_id, request_id)
    if one is None:
        raise NotFoundError
    home = _home(member)
    person = f"/hubs/{member.hub_code}/people/{one.person_id}" if one.person_id else ""
    is_open = one.state == State.OPEN
    return RequestPage(
        back=home,
        who=one.name or "Somebody who is gone",
        person=person,
        kind=AskedFor(one.kind).says,
        explains=AskedFor(one.kind).explains,
        text=one.text,
        asked=one.asked_at,
        due=spoken_date(one.due_on),
        stands=_stands(one, in_london(now).date()),
        answer=one.answer,
        settled=one.settled_at,
        settled_by=one.settled_by,
        erase=f"{person}/erase" if person and is_open and one.kind == AskedFor.ERASE else "",
        form=_settle_form(f"{home}/requests/{one.id}") if is_open else None,
    )


def _settle_form(action: str) -> Form:
    fields = (
        Field(
            name="state",
            label="How is it settled?",
            kind="radios",
            choices=(Choice("done", "It is done"), Choice("refused", "It is refused, for a reason that the law knows")),
        ),
        Field(
            name="answer",
            label="Your answer",
            kind="textarea",
            hint="It is mailed to them: what was done, or why not.",
        ),
    )
    return Form(action=action, submit="Settle and mail the answer", fields=fields)


def request_again(page: RequestPage, typed: Typed, faults: Sequence[Fault]) -> RequestPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults) if page.form else None)

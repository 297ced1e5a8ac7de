"""The API tokens of a hub: which programs work for it, and what each may do."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import SCOPES, Member, Scope
from app.domain.people.tokens import LIVES, USUAL_DAYS, WrittenToken, read_scopes
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Field,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.store.people import hub_tokens

COLUMNS = (Column("", "For"), Column("", "May"), Column("", "Made"), Column("", "Last used"), Column("", "State"))
CSV_HEADER = ("for", "scopes", "made_by", "made", "last_used", "expires", "state")
STATES = {"working": "Works", "expired": "Has expired", "revoked": "Revoked"}


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token in the list; `revoke` is empty for one that opens nothing any more."""

    name: str
    may: tuple[str, ...]
    maker: str
    made: str
    used: str
    state: str
    until: str
    revoke: str


@dataclass(frozen=True, slots=True)
class TokensPage:
    """The hub's tokens. `new` is one that has just been made: told once."""

    template: ClassVar[str] = "people/tokens.html"
    new: str
    new_name: str
    listing: Listing
    tokens: tuple[TokenLine, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class RevokePage:
    """Asks before a token stops to work."""

    template: ClassVar[str] = "people/token_revoke.html"
    confirm: Confirm


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/tokens"


async def tokens_page(
    db: AsyncSession, member: Member, asked: Asked, now: datetime, new: tuple[str, str] = ("", "")
) -> TokensPage:
    """The list and the form: two statements. `new` is a token just made, and its name."""
    life = asked.value("state")
    total = await hub_tokens.count(db, member.hub_id, life, now)
    found = await hub_tokens.listed(db, member.hub_id, life, now, (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    empty = Empty("Keys for the hub's own programs will be here, with what each may do and when it was last used.")
    filters = (Filter("state", "State", life, tuple(Choice(key, says) for key, says in STATES.items())),)
    return TokensPage(
        new=new[0],
        new_name=new[1],
        listing=listing(asked, "API tokens", COLUMNS, total=total, empty=empty, filters=filters),
        tokens=tuple(_line(one, member, now) for one in found),
        form=token_form(member),
    )


def _line(one: hub_tokens.Listed, member: Member, now: datetime) -> TokenLine:
    token = one.token
    state = _state(one, now)
    return TokenLine(
        name=token.name,
        may=tuple(SCOPES[scope][0] for scope in Scope if scope in token.scopes),
        maker=one.maker,
        made=_day(token.made_at),
        used=spoken(token.last_used_at) if token.last_used_at else "Never",
        state=state if state in STATES.values() else "Opens nothing",
        until=_until(one, now),
        revoke="" if token.revoked_at else f"{_home(member)}/{token.id}/revoke",
    )


def _state(one: hub_tokens.Listed, now: datetime) -> str:
    if one.token.revoked_at:
        return STATES["revoked"]
    if one.token.expires_at <= now:
        return STATES["expired"]
    return STATES["working"] if one.maker_is_here else f"Opens nothing: {one.maker} has left the hub"


def _until(one: hub_tokens.Listed, now: datetime) -> str:
    if one.token.revoked_at:
        return _day(one.token.revoked_at)
    if one.token.expires_at > now and not one.maker_is_here:
        return f"{one.maker} has left the hub"
    return f"{'until' if one.token.expires_at > now else 'on'} {_day(one.token.expires_at)}"


def _day(moment: datetime) -> str:
    return spoken_date(in_london(moment).date())


async def tokens_csv(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """The same as rows under CSV_HEADER."""
    found = await hub_tokens.listed(db, member.hub_id, asked.value("state"), now, (None, 0))
    return (
        (
            one.token.name,
            " ".join(one.token.scopes),
            one.maker,
            one.token.made_at,
            one.token.last_used_at,
            one.token.expires_at,
            _state(one, now),
        )
        for one in found
    )


def token_form(member: Member) -> Form:
    """Makes a token; only what the maker may do themselves can be ticked."""
    mine = [scope for scope in Scope if any(member.reaches(can) for can in SCOPES[scope][1])]
    return Form(
        action=_home(member),
        submit="Make the token",
        fields=(
            Field(name="name", label="What is it for?", hint="For instance: the office's attendance sheet", width="30"),
            Field(
                name="scopes",
                label="What may it do?",
                kind="checkboxes",
                hint="Never more than you may do yourself, and nothing that is not ticked.",
                choices=tuple(Choice(scope.value, SCOPES[scope][0]) for scope in mine),
            ),
            Field(
                name="days",
                label="How long does it work?",
                kind="radios",
                value=str(USUAL_DAYS),
                choices=tuple(Choice(str(days), says) for days, says in LIVES.items()),
            ),
        ),
    )


def read_token(typed: Typed) -> WrittenToken:
    """What the form asks for; what cannot be read is left for the rules to refuse."""
    days = typed.text("days")
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
    return WrittenToken(typed.text("name"), read_scopes(typed.every("scopes")), number)


def tokens_again(page: TokensPage, typed: Typed, faults: Sequence[Fault]) -> TokensPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def revoke_page(db: AsyncSession, member: Member, token_id: uuid.UUID) -> RevokePage:
    """The question; raises NotFoundError."""
    found = await hub_tokens.one(db, member.hub_id, token_id)
    if found is None:
        raise NotFoundError
    confirm = Confirm(
        question=f"Revoke the token {found.name}?",
        happens=(
            "The program that uses it is refused from its next call.",
            "It cannot be brought back: make another one instead.",
        ),
        action=f"{_home(member)}/{found.id}/revoke",
        submit="Yes, revoke it",
        back=_home(member),
    )
    return RevokePage(confirm)

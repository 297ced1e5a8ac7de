"""Certificates of a hub: the list, one of them, what issuing a Work Group's would do, and the files."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings import certificates as rules
from app.domain.meetings.certificates import Kind
from app.kit.check_codes import shown
from app.kit.errors import BadInputError, NotFoundError
from app.kit.periods import in_london, spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing
from app.pages.schools.detail import Fact
from app.pages.trail import history_of
from app.render.meetings.files import as_zip, file_name
from app.store.meetings import certificates

MOST_IN_ZIP = 500
CSV_HEADER = ("Name", "School", "Kind", "Work Group", "Year", "Time in minutes", "Issued", "By", "Code", "State", "Why")
STATES = {"stands": "Stands", "withdrawn": "Withdrawn"}
NONE_YET = Empty("Certificates will be here once they are issued: open a Work Group and choose its certificates.")


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate in a list; `href` is its page, `pdf` its paper, or empty once that was forgotten."""

    href: str
    pdf: str
    name: str
    school: str
    kind: str
    group: str
    group_id: str
    year: str
    hours: str
    minutes: int
    issued: str
    made_at: datetime
    by: str
    code: str
    stands: bool
    because: str


@dataclass(frozen=True, slots=True)
class CertificatesPage:
    """The hub's certificates that the viewer may see. `zip` downloads those that stand, as they are narrowed here."""

    template: ClassVar[str] = "meetings/certificates.html"
    listing: Listing
    certificates: tuple[CertificateLine, ...]
    zip: str


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """One certificate: what it says, whether it stands, and what can be done about it."""

    template: ClassVar[str] = "meetings/certificate.html"
    title: str
    name: str
    stands: bool
    withdrawn: str
    facts: tuple[Fact, ...]
    lines: tuple[str, ...]
    pdf: str
    withdraw: str
    check: str
    list_href: str
    history: str


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """Asks why, before a certificate no longer counts."""

    template: ClassVar[str] = "meetings/certificate_withdraw.html"
    name: str
    of: str
    form: Form
    back: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be downloaded."""

    name: str
    media: str
    data: bytes


def line(row: certificates.Row, code: str) -> CertificateLine:
    """A certificate of the database as a line of a list, in the hub of this code."""
    facts = rules.told(row.says)
    return CertificateLine(
        href=f"/hubs/{code}/certificates/{row.id}",
        pdf=f"/hubs/{code}/certificates/{row.id}/certificate.pdf" if row.on_paper else "",
        name=facts["name"],
        school=facts["school"],
        kind=rules.TITLES[Kind(row.kind)],
        group=facts["group"],
        group_id=str(row.group_id or ""),
        year=spoken_year(row.year),
        hours=rules.hours_words(facts["minutes"]),
        minutes=facts["minutes"],
        issued=spoken(row.made_at),
        made_at=row.made_at,
        by=row.made_by or str(row.says.get("by", "")),
        code=shown(row.code),
        stands=row.withdrawn_at is None,
        because=row.because,
    )


_ORDERS: dict[str, Callable[[CertificateLine], Any]] = {
    "issued": lambda one: one.made_at,
    "name": lambda one: one.name.casefold(),
    "school": lambda one: one.school.casefold(),
    "kind": lambda one: one.kind,
    "group": lambda one: one.group.casefold(),
    "time": lambda one: one.minutes,
    "state": lambda one: not one.stands,
}


async def lines_of(db: AsyncSession, member: Member, asked: Asked) -> list[CertificateLine]:
    """Every certificate that the list's address asks for, in its order; the newest first unless it says otherwise."""
    return _asked_for(await _all(db, member), asked)


async def _all(db: AsyncSession, member: Member) -> list[CertificateLine]:
    return [line(row, member.hub_code) for row in await certificates.listed(db, member)]


def _asked_for(lines: Sequence[CertificateLine], asked: Asked) -> list[CertificateLine]:
    column, down = asked.order(tuple(_ORDERS))
    newest_first = not asked.value("sort")
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down or newest_first)


def _fits(one: CertificateLine, asked: Asked) -> bool:
    said = f"{one.name} {one.school} {one.code}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("group") in {"", one.group_id}
        and asked.value("year") in {"", one.year[:4]}
        and asked.value("kind") in {"", one.kind}
        and asked.value("state") in {"", "stands" if one.stands else "withdrawn"}
    )


async def load(db: AsyncSession, member: Member, asked: Asked) -> CertificatesPage:
    """One page of the list: one statement."""
    every = await _all(db, member)
    found, first = _asked_for(every, asked), (asked.page - 1) * PAGE_SIZE
    columns = (
        Column("name", "Name"),
        Column("school", "School"),
        Column("kind", "Kind"),
        Column("group", "Work Group"),
        Column("time", "Time", number=True),
        Column("issued", "Issued"),
        Column("state", "State"),
    )
    return CertificatesPage(
        listing=listing(
            asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-issued"}),
            "Certificates",
            columns,
            total=len(found),
            empty=NONE_YET,
            filters=_filters(asked, every),
        ),
        certificates=tuple(found[first : first + PAGE_SIZE]),
        zip=f"/hubs/{member.hub_code}/certificates.zip{asked.link(page='', format='').removeprefix(asked.path)}"
        if any(one.stands for one in found)
        else "",
    )


def _filters(asked: Asked, every: Sequence[CertificateLine]) -> tuple[Filter, ...]:
    of_groups = sorted({(one.group_id, one.group) for one in every if one.group_id}, key=lambda one: one[1])
    years = tuple(Choice(one[:4], one) for one in sorted({one.year for one in every}, reverse=True))
    return (
        Filter("q", "Name, school or code", asked.value("q")),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(*one) for one in of_groups)),
        Filter("kind", "Kind", asked.value("kind"), tuple(Choice(word, word) for word in rules.TITLES.values())),
        Filter("state", "State", asked.value("state"), tuple(Choice(*one) for one in STATES.items())),
        Filter("year", "Year", asked.value("year"), years),
    )


def csv_row(one: CertificateLine) -> tuple[object, ...]:
    """The cells of a line, in the order of CSV_HEADER."""
    state = STATES["stands" if one.stands else "withdrawn"]
    when = in_london(one.made_at).date()
    return (
        one.name,
        one.school,
        one.kind,
        one.group,
        one.year,
        one.minutes,
        when,
        one.by,
        one.code,
        state,
        one.because,
    )


async def zipped(db: AsyncSession, member: Member, asked: Asked) -> Download:
    """The PDFs of those that stand among what the address asks for. Raises BadInputError for more than 500."""
    found = [one for one in await lines_of(db, member, asked) if one.stands]
    if len(found) > MOST_IN_ZIP:
        raise BadInputError(f"One file holds at most {MOST_IN_ZIP} certificates: choose a Work Group first.")
    keys = [uuid.UUID(one.href.rsplit("/", 1)[1]) for one in found]
    files = await certificates.files(db, member, keys)
    data = as_zip((file_name(file.code, file.name), file.pdf) for file in files)
    return Download("certificates.zip", "application/zip", data)


async def pdf(db: AsyncSession, member: Member, certificate_id: uuid.UUID) -> Download:
    """The PDF, exactly as issued. Raises NotFoundError."""
    found = await certificates.files(db, member, [certificate_id])
    if not found:
        raise NotFoundError
    return Download(file_name(found[0].code), "application/pdf", found[0].pdf)


async def one(db: AsyncSession, viewer: Viewer, member: Member, certificate_id: uuid.UUID) -> CertificatePage:
    """One certificate. Raises NotFoundError."""
    row = await _known(db, member, certificate_id)
    here, facts = f"/hubs/{member.hub_code}/certificates", rules.told(row.says)
    target = Target(member.hub_id, frozenset({row.person_id} if row.person_id else ()), row.group_id)
    may = bool(decide(viewer, Can.CERTIFY, target))
    said = line(row, member.hub_code)
    return CertificatePage(
        title=rules.TITLES[Kind(row.kind)],
        name=said.name,
        stands=said.stands,
        withdrawn=withdrawn_words(row),
        facts=facts_of(row),
        lines=lines_in_words(facts["lines"]),
        pdf=said.pdf,
        withdraw=f"{here}/{row.id}/withdraw" if may and said.stands else "",
        check=f"/check/{said.code}",
        list_href=here,
        history=history_of(member, "certificate", row.id),
    )


async def _known(db: AsyncSession, member: Member, certificate_id: uuid.UUID) -> certificates.Row:
    row = await certificates.one(db, member, certificate_id)
    if row is None:
        raise NotFoundError
    return row


def withdrawn_words(row: certificates.Row) -> str:
    """That and why it does not count any more; empty while it stands."""
    return f"Withdrawn on {spoken(row.withdrawn_at)}. {row.because}" if row.withdrawn_at else ""


def facts_of(row: certificates.Row) -> tuple[Fact, ...]:
    """What a certificate says, to be compared with the paper."""
    facts = rules.told(row.says)
    group = f"{facts['group']}: {facts['group_name']}" if facts["group_name"] else facts["group"]
    by = str(row.says.get("by", "")) or row.made_by
    known = (
        ("Name", facts["name"]),
        ("School", facts["school"]),
        ("Hub", facts["hub"]),
        ("Work Group", group),
        ("Programme", facts["programme"]),
        ("Led by", facts["led_by"]),
        ("Year", spoken_year(row.year)),
        ("Attended", rules.count_words(facts["lines"])),
        ("Time", rules.hours_words(facts["minutes"])),
        ("Issued", f"{spoken(row.made_at)}{f', by {by}' if by else ''}"),
        ("Code", shown(row.code)),
    )
    return tuple(Fact(label, value) for label, value in known if value)


def lines_in_words(lines: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """What was attended, one sentence each."""
    return tuple(rules.line_words(one) for one in lines)


async def load_withdraw(db: AsyncSession, member: Member, certificate_id: uuid.UUID) -> WithdrawPage:
    """The question before harm. Raises NotFoundError."""
    row = await _known(db, member, certificate_id)
    here, facts = f"/hubs/{member.hub_code}/certificates/{row.id}", rules.told(row.says)
    because = Field(
        name="because",
        label="Why does it no longer count?",
        hint="Whoever checks its code reads this: name nobody and nothing private.",
        width="30",
    )
    return WithdrawPage(
        name=facts["name"],
        of=f"{rules.TITLES[Kind(row.kind)]}, {rules.of_what(row.kind, facts['group'], row.year)}",
        form=Form(action=f"{here}/withdraw", submit="Withdraw it", fields=(because,), warning=True),
        back=here,
    )


def asked_again(page: WithdrawPage, form: Form) -> WithdrawPage:
    """The same page around a form that keeps what was typed."""
    return replace(page, form=form)

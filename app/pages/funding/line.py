"""One line: what is paid, because of what, under which rate as it was, and what corrects it or was asked about it."""

import uuid
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.funding.facts import PAYEE_WORDS
from app.domain.funding.line import KIND_WORDS, Kind, Line
from app.domain.funding.pence import pounds
from app.domain.funding.statements import STATE_WORDS, Entry, State, may_move
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken, spoken_date
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.pages.funding.evidence import EvidenceLink, evidence_links
from app.pages.funding.rates import RateLine, rate_line
from app.pages.funding.statement import NOT_KNOWN
from app.pages.funding.statements import HUBS, STATE_TAGS, period_of
from app.pages.schools.detail import Fact
from app.store.funding import cards, ledger_lines, programmes, queries, rows, selecting, statements
from app.store.funding.ledger_lines import Row

ADJUSTED = "adjustment/"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the line, and its answer; `answer_href` for whoever may answer it."""

    words: str
    asked: str
    answer: str
    answered: str
    answer_href: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A line that this one corrects, or that corrects it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """The page."""

    template: ClassVar[str] = "funding/line.html"
    home: str
    school: str
    amount: str
    what: str
    kind: str
    because: str
    held: str
    facts: tuple[Fact, ...]
    rate: RateLine | None
    rate_says: str
    card_href: str
    evidence: tuple[EvidenceLink, ...]
    corrects: tuple[Corrected, ...]
    corrected_by: tuple[Corrected, ...]
    queries: tuple[Asked, ...]
    query_href: str
    statement: str
    statement_href: str
    statement_state: str
    statement_tag: str
    form: Form | None


async def load(db: AsyncSession, viewer: Viewer, member: Member, line_id: uuid.UUID) -> LinePage:
    """The page, in a fixed number of statements. Raises NotFoundError, also for another school's head."""
    one = await ledger_lines.one(db, member, line_id)
    if one is None:
        raise NotFoundError
    line, home = one.line, f"/hubs/{member.hub_code}"
    target = Target(member.hub_id, urns=frozenset({line.urn}))
    names = await selecting.rate_names(db, member.hub_id)
    what = selecting.rate_name(names, (one.statement.year, line.card_version), line.rate, line.kind)
    called = await programmes.names(db, member.hub_id)
    rate, says, card = await _rate(db, member, one)
    asked = await queries.of_line(db, line_id)
    answers = bool(member.reaches(Can.CLAIM))
    opens = one.statement.urn is not None or bool(member.reaches(Can.SEE_FUNDING))  # the hub's own opens for the office
    return LinePage(
        home=home,
        school=one.school,
        amount=pounds(line.pence),
        what=what,
        kind="" if line.kind is Kind.DERIVED or not line.rate else KIND_WORDS[line.kind],
        because=line.because,
        held=one.held,
        facts=_facts(one, home, what, called.of(line.programme, one.statement.year)),
        rate=rate,
        rate_says=says,
        card_href=card,
        evidence=_evidence(member, line),
        corrects=await _of(db, member, line),
        corrected_by=tuple(_other(home, each) for each in await ledger_lines.corrected_by(db, member, line_id)),
        queries=tuple(_asked(home, each, answers=answers) for each in asked),
        query_href=f"{home}/lines/{line_id}/query" if not one.held and decide(viewer, Can.QUERY_LINE, target) else "",
        statement=one.statement.reference,
        statement_href=f"{home}/statements/{one.statement.id}" if opens else "",
        statement_state=STATE_WORDS[State(one.statement.state)],
        statement_tag=STATE_TAGS[State(one.statement.state)],
        form=await _move_form(db, member, one),
    )


def _facts(one: Row, home: str, what: str, programme: str) -> tuple[Fact, ...]:
    line = one.line
    each = f"{pounds(line.pence)}: {line.spoken_quantity} at {pounds(line.rate_pence)}"
    found = [
        Fact("School", f"{one.school} ({line.urn})", f"{home}/schools/{line.urn}/owed"),
        Fact("Day", spoken_date(line.day)),
        Fact("For", what),
        Fact("Paid to", PAYEE_WORDS[line.payee]),
    ]
    if line.rate:
        found.append(Fact("Amount", each))
    found += [Fact(label, said) for label, said in (("Programme", programme), ("Work Group", line.group)) if said]
    return tuple(found)


async def _rate(db: AsyncSession, member: Member, one: Row) -> tuple[RateLine | None, str, str]:
    """The rate as it was in its version of the card, of which version it is, and where that is read by the office."""
    line, year = one.line, one.statement.year
    if not line.rate or not line.card_version:
        return None, "", ""
    known = await cards.versions(db, member.hub_id, member.hub_code, year)
    stored = next((each for each in known if each.card.version == line.card_version), None)
    card = stored.card if stored else await cards.version(db, member.hub_id, member.hub_code, year, line.card_version)
    found = next((each for each in card.rates if each.key == line.rate), None) if card else None
    office = stored is not None and bool(member.reaches(Can.SEE_FUNDING))
    href = f"/hubs/{member.hub_code}/rate-cards/{stored.id}" if stored and office else ""
    return (rate_line(found) if found else None), f"Version {line.card_version} of the rate card", href


def _evidence(member: Member, line: Line) -> tuple[EvidenceLink, ...]:
    home = f"/hubs/{member.hub_code}"
    own = [each for each in line.evidence if each.startswith(ADJUSTED)]
    written = f"{home}/adjustments/" if member.reaches(Can.SEE_FUNDING) else ""
    links = [EvidenceLink("The adjustment", written and written + each.removeprefix(ADJUSTED)) for each in own]
    others = tuple(each for each in line.evidence if each not in own)
    return (*links, *evidence_links(member.hub_code, others, office=bool(member.reaches(Can.SEE_FUNDING))))


async def _of(db: AsyncSession, member: Member, line: Line) -> tuple[Corrected, ...]:
    found = await ledger_lines.one(db, member, uuid.UUID(line.corrects)) if line.corrects else None
    return (_other(f"/hubs/{member.hub_code}", found),) if found else ()


def _other(home: str, one: Row) -> Corrected:
    words = f"{pounds(one.line.pence)} in {one.statement.reference}: {one.line.because}"
    return Corrected(words, f"{home}/lines/{one.id}")


def _asked(home: str, one: queries.Row, *, answers: bool) -> Asked:
    row = one.row
    return Asked(
        words=row.words,
        asked=f"{spoken(row.asked_at)}, {one.by or NOT_KNOWN}",
        answer=row.answer,
        answered=f"{spoken(row.answered_at)}, {one.answered_by or NOT_KNOWN}" if row.answered_at else "",
        answer_href=f"{home}/queries/{row.id}/answer" if answers and row.answered_at is None else "",
    )


async def _move_form(db: AsyncSession, member: Member, one: Row) -> Form | None:
    """Where the line can go: the other open statements of its year that take it."""
    if one.statement.state != State.OPEN or not member.reaches(Can.CLAIM):
        return None
    code, entry = member.hub_code, Entry(str(one.id), one.line)
    here = rows.statement(code, one.statement)
    others = await statements.open_ones(db, member, one.statement.year)
    fitting = [each for each in others if may_move(entry, here, rows.statement(code, each.row)) is None]
    if not fitting:
        return None
    choices = (
        Choice(str(each.row.id), f"{each.row.reference}, {each.school or HUBS}, {period_of(each)}") for each in fitting
    )
    return Form(
        action=f"/hubs/{code}/lines/{one.id}/move",
        submit="Move this line",
        fields=(
            Field(
                name="statement",
                label="To which open statement?",
                kind="select",
                choices=(Choice("", "Choose a statement"), *choices),
            ),
        ),
        kept=(("here", str(one.statement.id)),),
    )


def moved_again(page: LinePage, typed: Typed, faults: tuple[Fault, ...]) -> LinePage:
    """The same page with what was chosen and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page

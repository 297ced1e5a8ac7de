"""What a file of lines says beside them: whose they are, what did not earn and why, and the rates in words."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.ledger import lines
from app.domain.funding.line import Kind, Unearned
from app.domain.funding.rates import RateCard
from app.domain.funding.rates_checked import says
from app.domain.funding.selection import About, Reason, Rules
from app.kit.periods import in_london, spoken_year, year_span
from app.models.funding import LedgerLine, Statement
from app.models.hubs import Hub
from app.models.schools import School
from app.store.funding import cards, facts
from app.store.funding import half_terms as calendars
from app.store.funding.selecting import Selecting, school_names

MOST_REASONS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A file's title, and whether it tells what did not earn: a closed statement's does not, for it never changes."""

    title: str = "Ledger"
    reasons: bool = True


async def about(db: AsyncSession, chosen: Selecting, asked: Asked, now: datetime) -> About:
    """All of it: nine statements for a grant year, two without reasons and lines."""
    hub = await db.get_one(Hub, chosen.hub_id)
    years = chosen.wanted.years or await _years(db, chosen.hub_id)
    reasons: list[Reason] = []
    if asked.reasons:
        for year in years:
            reasons += await _reasons(db, chosen, (hub.code, year), now)
    used = await _used(db, chosen)
    in_force = [await cards.in_force(db, hub.id, hub.code, year) for year in years] if asked.reasons else []
    return About(
        hub=hub.name,
        code=hub.code,
        title=asked.title,
        says=chosen.wanted.says,
        first=_first(chosen, years, now),
        reasons=tuple(reasons[:MOST_REASONS]),
        rules=await _rules(db, hub, used, in_force),
    )


async def about_statement(db: AsyncSession, chosen: Selecting, reference: str, now: datetime) -> About:
    """The same of one statement, which says nothing that can change beside its lines."""
    found = await about(db, chosen, Asked(title=f"Statement {reference}", reasons=False), now)
    row = (await db.execute(chosen.query(col(Statement.first)).limit(1))).scalar_one_or_none()
    return replace(found, first=row) if row else found


def _first(chosen: Selecting, years: Sequence[int], now: datetime) -> date:
    if chosen.wanted.span:
        return chosen.wanted.span.first
    return year_span(years[0]).first if years else in_london(now).date().replace(month=1, day=1)


async def _years(db: AsyncSession, hub_id: uuid.UUID) -> Sequence[int]:
    found = await db.execute(
        select(col(Statement.year)).where(col(Statement.hub_id) == hub_id).distinct().order_by(col(Statement.year))
    )
    return list(found.scalars())


async def _used(db: AsyncSession, chosen: Selecting) -> set[tuple[int, int]]:
    """The (year, version) of every card that a line of the selection rests on."""
    earned = col(LedgerLine.kind).in_([Kind.DERIVED.value, Kind.CORRECTION.value])
    query = chosen.query(col(Statement.year), col(LedgerLine.card_version)).where(earned).distinct()
    return {(row[0], row[1]) for row in (await db.execute(query)).all()}


async def _rules(
    db: AsyncSession, hub: Hub, used: set[tuple[int, int]], in_force: Sequence[RateCard]
) -> tuple[Rules, ...]:
    found = {(card.year, card.version): card for card in in_force}
    for at in used - found.keys():
        card = await cards.version(db, hub.id, hub.code, *at)
        if card:
            found[at] = card
    return tuple(_in_words(found[at]) for at in sorted(found))


def _in_words(card: RateCard) -> Rules:
    rates = tuple((one.key, says(one), tuple(each.says for each in one.conditions)) for one in card.rates)
    return Rules(f"Grant year {spoken_year(card.year)}, version {card.version} of the rate card", rates)


async def _reasons(db: AsyncSession, chosen: Selecting, of: tuple[str, int], now: datetime) -> list[Reason]:
    """What happened in the year and did not earn, as far as it fits what was selected."""
    code, year = of
    card = await cards.in_force(db, chosen.hub_id, code, year)
    known = chosen.half_terms or await calendars.half_terms(db, chosen.hub_id)
    happened = await facts.of_year(db, chosen.hub_id, year, now)
    found = (await asyncio.to_thread(lines, card, happened)).unearned  # a large year takes seconds
    fitting = [one for one in found if _fits(one, chosen, known)]
    schools = await school_names(db, {one.urn for one in fitting})
    names = {one.key: one.name for one in card.rates}
    return [
        Reason(
            one.day,
            one.urn,
            schools.get(one.urn, ""),
            names.get(one.rate, ""),
            one.programme,
            one.group,
            one.because,
            one.evidence,
        )
        for one in fitting
    ]


def _fits(one: Unearned, chosen: Selecting, known: calendars.HalfTerms) -> bool:
    asked = chosen.wanted
    return (
        asked.urn in {None, one.urn}
        and asked.group in {"", one.group}
        and asked.programme in {"", one.programme}
        and asked.rate in {"", one.rate}
        and (asked.span is None or asked.span.holds(one.day))
        and (not asked.half_terms or known.half_term(one.urn, one.day) in asked.half_terms)
    )


async def is_at(db: AsyncSession, urn: int) -> str:
    """Where a school is, in one line; empty for one that is not known: one statement."""
    found = await db.execute(
        select(col(School.street), col(School.town), col(School.postcode)).where(col(School.urn) == urn)
    )
    row = found.one_or_none()
    return ", ".join(part for part in row if part) if row else ""

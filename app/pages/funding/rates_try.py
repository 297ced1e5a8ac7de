"""A draft rate card tried on the year so far: what it pays otherwise, whose schools, and what would be corrected."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.line import Line, total
from app.domain.funding.pence import pounds
from app.domain.funding.rates import empty_card
from app.domain.funding.trying import SchoolEffect, Tried, tried
from app.domain.stages.criteria import times
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Figure,
    Filter,
    Listing,
    listing,
)
from app.pages.funding.rates import held
from app.pages.funding.statements import pounds_number
from app.store.funding import cards, facts, schools, statements
from app.store.funding.cards import Stored

COLUMNS = (
    Column("name", "School"),
    Column("rate", "Rate"),
    Column("before", "In force", number=True),
    Column("after", "This version", number=True),
    Column("change", "Change", number=True),
)
CSV_HEADER = ("urn", "school", "rate", "in_force_pounds", "this_version_pounds", "change_pounds")
SHOWN = 20  # corrections on the page; all of them come with the next bringing up to date


@dataclass(frozen=True, slots=True)
class EffectLine:
    """A rate that pays otherwise."""

    name: str
    before: str
    after: str
    change: str
    schools: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school of which a rate pays otherwise."""

    school: str
    href: str
    rate: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction that would come into an open statement."""

    school: str
    day: str
    amount: str
    because: str


@dataclass(frozen=True, slots=True)
class RatesTryPage:
    """The page: sums, rate by rate, school by school, corrections."""

    template: ClassVar[str] = "funding/rates_try.html"
    year: str
    version: int
    against: str
    until: str
    figures: tuple[Figure, ...]
    effects: tuple[EffectLine, ...]
    listing: Listing
    lines: tuple[SchoolLine, ...]
    corrected: str
    corrections: tuple[CorrectionLine, ...]
    publish_href: str
    back: str


@dataclass(frozen=True, slots=True)
class _Trial:
    found: Stored
    against: str
    tried: Tried
    names: dict[int, str]


async def _trial(db: AsyncSession, member: Member, card_id: uuid.UUID, now: datetime) -> _Trial:
    found = await held(db, member, card_id)
    year = found.card.year
    known = await cards.versions(db, member.hub_id, member.hub_code, year)
    force = next((one.card for one in known if one.published_at), None)
    against = f"version {force.version}, which is in force" if force else "the card that ships, which pays nothing"
    force = force or empty_card(member.hub_code, year)
    happened = await facts.of_year(db, member.hub_id, year, now)
    frozen = await statements.frozen_entries(db, member.hub_id, year)
    told = await asyncio.to_thread(tried, force, found.card, happened, frozen)  # a large year takes seconds
    urns = {one.urn for one in told.schools} | {one.urn for one in told.corrections}
    return _Trial(found, against, told, await schools.names(db, urns))


async def load(db: AsyncSession, member: Member, card_id: uuid.UUID, asked: Asked, now: datetime) -> RatesTryPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    trial = await _trial(db, member, card_id, now)
    found, told = trial.found, trial.tried
    chosen = _chosen(trial, asked)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty("No school would be paid otherwise for what happened so far.")
    offers = tuple(Choice(one.rate, one.name) for one in told.effects)
    filters = (Filter("q", "School", asked.value("q")), Filter("rate", "Rate", asked.value("rate"), offers))
    return RatesTryPage(
        year=spoken_year(found.card.year),
        version=found.card.version,
        against=trial.against,
        until=spoken(in_london(now)),
        figures=_figures(told),
        effects=tuple(
            EffectLine(
                one.name,
                pounds(one.before),
                pounds(one.after),
                plus(one.after - one.before),
                times(one.schools, "school"),
            )
            for one in told.effects
        ),
        listing=listing(
            asked,
            "Schools that would be paid otherwise",
            COLUMNS,
            total=len(chosen),
            empty=empty,
            filters=filters if told.schools else (),
        ),
        lines=tuple(_line(member, trial, one) for one in chosen[first : first + PAGE_SIZE]),
        corrected=_corrected(told.corrections),
        corrections=tuple(_correction(trial, one) for one in told.corrections[:SHOWN]),
        publish_href=f"{address}/publish" if found.published_at is None else "",
        back=address,
    )


async def table(
    db: AsyncSession, member: Member, card_id: uuid.UUID, asked: Asked, now: datetime
) -> list[tuple[object, ...]]:
    """Everything that fits what was asked, under CSV_HEADER. Raises NotFoundError."""
    trial = await _trial(db, member, card_id, now)
    return [
        (
            one.urn,
            trial.names.get(one.urn, ""),
            one.name,
            *(pounds_number(pence) for pence in (one.before, one.after, one.after - one.before)),
        )
        for one in _chosen(trial, asked)
    ]


def plus(pence: int) -> str:
    """An amount that is added or taken off: +£12.00 or -£3.00."""
    return f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def _figures(told: Tried) -> tuple[Figure, ...]:
    return (
        Figure("Paid by the version in force", pounds(told.before)),
        Figure("Paid by this version", pounds(told.after)),
        Figure("Change", plus(told.after - told.before)),
        Figure("Schools", f"{len({one.urn for one in told.schools}):,}"),
    )


def _chosen(trial: _Trial, asked: Asked) -> list[SchoolEffect]:
    rate, words = asked.value("rate"), asked.value("q").casefold()

    def name(one: SchoolEffect) -> str:
        return trial.names.get(one.urn, "").casefold()

    found = [
        one
        for one in trial.tried.schools
        if (not rate or one.rate == rate) and (words in name(one) or words == str(one.urn))
    ]
    column, down = asked.order(("name", "rate", "before", "after", "change"))
    orders = {
        "name": name,
        "rate": lambda one: one.name.casefold(),
        "before": lambda one: one.before,
        "after": lambda one: one.after,
        "change": lambda one: one.after - one.before,
    }
    return sorted(sorted(found, key=lambda one: (name(one), one.urn, one.rate)), key=orders[column], reverse=down)


def _line(member: Member, trial: _Trial, one: SchoolEffect) -> SchoolLine:
    return SchoolLine(
        school=trial.names.get(one.urn, f"URN {one.urn}"),
        href=f"/hubs/{member.hub_code}/schools/{one.urn}/owed",
        rate=one.name,
        before=pounds(one.before),
        after=pounds(one.after),
        change=plus(one.after - one.before),
    )


def _corrected(corrections: Sequence[Line]) -> str:
    if not corrections:
        return "Nothing of a closed statement would be corrected."
    schools_ = times(len({one.urn for one in corrections}), "school")
    told = f"{times(len(corrections), 'correction')} of closed statements would follow, of {schools_}"
    more = f" The first {SHOWN} are below." if len(corrections) > SHOWN else ""
    return f"{told}, together {plus(total(corrections))}. Closed statements stay as they are.{more}"


def _correction(trial: _Trial, one: Line) -> CorrectionLine:
    school = trial.names.get(one.urn, f"URN {one.urn}")
    return CorrectionLine(school, spoken_date(one.day), plus(one.pence), one.because)

"""The five areas of Mastery Readiness at one school over time, with the sentence for whoever may read it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.defaults_visit import AREAS, STANDS
from app.domain.notes.paths import read
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date
from app.store.notes import reads
from app.store.stages import journey, words
from app.store.stages.words import Found, Readable

CSV_HEADER = ("Area", "Day", "Where the school stands")
STAND_NAMES = {one.key: one.label for one in STANDS}


@dataclass(frozen=True, slots=True)
class AreaSaid:
    """What one visit found in an area. `evidence` and `next_step` are empty for whoever may not read its record."""

    day: date
    when: str
    stands: str
    evidence: str
    next_step: str
    href: str
    silence: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area: where the school stands now, and what visits found, the latest first."""

    key: str
    name: str
    now: str
    said: tuple[AreaSaid, ...]


@dataclass(frozen=True, slots=True)
class AreasPage:
    """The page."""

    template: ClassVar[str] = "stages/areas.html"
    home: str
    school_href: str
    journey_href: str
    plan_href: str
    name: str
    areas: tuple[AreaLine, ...]
    reviewed: int
    csv_href: str


async def load(db: AsyncSession, member: Member, urn: int, now: datetime) -> AreasPage:
    """The page: five statements; each record that it quotes is noted as read. Raises NotFoundError."""
    name, found = await _found(db, member, urn)
    told = await words.of_versions(db, member, {one.version_id for one in found})
    shown = {told[one.version_id].event_id for one in found if one.version_id in told}
    await reads.notes_read(db, member, shown, "page", now)
    here = f"/hubs/{member.hub_code}/schools/{urn}"
    areas = tuple(
        _area(member, key, label, [one for one in found if one.key == key], told) for key, label in _areas(found)
    )
    return AreasPage(
        home=f"/hubs/{member.hub_code}",
        school_href=here,
        journey_href=f"{here}/journey",
        plan_href=f"{here}/plan/{academic_year(in_london(now).date())}",
        name=name,
        areas=areas,
        reviewed=sum(bool(one.said) for one in areas),
        csv_href=f"{here}/areas?format=csv",
    )


async def csv_rows(db: AsyncSession, member: Member, urn: int) -> list[tuple[object, ...]]:
    """Where the school stood on which day, under `CSV_HEADER`: no words of any record. Raises NotFoundError."""
    _, found = await _found(db, member, urn)
    names = dict(_areas(found))
    return [(names[one.key], one.day, _stands(one)) for one in found]


async def _found(db: AsyncSession, member: Member, urn: int) -> tuple[str, list[Found]]:
    name = await journey.known(db, member, urn)
    if name is None:
        raise NotFoundError
    return name, await words.evidence(db, member.hub_id, await journey.one_line(db, urn), ["reviewed"])


def _areas(found: Sequence[Found]) -> list[tuple[str, str]]:
    """The five, and what a hub's own form has beside them."""
    known = {one.key: one.label for one in AREAS}
    own = sorted({one.key for one in found} - set(known))
    return [*known.items(), *((key, key.replace("_", " ").capitalize()) for key in own)]


def _stands(one: Found) -> str:
    said = str(one.facts.get("stands") or "")
    return STAND_NAMES.get(said, said)


def _area(member: Member, key: str, name: str, found: Sequence[Found], told: Mapping[uuid.UUID, Readable]) -> AreaLine:
    said = tuple(_said(member, one, told.get(one.version_id)) for one in found)
    return AreaLine(key, name, next((one.stands for one in said if one.stands), ""), said)


def _said(member: Member, one: Found, readable: Readable | None) -> AreaSaid:
    texts = _texts(one.key, readable) if readable else {}
    href = f"/hubs/{member.hub_code}/events/{one.event_id}/note"
    return AreaSaid(
        day=one.day,
        when=spoken_date(one.day),
        stands=_stands(one),
        evidence=texts.get("evidence", ""),
        next_step=texts.get("next_step", ""),
        href="" if readable is None else href if readable.whole else f"{href}/summary",
        silence="" if readable else "The evidence is in the record, for those who may read it.",
    )


def _texts(area: str, readable: Readable) -> dict[str, str]:
    """What the record says of this area, by the names of its boxes."""
    fields = {one.key for one in readable.form.fields() if one.feeds == "areas"}
    texts = {}
    for one in readable.places:
        path = read(one.path)
        if path and path.field in fields and path.item == area and isinstance(one.value, str):
            texts[path.part] = one.value
    return texts

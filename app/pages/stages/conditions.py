"""System conditions of a school: its reviews, on pages and in visits' records, and one of them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.notes.defaults_visit import CONDITIONS, IN_PLACE, LEVERS
from app.domain.notes.paths import read
from app.domain.stages.conditions import JUDGED, QUESTIONS
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken_date
from app.pages.stages.barriers import BarrierLine, line_of
from app.pages.stages.now import may_at
from app.store.notes import reads
from app.store.stages import barriers, conditions, journey, words
from app.store.stages.conditions import ReviewRow
from app.store.stages.words import Found, Readable

CSV_HEADER = ("Day", "Where it sits", "Supports or blocks", "Kept")
TONES = {"supports": "green", "blocks": "red"}
SHORT = {"supports": "Supports", "blocks": "Blocks"}


@dataclass(frozen=True, slots=True)
class LeverTold:
    """A lever in one review; `because` is empty for whoever may not read the record that says it."""

    lever: str
    word: str
    tone: str
    because: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review: when, by whom with whom, its levers, and where it is kept."""

    day: date
    when: str
    by: str
    levers: tuple[LeverTold, ...]
    href: str
    kept: str
    silence: str


@dataclass(frozen=True, slots=True)
class ConditionsPage:
    """The reviews of a school, the latest first."""

    template: ClassVar[str] = "stages/conditions.html"
    home: str
    school_href: str
    journey_href: str
    name: str
    reviews: tuple[ReviewLine, ...]
    new_href: str
    csv_href: str


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """A condition or a question with what was said."""

    asks: str
    word: str
    says: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One review."""

    template: ClassVar[str] = "stages/conditions_one.html"
    home: str
    name: str
    school_href: str
    list_href: str
    when: str
    by: str
    present: str
    levers: tuple[LeverTold, ...]
    conditions: tuple[AnswerTold, ...]
    questions: tuple[AnswerTold, ...]
    barriers: tuple[BarrierLine, ...]


async def load(db: AsyncSession, member: Member, urn: int, now: datetime) -> ConditionsPage:
    """The reviews: six statements; each record that it quotes is noted as read. Raises NotFoundError."""
    name = await journey.known(db, member, urn)
    if name is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/schools/{urn}"
    rows = await conditions.of_school(db, member, urn)
    judged = await words.evidence(db, member.hub_id, [urn], ["judged"])
    told = await words.of_versions(db, member, {one.version_id for one in judged})
    await reads.notes_read(db, member, {one.event_id for one in told.values()}, "page", now)
    lines = [*(_of_page(home, one) for one in rows), *_of_records(home, judged, told)]
    return ConditionsPage(
        home=home,
        school_href=here,
        journey_href=f"{here}/journey",
        name=name,
        reviews=tuple(sorted(lines, key=lambda one: one.day, reverse=True)),
        new_href=f"{here}/conditions/new" if may_at(member, Can.PLAN_SCHOOL, urn) else "",
        csv_href=f"{here}/conditions?format=csv",
    )


async def csv_rows(db: AsyncSession, member: Member, urn: int, now: datetime) -> list[tuple[object, ...]]:
    """Every lever of every review under `CSV_HEADER`: no words. Raises NotFoundError."""
    page = await load(db, member, urn, now)
    return [(one.day, lever.lever, lever.word, one.kept) for one in page.reviews for lever in one.levers]


async def load_one(db: AsyncSession, member: Member, review_id: uuid.UUID, now: datetime) -> ReviewPage:
    """One review with the barriers it found: two statements. Raises NotFoundError."""
    found = await conditions.one(db, member, review_id)
    if found is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    row = found.row
    states = {one.key: one.label for one in IN_PLACE}
    today = in_london(now).date()
    return ReviewPage(
        home=home,
        name=found.school,
        school_href=f"{home}/schools/{row.urn}",
        list_href=f"{home}/schools/{row.urn}/conditions",
        when=spoken_date(row.day),
        by=found.by,
        present=row.present,
        levers=_levers(row.levers),
        conditions=tuple(
            AnswerTold(one.label, states.get(said.get("state", ""), ""), said.get("because", ""))
            for one in CONDITIONS
            if (said := row.conditions.get(one.key))
        ),
        questions=tuple(
            AnswerTold(one.label, "", row.questions[one.key]) for one in QUESTIONS if row.questions.get(one.key)
        ),
        barriers=tuple(line_of(home, one, None, today) for one in await barriers.of_review(db, member, review_id)),
    )


def _levers(said: Mapping[str, Mapping[str, str]]) -> tuple[LeverTold, ...]:
    return tuple(_lever(one.label, said[one.key]) for one in LEVERS if one.key in said)


def _lever(label: str, said: Mapping[str, str]) -> LeverTold:
    judgement = said.get("judgement", "")
    word = SHORT.get(judgement, JUDGED.get(judgement, judgement))
    return LeverTold(label, word, TONES.get(judgement, "grey"), said.get("because", ""))


def _of_page(home: str, one: ReviewRow) -> ReviewLine:
    row = one.row
    return ReviewLine(
        day=row.day,
        when=spoken_date(row.day),
        by=f"{one.by or 'Somebody who has left'}, with {row.present}" if row.present else one.by,
        levers=_levers(row.levers),
        href=f"{home}/conditions/{row.id}",
        kept="Review with leaders",
        silence="",
    )


def _of_records(home: str, judged: Sequence[Found], told: Mapping[uuid.UUID, Readable]) -> list[ReviewLine]:
    """Reviews that visits' records hold, one for each record."""
    by_event: dict[uuid.UUID, list[Found]] = {}
    for one in judged:
        by_event.setdefault(one.event_id, []).append(one)
    return [_of_record(home, found, told.get(found[0].version_id)) for found in by_event.values()]


def _of_record(home: str, found: Sequence[Found], readable: Readable | None) -> ReviewLine:
    because = _because(readable) if readable else {}
    said = {
        one.key: {"judgement": str(one.facts.get("judgement") or ""), "because": because.get(one.key, "")}
        for one in found
    }
    note = f"{home}/events/{found[0].event_id}/note"
    return ReviewLine(
        day=found[0].day,
        when=spoken_date(found[0].day),
        by="",
        levers=_levers(said),
        href="" if readable is None else note if readable.whole else f"{note}/summary",
        kept="In the record of a visit",
        silence="" if any(because.values()) else "Why is in the record, for those who may read it.",
    )


def _because(readable: Readable) -> dict[str, str]:
    fields = {one.key for one in readable.form.fields() if one.feeds == "levers"}
    return {
        path.item: str(one.value)
        for one in readable.places
        if (path := read(one.path)) and path.field in fields and path.part == "because"
    }

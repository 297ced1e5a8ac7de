import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from app.domain.access import No
from app.domain.notes import states
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.evidence import Finding, Happened, agreed, findings, standing
from app.domain.notes.forms import EventKind
from app.domain.notes.states import Answered, Content, Record, Sides, Version

LEAD, TEACHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    path: str
    value: Any
    by: uuid.UUID = TEACHER


def happened(kind: EventKind, **schools: int) -> Happened:
    booked = {LEAD if name == "lead" else TEACHER: urn for name, urn in schools.items()}
    starts, ends = datetime(2026, 11, 26, 9, 15, tzinfo=UTC), datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    return Happened(kind=kind, day=date(2026, 11, 26), starts=starts, ends=ends, urn=900001, schools=booked)


def test_a_meeting_counts_for_its_host_and_for_every_school_that_was_booked() -> None:
    found = findings(DEFAULTS["meeting"], [], happened("meeting", teacher=900002))
    assert [(one.urn, one.kind) for one in found] == [(900001, "met"), (900002, "met")]
    assert found[0].facts == {"day": "2026-11-26", "minutes": 165}


def test_a_visit_shows_areas_levers_and_barriers_of_the_visited_school() -> None:
    content = [
        Place("areas#systems.stands", "developing"),
        Place("areas#systems.evidence", "Books in four classes."),
        Place("areas#vision.evidence", ""),
        Place("levers#schedules.judgement", "blocks"),
        Place("barriers#a.what", "No time to plan together."),
        Place("barriers#a.by", "2027-01-15"),
        Place("minutes", 200),
    ]
    found = findings(DEFAULTS["visit"], content, happened("visit"))
    assert [(one.kind, one.key) for one in found] == [
        ("visited", ""),
        ("reviewed", "systems"),
        ("judged", "schedules"),
        ("blocked", "a"),
    ]
    assert {one.urn for one in found} == {900001}
    assert found[0].facts["minutes"] == 200
    assert found[1].facts == {"stands": "developing", "written": ["evidence", "stands"]}
    assert found[3].facts == {"by": "2027-01-15", "written": ["by", "what"]}  # its words stay in the version


def test_a_barrier_of_a_meeting_is_that_of_its_writers_school_and_a_leaders_is_nobodys() -> None:
    content = [Place("barriers#a.what", "One"), Place("barriers#b.what", "Two", LEAD)]
    found = findings(DEFAULTS["meeting"], content, happened("meeting", teacher=900002))
    assert [(one.urn, one.key) for one in found if one.kind == "blocked"] == [(900002, "a")]


def test_agreement_is_evidence_for_each_school() -> None:
    assert agreed(happened("observation"), [TEACHER, LEAD]) == (
        Finding(900001, "agreed", facts={"by": [str(LEAD), str(TEACHER)]}),
    )


@dataclass
class Row:
    version: int
    superseded_at: datetime | None = None


@dataclass
class Book:
    """A record in memory that does what the deciders say, as the actions do it with rows."""

    record: Record = field(
        default_factory=lambda: Record(
            sides=Sides("observation", LEAD, TEACHER, frozenset({LEAD, TEACHER})), state="open"
        )
    )
    rows: list[Row] = field(default_factory=list)

    def change(self, number: int, **columns: Any) -> None:
        kept = tuple(replace(one, **columns) if one.number == number else one for one in self.record.versions)
        self.record = replace(self.record, versions=kept)

    def supersede(self, number: int) -> None:
        self.change(number, superseded=True)
        for row in self.rows:
            if row.version == number and row.superseded_at is None:
                row.superseded_at = NOW

    def take(self, verb: str) -> None:
        last = self.record.standing
        number = last.number if last else 0
        if verb == "submit":
            self.submit(states.submit(self.record, LEAD, Content()))
        elif verb == "agree" and isinstance(states.agree(self.record, TEACHER, number), states.Agree):
            self.change(number, agreed=True)
            self.rows.append(Row(number))
            self.record = replace(self.record, state="agreed")
        elif verb == "correct" and isinstance(states.correct(self.record, LEAD, "Typing."), states.Correct):
            self.record = replace(self.record, state="correcting")
        elif verb == "withdraw":
            self.withdraw(states.withdraw(self.record, LEAD))

    def submit(self, step: states.Submit | No) -> None:
        if isinstance(step, No):
            return
        if step.supersedes:
            self.supersede(step.supersedes)
        made = Version(number=step.number, rev=step.number, by=LEAD)
        self.record = replace(self.record, state="submitted", versions=(*self.record.versions, made))
        self.rows.append(Row(step.number))

    def withdraw(self, step: states.Withdraw | No) -> None:
        if isinstance(step, No):
            return
        self.change(step.number, answers=(Answered(LEAD, agrees=False, because="", at=NOW),))
        self.supersede(step.number)
        if step.reinstates:
            self.change(step.reinstates, superseded=False)
            for row in self.rows:
                if row.version == step.reinstates:
                    row.superseded_at = None
        self.record = replace(self.record, state=step.state)


@given(st.lists(st.sampled_from(["submit", "agree", "correct", "withdraw"]), max_size=14))
def test_superseded_evidence_never_counts_as_standing(verbs: Sequence[str]) -> None:
    book = Book()
    for verb in verbs:
        book.take(verb)
        stands = book.record.standing
        counted = {row.version for row in standing(book.rows)}
        assert counted == ({stands.number} if stands else set())
        assert len([one for one in book.record.versions if not one.superseded and not one.withdrawn]) <= 1

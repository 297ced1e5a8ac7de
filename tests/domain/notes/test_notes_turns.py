"""Whose turn a record is, how near a gap task's day, and what counts as a theme."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.tasks import nearness
from app.domain.notes.themes import tallies, themes
from app.domain.notes.turns import Record, stand

NAMES = {"lead": "Wilf Brook", "teacher": "Jo Pascoe", "school": "Ash Vale Primary"}


@pytest.mark.parametrize(
    ("kind", "state", "asked", "turn"),
    [
        ("meeting", "open", False, "Wilf Brook submits it when it is finished"),
        ("meeting", "submitted", False, "Anybody who took part to agree"),
        ("visit", "submitted", False, "Somebody of Ash Vale Primary to agree"),
        ("observation", "submitted", False, "Jo Pascoe to agree"),
        ("observation", "submitted", True, "Wilf Brook: a change is asked for"),
        ("observation", "correcting", False, "Wilf Brook submits it again"),
        ("observation", "agreed", False, ""),
    ],
)
def test_a_record_says_whose_turn_it_is(kind: str, state: str, asked: bool, turn: str) -> None:
    assert stand(Record(kind=kind, state=state, asked=asked, **NAMES)).turn == turn


def test_a_task_is_near_in_its_week_and_past_its_day_after_it() -> None:
    today = date(2026, 11, 21)
    days = (None, date(2026, 11, 20), today, date(2026, 11, 28), date(2026, 11, 29))
    assert [nearness(day, today) for day in days] == ["calm", "late", "soon", "soon", "calm"]


@dataclass(frozen=True)
class Choice:
    event_id: uuid.UUID
    field: str
    row: str
    value: Any


def test_themes_count_records_and_only_levers_that_block() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    people = {one: {uuid.uuid4() for _ in range(5)}, other: {uuid.uuid4()}}
    chosen = [
        Choice(one, "big_ideas", "", ["fluency", "variation"]),
        Choice(other, "big_ideas", "", ["variation", "coherence"]),
        Choice(one, "areas", "vision", None),
        Choice(one, "levers", "schedules", "blocks"),
        Choice(one, "levers", "marking", "supports"),
    ]
    found = {
        tally.label: tally.records
        for theme in themes(DEFAULTS.values())
        for tally in tallies(theme, chosen, people)
        if tally.records is not None
    }
    assert found == {"Fluency": 1, "Variation": 2, "Vision and shared culture": 1, "Schedules": 1}

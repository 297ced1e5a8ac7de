"""The system conditions review with a school's leaders: five levers, four conditions, three questions.

What blocks becomes a barrier in the same step. Source: docs/rules/school-plans.md; the words are those of the visit's
form, so that a review in a record and one on a page say the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.notes.defaults_visit import CONDITIONS, IN_PLACE, JUDGEMENTS, LEVERS, VISIT_SECTIONS
from app.domain.notes.forms import Option
from app.domain.stages.barriers import (
    BarrierChange,
    Candidate,
    Days,
    ahead,
    read_owner,
    read_weight,
    words,
)
from app.kit.errors import Fault
from app.kit.typed import Reader, Typed

LONGEST = 2000
LONGEST_PRESENT = 300
EARLIEST = date(2014, 9, 1)
JUDGED = {one.key: one.label for one in JUDGEMENTS}
STANDS = {one.key: one.label for one in IN_PLACE}
QUESTIONS: tuple[Option, ...] = tuple(
    Option(field.key, field.label)
    for section in VISIT_SECTIONS
    if section.key == "conditions"
    for field in section.fields
    if field.kind == "text"
)


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """A review as typed: each lever with a because, each that blocks with the barrier it becomes."""

    day: date
    present: str
    levers: dict[str, dict[str, str]]
    conditions: dict[str, dict[str, str]]
    questions: dict[str, str]
    barriers: tuple[BarrierChange, ...]


def read_review(
    typed: Typed, candidates: Sequence[Candidate], taking_part: Collection[str], today: date
) -> ReviewChange:
    """A review as typed. Raises BadInputError with a fault for each field."""
    form = Reader(typed)
    day = form.read("day", Days(EARLIEST, today).read)
    present = form.read(
        "present", lambda text: words(text, LONGEST_PRESENT, "Say which leaders were there, by their part.")
    )
    levers: dict[str, dict[str, str]] = {}
    barriers: list[BarrierChange] = []
    for lever in LEVERS:
        judged = _lever(form, lever)
        if judged:
            levers[lever.key] = judged
            if judged["judgement"] == "blocks":
                barriers += _barrier(form, lever, judged["because"], candidates, taking_part, today)
    if not levers and not form.faults:
        form.faults.append(
            Fault(f"judgement-{LEVERS[0].key}", "Say of at least one lever whether it supports or blocks.")
        )
    conditions = {one.key: found for one in CONDITIONS if (found := _condition(form, one))}
    questions = {one.key: said for one in QUESTIONS if (said := _text(form, f"question-{one.key}"))}
    form.finish()
    assert day and present  # noqa: S101, PT018  finish() raised otherwise
    return ReviewChange(day, present, levers, conditions, questions, tuple(barriers))


def _lever(form: Reader, lever: Option) -> dict[str, str] | None:
    judgement, because = form.typed.text(f"judgement-{lever.key}"), _text(form, f"because-{lever.key}")
    if judgement not in JUDGED:
        if because:
            said = f"Choose whether {_small(lever.label)} supports or blocks."
            form.faults.append(Fault(f"judgement-{lever.key}", said))
        return None
    if not because:
        said = f"Say why {_small(lever.label)} {'supports' if judgement == 'supports' else 'blocks'}, in a sentence."
        form.faults.append(Fault(f"because-{lever.key}", said))
    return {"judgement": judgement, "because": because}


def _barrier(
    form: Reader,
    lever: Option,
    because: str,
    candidates: Sequence[Candidate],
    taking_part: Collection[str],
    today: date,
) -> list[BarrierChange]:
    end = f"-{lever.key}"
    weight, due = form.read(f"weight{end}", read_weight), form.read(f"due{end}", ahead(today).read)
    owner = read_owner(form.typed, candidates, taking_part, form.faults, end)
    return [BarrierChange(lever.key, because, weight, owner, due)] if weight and due and owner and because else []


def _condition(form: Reader, one: Option) -> dict[str, str]:
    state, because = form.typed.text(f"state-{one.key}"), _text(form, f"why-{one.key}")
    if state in STANDS:
        return {"state": state, "because": because}
    if because:
        form.faults.append(Fault(f"state-{one.key}", "Choose whether it is in place."))
    return {}


def _text(form: Reader, name: str) -> str:
    return form.read(name, lambda text: words(text, LONGEST)) or ""


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def snapshot(new: ReviewChange, review_id: UUID, barriers: Collection[UUID]) -> dict[str, Any]:
    """What the step of a review keeps: choices and ids, no words of anybody."""
    return {
        "review": str(review_id),
        "levers": {key: said["judgement"] for key, said in new.levers.items()},
        "conditions": {key: said["state"] for key, said in new.conditions.items()},
        "barriers": sorted(str(one) for one in barriers),
    }

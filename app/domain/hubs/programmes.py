"""What each stage asks for, as a hub's year begins: data that the hub edits from then on.

Source: docs/rules/programmes.md. Amounts of money are nowhere here: they are each hub's own.
"""

import re
from dataclasses import dataclass

CODE = re.compile(r"[A-Za-z0-9.-]{0,20}")
EVERY_HALF_TERM = (0, 1, 2, 3, 4, 5)
ONCE_A_TERM = (0, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTerms:
    """One stage's template. Half terms count from 0; `least_gap` is in days, `years` in academic years.

    `observation_half_terms`: after the meeting of that half term and before the next.
    """

    kind: str
    name: str
    fewest_schools: int
    most_schools: int
    meetings: int = 6
    visits: int = 0
    visit_half_terms: tuple[int, ...] = ()
    observation_half_terms: tuple[int, ...] = ()
    least_gap: int = 14
    participants: int
    people: str
    led_by: str
    head_attends: str = ""
    years: int = 1
    most_times: int | None = None  # how often one school may take it; None: as often as it wants
    code: str = ""  # the funder's, as claims name it; empty: its kind


DEFAULTS: tuple[ProgrammeTerms, ...] = (
    ProgrammeTerms(
        kind="readiness",
        name="Mastery Readiness",
        fewest_schools=1,
        most_schools=8,
        visits=6,
        visit_half_terms=EVERY_HALF_TERM,
        participants=2,
        people="Maths lead and one more teacher",
        led_by="Mastery Readiness Lead",
        head_attends="the first meeting",
    ),
    ProgrammeTerms(
        kind="development",
        name="Development",
        fewest_schools=6,
        most_schools=7,
        visits=3,
        visit_half_terms=ONCE_A_TERM,
        observation_half_terms=ONCE_A_TERM,
        participants=2,
        people="Two lead participants and the headteacher",
        led_by="Mastery Specialist",
        head_attends="as agreed with the Specialist",
        most_times=1,
    ),
    ProgrammeTerms(
        kind="embedding",
        name="Embedding",
        fewest_schools=4,
        most_schools=8,
        participants=2,
        people="Lead participants and leaders",
        led_by="Mastery Specialist",
    ),
    ProgrammeTerms(
        kind="sustaining",
        name="Sustaining",
        fewest_schools=3,
        most_schools=12,
        participants=1,
        people="One lead participant and others from the school",
        led_by="Mastery Specialist",
    ),
    ProgrammeTerms(
        kind="introductory",
        name="Introductory",
        fewest_schools=6,
        most_schools=12,
        participants=2,
        people="Two participants and an active headteacher",
        led_by="Mastery Specialist",
        head_attends="takes an active part",
        years=2,
    ),
)
KINDS = tuple(terms.kind for terms in DEFAULTS)


def faults_of(terms: ProgrammeTerms) -> dict[str, str]:
    """What is wrong with a template a hub wrote, field by field, in sentences; empty when it can be used."""
    found = {}
    if not terms.name.strip():
        found["name"] = "Give the programme the name your schools know."
    if not 1 <= terms.fewest_schools <= terms.most_schools <= 40:
        found["most_schools"] = "Enter at least as many as the fewest schools, and at most 40."
    if not 0 <= terms.meetings <= 6:
        found["meetings"] = "Enter 0 to 6: at most one meeting in each half term."
    if terms.visits != len(terms.visit_half_terms):
        found["visits"] = f"Choose {terms.visits} half terms for {terms.visits} visits, one for each."
    if not 0 <= terms.participants <= 20:
        found["participants"] = "Enter 0 to 20 people from each school."
    if not 0 <= terms.least_gap <= 60:
        found["least_gap"] = "Enter 0 to 60 days."
    if not 1 <= terms.years <= 10:
        found["years"] = "Enter 1 to 10 years."
    if terms.most_times is not None and not 1 <= terms.most_times <= 20:
        found["most_times"] = "Enter 1 to 20 times, or leave it empty for as often as a school wants."
    if not CODE.fullmatch(terms.code):
        found["code"] = "Use at most 20 letters, figures, hyphens and dots, such as NCP26-11, or leave it empty."
    return found

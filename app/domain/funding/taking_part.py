"""What one school did in one programme in the year, and whether a rate's conditions hold of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.funding.conditions import (
    AgreementSigned,
    EvaluationReceived,
    MeetingsAttended,
    OfTheSchool,
    ProgrammeCompleted,
)
from app.domain.funding.facts import (
    Attended,
    Buckets,
    Completed,
    EvaluationReturned,
    Fact,
    Led,
    NoShow,
    Payee,
    Released,
    Signed,
    Withdrew,
)
from app.domain.funding.families import Families
from app.domain.stages.criteria import times
from app.kit.periods import Span, spoken_date

Key = tuple[Payee, int, str]  # whose school, the number its family is known by, programme


@dataclass(slots=True)
class Part:
    """One school's part in one programme, whatever URN each fact names. `came`: all that happened on a day."""

    urns: set[int] = field(default_factory=set)
    group: str = ""
    first: Fact | None = None
    meetings: dict[str, Fact] = field(default_factory=dict)
    came: list[Fact] = field(default_factory=list)
    signed: Fact | None = None
    evaluation: Fact | None = None
    completed: Fact | None = None
    withdrew: Fact | None = None

    @property
    def left(self) -> Fact | None:
        """That it withdrew and did not complete."""
        return None if self.completed else self.withdrew


def parts(found: Buckets, families: Families, span: Span) -> dict[Key, Part]:
    """Each school's part in each programme; meetings outside the span do not count."""
    held: dict[Key, Part] = {}
    for kind in (Signed, Attended, Led, Released, NoShow, EvaluationReturned, Completed, Withdrew):
        meets = kind in {Attended, Led}
        dated = meets or kind in {Released, NoShow}
        for fact in found.of[kind]:
            if dated and not span.first <= fact.day <= span.last:
                continue
            key = (fact.role, families.of(fact.urn), fact.programme)
            part = held.get(key)
            if part is None:
                part = held[key] = Part(group=fact.group, first=fact)
            part.urns.add(fact.urn)
            part.group = part.group or fact.group
            if dated:
                part.came.append(fact)
            if meets:
                part.meetings.setdefault(fact.thing, fact)
            elif not dated:
                _keep(part, fact)
    return held


def _keep(part: Part, fact: Fact) -> None:
    """The first of each; of withdrawals the last."""
    if isinstance(fact, Signed):
        part.signed = part.signed or fact
    elif isinstance(fact, EvaluationReturned):
        part.evaluation = part.evaluation or fact
    elif isinstance(fact, Completed):
        part.completed = part.completed or fact
    else:
        part.withdrew = fact


def led_parts(bucket: Iterable[Led], of: Mapping[Key, Part], families: Families, span: Span) -> dict[str, Part]:
    """Of the meetings led: one part for each person and Work Group, by a name of its own, with its school's papers."""
    found: dict[str, Part] = {}
    for fact in bucket:
        if not span.first <= fact.day <= span.last:
            continue
        known_as = families.of(fact.urn)
        name = f"{fact.programme}|{known_as}|{fact.group}|{fact.person}"
        part = found.get(name)
        if part is None:
            school = of[fact.role, known_as, fact.programme]
            part = found[name] = replace(school, urns=set(), group=fact.group, first=fact, meetings={}, came=[])
        part.urns.add(fact.urn)
        part.came.append(fact)
        part.meetings.setdefault(fact.thing, fact)
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the conditions hold; `because` says which does not. `since`: when the last came to hold."""

    because: str = ""
    ids: tuple[str, ...] = ()
    since: date | None = None
    said: tuple[str, ...] = ()


def judge(conditions: Iterable[OfTheSchool], part: Part) -> Judged:
    """Each condition of a school against its part, the first that does not hold in a sentence."""
    ids: list[str] = []
    said: list[str] = []
    days: list[date] = []
    for one in conditions:
        lacking = _lacking(one, part)
        if lacking:
            return Judged(because=lacking)
        for fact, words in _shown(one, part):
            if not isinstance(fact, Attended | Led):
                ids.append(fact.id)
            days.append(fact.day)
            said.append(words)
    return Judged(ids=tuple(ids), since=max(days, default=None), said=tuple(said))


def _lacking(one: OfTheSchool, part: Part) -> str:
    if isinstance(one, AgreementSigned):
        return "" if part.signed else "The agreement is not signed."
    if isinstance(one, EvaluationReceived):
        return "" if part.evaluation else "The evaluation is not returned."
    if isinstance(one, ProgrammeCompleted):
        return "" if part.completed else "The programme is not completed."
    came = len(part.meetings)
    return "" if came >= one.least else f"Attended {came} of the {one.least} needed (of {times(one.of, 'meeting')})."


def _shown(one: OfTheSchool, part: Part) -> Iterator[tuple[Fact, str]]:
    if isinstance(one, MeetingsAttended):
        enough = sorted(part.meetings.values(), key=lambda fact: (fact.day, fact.id))[: max(one.least, 0)]
        yield from ((last, f"{len(part.meetings)} of {times(one.of, 'meeting')} attended") for last in enough[-1:])
    elif isinstance(one, AgreementSigned) and part.signed:
        yield part.signed, f"agreement signed on {spoken_date(part.signed.day)}"
    elif isinstance(one, EvaluationReceived) and part.evaluation:
        yield part.evaluation, f"evaluation returned on {spoken_date(part.evaluation.day)}"
    elif part.completed:
        yield part.completed, f"completed on {spoken_date(part.completed.day)}"

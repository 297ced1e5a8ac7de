"""What a hub knows of who signed up and who can lead, and the forming problem it makes (docs/rules/forming.md)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.domain.schedule.facts import PersonFacts, day_values, person_values
from app.domain.schedule.forming import FORMAT, OLDEST
from app.domain.stages.forming_pins import NONE, Pins
from app.kit.errors import BadInputError, Fault
from app.kit.periods import Span, spoken_year

A_YEAR = timedelta(days=364)  # as many weeks: weekdays stay what they are
SPECIALISTS_LEAD_NOT = "readiness"  # Mastery Readiness Leads do (docs/rules/programmes.md)
NAMED = 3  # schools that a sentence names before it counts the rest


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme of the year: sizes of its groups, the half terms in which they meet."""

    kind: str
    name: str
    fewest: int
    most: int
    half_terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComingFacts:
    """A school that comes and is in no group yet; without a calendar of its own `half_terms` are empty."""

    urn: int
    name: str
    kind: str
    at: tuple[int, int] | None
    half_terms: tuple[Span, ...]
    closed: frozenset[date]
    years: frozenset[int]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeaderFacts:
    """Who can lead so many groups more than they lead already, of these kinds of programme (none: of all)."""

    person: str
    most: int
    kinds: frozenset[str]
    base_urn: int | None


@dataclass(frozen=True, slots=True)
class UsualFacts:
    """The term dates that most schools keep; `year` is the one before where the year's own are not there yet."""

    year: int
    half_terms: tuple[Span, ...]
    closed: frozenset[date]


@dataclass(frozen=True, slots=True)
class FormingFacts:
    """Everything that groups of a year are formed from."""

    year: int
    closures: frozenset[date]
    programmes: tuple[ProgrammeFacts, ...]
    schools: tuple[ComingFacts, ...]
    people: tuple[PersonFacts, ...]
    leaders: tuple[LeaderFacts, ...]
    usual: UsualFacts | None = field(default=None)


def years_of(low_age: int | None, high_age: int | None) -> frozenset[int]:
    """The year groups of a school by its ages (0 is Reception); none where GIAS does not say them."""
    if low_age is None or high_age is None:
        return frozenset()
    return frozenset(range(min(max(0, low_age - 4), OLDEST), min(high_age - 5, OLDEST) + 1))


def half_terms_of(meetings: int) -> tuple[int, ...]:
    """The half terms in which so many meetings a year are held, spread evenly; all six where none is said."""
    return tuple(6 * number // meetings for number in range(meetings)) if 0 < meetings < 6 else (0, 1, 2, 3, 4, 5)


def keys(schools: Iterable[ComingFacts]) -> dict[str, ComingFacts]:
    """How the problem names schools: by URN, with the kind of programme where one comes for a second."""
    found: dict[str, ComingFacts] = {}
    for one in schools:
        key = f"s{one.urn}"
        found[key if key not in found else f"{key}:{one.kind}"] = one
    return found


def lacking(facts: FormingFacts) -> tuple[Fault, ...]:
    """What must be known before groups can be tried; each fault says where to put it right."""
    faults, year = [], spoken_year(facts.year)
    kinds = {one.kind for one in facts.programmes}
    if not facts.programmes:
        faults.append(Fault("year", f"Open {year} first, under Years: it has no programmes yet."))
    elif not any(one.kind in kinds for one in facts.schools):
        faults.append(Fault("schools", f"No school that comes into {year} waits for a Work Group."))
    if not any(one.most for one in facts.leaders):
        because = "Nobody can lead a Work Group more. Say under Mastery Specialists who leads, and how many."
        faults.append(Fault("leaders", because))
    if facts.usual is None and any(not one.half_terms for one in facts.schools):
        faults.append(Fault("calendars", f"There are no term dates for {year}, nor for the year before. Add them."))
    return tuple(faults)


def problem(facts: FormingFacts, pins: Pins = NONE) -> dict[str, Any]:
    """The problem as plain JSON values; raises BadInputError when facts are lacking."""
    faults = lacking(facts)
    if faults:
        raise BadInputError("Groups cannot be formed yet.", faults)
    kinds = {one.kind for one in facts.programmes}
    schools = {key: one for key, one in keys(facts.schools).items() if one.kind in kinds}
    fits = pins.among(schools, {one.person for one in facts.leaders})
    bases = _bases(facts)
    wanted = {who for one in schools.values() for who in one.people} | {one.person for one in facts.leaders}
    return {
        "format": FORMAT,
        "closures": day_values(facts.closures),
        "programmes": [_programme(one) for one in facts.programmes],
        "schools": [_school(facts, key, one, own=one.urn in bases, pins=fits) for key, one in schools.items()],
        "people": [person_values(one) for one in facts.people if one.id in wanted],
        "specialists": [
            {
                "person": one.person,
                "most": fits.most.get(one.person, one.most),
                "programmes": sorted(one.kinds & kinds),
            }
            for one in facts.leaders
            if not one.kinds or one.kinds & kinds
        ],
        "together": [list(each) for each in fits.together],
        "apart": [list(each) for each in fits.apart],
        "led_by": [{"school": school, "leader": leader} for school, leader in fits.led_by],
    }


def _bases(facts: FormingFacts) -> set[int]:
    """Schools that have somebody of their own who leads groups of other kinds than Readiness."""
    return {one.base_urn for one in facts.leaders if one.base_urn and one.most and one.kinds != {SPECIALISTS_LEAD_NOT}}


def _programme(one: ProgrammeFacts) -> dict[str, Any]:
    return {"id": one.kind, "fewest": one.fewest, "most": one.most, "half_terms": list(one.half_terms)}


def _school(facts: FormingFacts, key: str, one: ComingFacts, *, own: bool, pins: Pins) -> dict[str, Any]:
    usual = facts.usual
    spans, closed = one.half_terms, one.closed
    if usual and not spans:
        later = A_YEAR * (facts.year - usual.year)
        spans = tuple(Span(span.first + later, span.last + later) for span in usual.half_terms)
        closed = one.closed | {day + later for day in usual.closed}
    return {
        "id": key,
        "programme": one.kind,
        "at": list(one.at) if one.at else None,
        "half_terms": [[span.first.isoformat(), span.last.isoformat()] for span in spans],
        "closed": day_values(closed),
        "years": sorted(one.years),
        "people": list(one.people),
        "own_specialist": own,
        "asked": key in pins.asked,
        "may_wait": key in pins.may_wait,
    }


def names(facts: FormingFacts) -> dict[str, str]:
    """What people call the things that the problem names by ids."""
    programmes = {one.kind: one.name for one in facts.programmes}
    return {
        **programmes,
        **{one.id: one.name for one in facts.people},
        **{
            key: one.name if ":" not in key else f"{one.name} ({programmes.get(one.kind, one.kind)})"
            for key, one in keys(facts.schools).items()
        },
    }


def told(facts: FormingFacts, made: Mapping[str, Any]) -> list[str]:
    """What was assumed for want of facts, and who is left out, one sentence each."""
    called, said = names(facts), []
    year, usual = spoken_year(facts.year), facts.usual
    known = {one["id"] for one in made["schools"]}
    without = [one.name for one in facts.schools if not one.half_terms]
    if without and usual and usual.year != facts.year:
        lent = spoken_year(usual.year)
        said.append(f"{_several(without)} {_have(without)} no term dates for {year} yet: those of {lent} count.")
    elif without:
        said.append(f"{_several(without)} {_have(without)} no term dates for {year} yet: those that most keep count.")
    left = [called[one["id"]] for one in made["schools"] if one["own_specialist"] and not one["asked"]]
    if left:
        said.append(f"{_several(left)} {_have(left)} a Mastery Specialist of {_own(left)}: left out unless you ask.")
    unnamed = sum(not one["people"] for one in made["schools"])
    if unnamed:
        schools = "1 school" if unnamed == 1 else f"{unnamed} schools"
        said.append(f"Who comes is not known yet for {schools}: any day on which a school is open suits it.")
    other = [one.name for key, one in keys(facts.schools).items() if key not in known]
    if other:
        said.append(f"{_several(other)} {'comes' if len(other) == 1 else 'come'} for a programme that {year} lacks.")
    return [*said, *_leaders_told(facts, made)]


def _leaders_told(facts: FormingFacts, made: Mapping[str, Any]) -> list[str]:
    leads = {one["person"] for one in made["specialists"] if one["most"]}
    people = [one for one in facts.people if one.id in leads]
    idle = [one.name for one in people if not any(one.works.values())]
    lost = [one.name for one in people if one.at is None]
    said = [f"No working days are set for {_several(idle)}: they can lead on no day."] if idle else []
    if lost:
        said.append(f"Nobody knows where {_several(lost)} {'starts' if len(lost) == 1 else 'start'}: 30 minutes a way.")
    return said


def _several(names: Collection[str]) -> str:
    """A, B, C and 4 more."""
    ordered = sorted(names)
    if len(ordered) <= NAMED:
        return ", ".join(ordered[:-1]) + (" and " if len(ordered) > 1 else "") + ordered[-1]
    return f"{', '.join(ordered[:NAMED])} and {len(ordered) - NAMED} more"


def _have(names: Collection[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _own(names: Collection[str]) -> str:
    return "its own" if len(names) == 1 else "their own"

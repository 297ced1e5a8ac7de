"""What somebody ticked of a year that is copied forward, and what is written then: all of it or nothing."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.hubs.programmes import ProgrammeTerms
from app.domain.meetings import copying
from app.domain.meetings.copying import Listed, NewYear, OldGroup, OldYear
from app.domain.meetings.groups import LONGEST_CODE, GroupChange, SeriesChange, TakerChange
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Typed

CHECK = "Look at what is marked below."
ANEW = "Somebody changed one of the two years while you had this page open. Look at it once more, then copy."
NOTHING = "Tick at least one thing to copy."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was ticked: kinds of programmes, new codes of Work Groups by the old group's id, (old group, URN).

    `leaders` are who leads a group whose leader has left, by the old group's id.
    """

    settings: bool
    weekdays: bool
    people: bool
    visits: bool
    others: bool
    programmes: frozenset[str]
    groups: Mapping[str, str]
    schools: frozenset[str]
    leaders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A Work Group to be made; its programme is the new year's of that kind."""

    kind: str
    change: GroupChange
    schools: tuple[int, ...]
    takers: tuple[TakerChange, ...]
    visits: tuple[tuple[int, SeriesChange], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """What is written: settings or not, programmes, Work Groups, and schools with the calendar they keep."""

    settings: bool
    programmes: tuple[ProgrammeTerms, ...]
    groups: tuple[NewGroup, ...]
    schools: tuple[tuple[Listed, uuid.UUID | None], ...]


def school_key(group_id: uuid.UUID, urn: int) -> str:
    """How a tick names a school of a Work Group."""
    return f"{group_id} {urn}"


def everything(old: OldYear, new: NewYear) -> Wanted:
    """All that is offered: what is ticked at first."""
    groups = [group for group in old.groups if not copying.why_no_group(group, old, new)]
    return Wanted(
        settings=not copying.why_no_settings(old, new),
        weekdays=True,
        people=True,
        visits=True,
        others=bool(others(old, new)),
        programmes=frozenset(kind for kind in old.programmes if not copying.why_no_programme(old, new, kind)),
        groups={str(group.id): copying.next_name(group.change.code, old.year) for group in groups},
        schools=frozenset(
            school_key(group.id, school.urn)
            for group in groups
            for school in group.schools
            if not copying.why_no_school(school, group.kind, new)
        ),
    )


def others(old: OldYear, new: NewYear) -> tuple[Listed, ...]:
    """Open schools of the old year that are in no Work Group and not in the new year's list."""
    inside = {school.urn for group in old.groups for school in group.schools}
    return tuple(
        one for urn, one in old.schools.items() if one.is_open and urn not in inside and urn not in new.schools
    )


def read_wanted(typed: Typed) -> Wanted:
    """What was ticked on the page."""
    groups = typed.every("group")
    return Wanted(
        settings=typed.text("settings") == "yes",
        weekdays=typed.text("weekdays") == "yes",
        people=typed.text("people") == "yes",
        visits=typed.text("visits") == "yes",
        others=typed.text("others") == "yes",
        programmes=frozenset(typed.every("programme")),
        groups={key: " ".join(typed.text(f"code_{key}").split()) for key in groups},
        leaders={key: typed.text(f"leader_{key}") for key in groups},
        schools=frozenset(typed.every("school")),
    )


def decide(old: OldYear, new: NewYear, wanted: Wanted) -> Copy:
    """What is to be written.

    Raises BadInputError for codes and when nothing is ticked, ConflictError when something ticked is not offered.
    """
    groups = [group for group in old.groups if str(group.id) in wanted.groups]
    _refuse_what_is_not_offered(old, new, wanted, groups)
    faults = (*_faults(new, wanted), *_without_leader(new, wanted, groups))
    if faults:
        raise BadInputError(CHECK, faults)
    made = tuple(_group(group, old, new, wanted) for group in groups)
    missing = {group.kind for group in groups} - new.programmes.keys()
    kinds = [kind for kind in old.programmes if kind in wanted.programmes | missing]
    urns = {urn for group in made for urn in group.schools} - new.schools
    listed = [old.schools[urn] for urn in sorted(urns) if urn in old.schools]
    listed += others(old, new) if wanted.others else ()
    copy = Copy(
        settings=wanted.settings,
        programmes=tuple(old.programmes[kind] for kind in kinds),
        groups=made,
        schools=tuple((one, copying.calendar_for(one, old, new)) for one in listed),
    )
    if not (copy.settings or copy.programmes or copy.groups or copy.schools):
        raise BadInputError(CHECK, (Fault("groups", NOTHING),))
    return copy


def _refuse_what_is_not_offered(old: OldYear, new: NewYear, wanted: Wanted, groups: list[OldGroup]) -> None:
    offered = everything(old, new)
    taken = frozenset(key for key in wanted.schools if key.partition(" ")[0] in wanted.groups)
    if (
        len(groups) < len(wanted.groups)
        or wanted.groups.keys() - offered.groups.keys()
        or taken - offered.schools
        or wanted.programmes - offered.programmes
        or (wanted.settings and not offered.settings)
    ):
        raise ConflictError(ANEW)


def _faults(new: NewYear, wanted: Wanted) -> tuple[Fault, ...]:
    many = Counter(code.lower() for code in wanted.groups.values())
    faults = []
    for key, code in wanted.groups.items():
        because = ""
        if not code or len(code) > LONGEST_CODE:
            because = f"Give the Work Group a code of at most {LONGEST_CODE} characters."
        elif code.lower() in new.codes:
            because = f"There is a Work Group {code} in {spoken_year(new.year)} already: choose another code."
        elif many[code.lower()] > 1:
            because = f"Two of the Work Groups would have the code {code}: choose another."
        if because:
            faults.append(Fault(f"code_{key}", because))
    return tuple(faults)


def _without_leader(new: NewYear, wanted: Wanted, groups: list[OldGroup]) -> tuple[Fault, ...]:
    because = "Choose who leads the Work Group: whoever led it has left."
    return tuple(
        Fault(f"leader_{group.id}", because)
        for group in groups
        if not group.leader_stays and wanted.leaders.get(str(group.id), "") not in set(map(str, new.leaders))
    )


def _group(group: OldGroup, old: OldYear, new: NewYear, wanted: Wanted) -> NewGroup:
    schools = [
        school
        for school in group.schools
        if school_key(group.id, school.urn) in wanted.schools and school.urn in old.schools
    ]
    urns = tuple(school.urn for school in schools)
    key = str(group.id)
    leader = group.change.leader_id if group.leader_stays else uuid.UUID(wanted.leaders[key])
    change = replace(group.change, code=wanted.groups[key], leader_id=leader)
    visits = [(school.urn, copying.copied_visits(school, leader, new)) for school in schools if wanted.visits]
    return NewGroup(
        kind=group.kind,
        change=copying.copied_group(group, change, schools=urns, keep_weekday=wanted.weekdays),
        schools=urns,
        takers=tuple(
            TakerChange(taker.id, school.urn, taker.role)
            for school in schools
            for taker in school.takers
            if wanted.people and taker.stays
        ),
        visits=tuple((urn, change) for urn, change in visits if change),
    )

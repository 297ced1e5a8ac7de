"""What of a year goes into the next: codes, weekdays, what is left out and why, and all or nothing."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.hubs.programmes import DEFAULTS
from app.domain.meetings.copying import (
    Listed,
    NewYear,
    OldGroup,
    OldSchool,
    OldTaker,
    OldVisits,
    OldYear,
    kept_weekday,
    next_name,
    notes_of,
    preferring,
    why_no_group,
    why_no_programme,
    why_no_school,
    why_no_settings,
)
from app.domain.meetings.copying_choice import decide, everything, school_key
from app.domain.meetings.groups import GroupChange, SeriesChange
from app.kit.errors import BadInputError, ConflictError

LEADER, TEACHER, GONE, CALENDAR, GROUP = (uuid.UUID(int=n) for n in range(1, 6))
THURSDAY = date(2026, 9, 24)
DEVELOPMENT = next(terms for terms in DEFAULTS if terms.kind == "development")


def a_change(**values: object) -> GroupChange:
    none = (None, None, None, None)
    made = GroupChange("NCP26-01", "South", uuid.UUID(int=9), LEADER, (0, 2, 4), 21, (0,) * 5, 100, False, "", none)  # noqa: FBT003
    return replace(made, **values)  # type: ignore[arg-type]


def a_school(urn: int = 100, **values: object) -> OldSchool:
    takers = (OldTaker(TEACHER, "Ann", "maths lead", True), OldTaker(GONE, "Bea", "teacher", False))  # noqa: FBT003
    visits = OldVisits(SeriesChange(GONE, (0, 2), 14), "Bea", stays=False)
    return replace(OldSchool(urn, f"School {urn}", True, takers, visits), **values)  # type: ignore[arg-type]  # noqa: FBT003


def a_group(**values: object) -> OldGroup:
    made = OldGroup(GROUP, a_change(), "development", "Lee", True, (a_school(), a_school(101)))  # noqa: FBT003
    return replace(made, **values)  # type: ignore[arg-type]


def listed(urn: int) -> Listed:
    return Listed(urn, f"School {urn}", True, "Devon 2026/27", {"mon": ["am"]}, True, 2, 3, (), "")  # noqa: FBT003


def an_old_year(*groups: OldGroup) -> OldYear:
    schools = {urn: listed(urn) for urn in (100, 101, 102)}
    return OldYear(2026, 8, {"meeting_edge": 20}, {"development": DEVELOPMENT}, groups or (a_group(),), schools)


def a_new_year(**values: object) -> NewYear:
    programmes = {"development": (DEVELOPMENT, 1)}
    made = NewYear(2027, False, None, {}, programmes, frozenset(), {}, {}, {}, frozenset(), {TEACHER: "Ann"})  # noqa: FBT003
    return replace(made, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "coming"),
    [
        ("NCP26-D01", "NCP27-D01"),
        ("NCP26-26", "NCP27-26"),
        ("Devon 2026/27", "Devon 2027/28"),
        ("Devon 2026-2027", "Devon 2027-2028"),
        ("G-2026-3", "G-2027-3"),
        ("Group 126", "Group 126"),
        ("South", "South"),
    ],
)
def test_a_code_is_that_of_the_next_year(name: str, coming: str) -> None:
    assert next_name(name, 2026) == coming


def test_the_weekday_of_all_meetings_or_of_the_pinned_ones_is_preferred() -> None:
    weeks = [THURSDAY + timedelta(weeks=6 * n) for n in range(3)]
    assert kept_weekday(a_group(meetings=tuple((day, False) for day in weeks))) == 3
    mixed = (*((day, True) for day in weeks), (THURSDAY + timedelta(1), False))
    assert kept_weekday(a_group(meetings=mixed)) == 3
    assert kept_weekday(a_group(meetings=((THURSDAY, False), (THURSDAY + timedelta(1), False)))) is None
    assert kept_weekday(a_group(meetings=((THURSDAY, False),))) is None
    assert preferring((5, 0, 0, 0, 15), 3) == (5, 5, 5, 0, 15)


def test_what_is_left_out_says_why() -> None:
    old, new = an_old_year(), a_new_year()
    assert why_no_group(a_group(), old, new) == ""
    assert "NCP27-01 already" in why_no_group(a_group(), old, a_new_year(codes=frozenset({"ncp27-01"})))
    assert why_no_school(a_school(is_open=False), "development", new) == "The school has closed."
    there = a_new_year(members={("development", 100): "X1"})
    assert why_no_school(a_school(), "development", there) == "It is in X1 in 2027/28 already."
    assert why_no_programme(old, new, "development") == "It is the same already."
    changed = a_new_year(programmes={"development": (replace(DEVELOPMENT, meetings=5), 2)})
    assert "changed for 2027/28 already" in why_no_programme(old, changed, "development")
    assert why_no_programme(old, a_new_year(programmes={}), "development") == ""
    assert why_no_settings(old, new) == ""
    assert "settings of its own" in why_no_settings(old, a_new_year(is_open=True, meetings_per_day=4))
    others = a_new_year(calendars={"cornwall 2027/28": CALENDAR})
    assert notes_of(a_school(), old, others) == (
        "Bea has left and is left out.",
        "Bea, who visits it, has left: its visits go to the leader of the group.",
        "It has no calendar for 2027/28 yet.",
    )
    assert "calendar" not in " ".join(notes_of(a_school(), old, new)), "the page says it once of all"
    known = a_new_year(calendars={"devon 2027/28": CALENDAR}, visited={100: "X1"})
    assert notes_of(a_school(), old, known)[1:] == ("Its visits are with X1 already.",)


def test_everything_offered_is_written_with_people_who_stay_and_visits_of_whoever_is_left() -> None:
    old, new = an_old_year(), a_new_year(calendars={"devon 2027/28": CALENDAR})
    copy = decide(old, new, everything(old, new))
    [group] = copy.groups
    assert (group.change.code, group.change.half_terms, group.change.first_host) == ("NCP27-01", (0, 2, 4), 100)
    assert [taker.person_id for taker in group.takers] == [TEACHER, TEACHER]
    assert [(urn, change.visitor_id) for urn, change in group.visits] == [(100, LEADER), (101, LEADER)]
    assert [(one.urn, calendar) for one, calendar in copy.schools] == [(n, CALENDAR) for n in (100, 101, 102)]
    assert (copy.settings, copy.programmes) == (True, ())


def test_a_school_that_is_not_ticked_stays_behind_with_its_people_and_its_turn_as_first_host() -> None:
    old, new = an_old_year(), a_new_year()
    wanted = replace(everything(old, new), schools=frozenset({school_key(GROUP, 101)}), others=False)
    [group] = decide(old, new, wanted).groups
    assert (group.schools, group.change.first_host) == ((101,), None)
    assert {taker.urn for taker in group.takers} == {101}


def test_a_group_whose_leader_has_left_waits_until_somebody_is_chosen() -> None:
    old, new = an_old_year(a_group(leader_stays=False)), a_new_year()
    wanted = everything(old, new)
    for nobody in ("", str(GONE), "x"):
        with pytest.raises(BadInputError) as refused:
            decide(old, new, replace(wanted, leaders={str(GROUP): nobody}))
        assert refused.value.faults[0].path == f"leader_{GROUP}"
    [group] = decide(old, new, replace(wanted, leaders={str(GROUP): str(TEACHER)})).groups
    assert group.change.leader_id == TEACHER
    assert {change.visitor_id for _, change in group.visits} == {TEACHER}


def test_codes_in_use_or_twice_are_refused_beside_their_field_and_nothing_ticked_too() -> None:
    second = uuid.UUID(int=77)
    old = an_old_year(a_group(), a_group(id=second, change=a_change(code="NCP26-02")))
    new = a_new_year(codes=frozenset({"taken"}))
    for codes, because in (
        (("Taken", "B"), "There is a Work Group Taken in 2027/28 already"),
        (("same", "SAME"), "Two of the Work Groups would have the code"),
        (("", "B"), "Give the Work Group a code"),
    ):
        groups = dict(zip((str(GROUP), str(second)), codes, strict=True))
        with pytest.raises(BadInputError) as refused:
            decide(old, new, replace(everything(old, new), groups=groups))
        assert refused.value.faults[0].because.startswith(because)
        assert refused.value.faults[0].path == f"code_{GROUP}"
    none = replace(everything(old, new), settings=False, others=False, groups={}, schools=frozenset())
    with pytest.raises(BadInputError):
        decide(old, new, none)


def test_what_is_not_offered_any_more_is_refused_whole() -> None:
    old, new = an_old_year(), a_new_year()
    wanted = everything(old, new)
    for changed in (
        a_new_year(codes=frozenset({"ncp27-01"})),
        a_new_year(members={("development", 100): "X1"}),
        a_new_year(is_open=True, meetings_per_day=4),
    ):
        with pytest.raises(ConflictError):
            decide(old, changed, wanted)
    with pytest.raises(ConflictError):
        decide(old, new, replace(wanted, groups={str(uuid.UUID(int=5_000)): "X"}))

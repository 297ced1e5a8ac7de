import uuid
from dataclasses import replace
from datetime import date

from app.domain.access import Member, Role
from app.pages.home.needs import Known, needs
from app.store.home import Gaps, Plan, Standing

LEAD = Member(uuid.uuid4(), "SW", "South West", uuid.uuid4(), "Rowan Patel", frozenset({Role.HUB_LEAD}))
DONE = Gaps(
    schools=7,
    without_calendar=0,
    without_maths=0,
    groups=1,
    without_schools=0,
    without_people=0,
    without_meetings=0,
)


def said(known: Known, member: Member = LEAD) -> list[tuple[str, str]]:
    return [(need.says, need.href) for need in needs(known, member)]


def test_nothing_waits_when_everything_is_done() -> None:
    assert said(Known("2026/27", gaps=DONE, plan=Plan(uuid.uuid4(), "accepted"))) == []


def test_an_empty_hub_begins_with_its_schools() -> None:
    empty = replace(DONE, schools=0, groups=0)
    assert said(Known("2026/27", gaps=empty)) == [("No school works with the hub yet.", "/hubs/SW/imports")]


def test_what_the_planner_would_miss_is_counted() -> None:
    lacking = replace(DONE, without_calendar=1, without_maths=3, without_meetings=1)
    assert [text for text, _ in said(Known("2026/27", gaps=lacking))] == [
        "1 Work Group has no dates yet.",
        "1 school has no term dates.",
        "3 schools that host have no maths lesson to watch.",
    ]


def test_a_plan_whose_dates_are_held_leads_to_who_can_come() -> None:
    plan = Plan(uuid.uuid4(), "ready", date(2026, 12, 7))
    held = [("Dates of 2026/27 are held while people answer.", f"/hubs/SW/proposals/{plan.id}/answers")]
    assert said(Known("2026/27", gaps=DONE, plan=plan)) == held
    (need,) = needs(Known("2026/27", gaps=DONE, plan=replace(plan, cannot=2)), LEAD)
    assert (need.when, need.urgency) == ("Until Monday 7 December 2026. 2 refusals wait for you.", "soon")


def test_a_plan_that_is_ready_or_failed_is_named_first() -> None:
    plan = Plan(uuid.uuid4(), "ready")
    assert said(Known("2026/27", gaps=DONE, plan=plan)) == [
        ("A plan for 2026/27 is ready.", f"/hubs/SW/proposals/{plan.id}")
    ]
    failed = said(Known("2026/27", gaps=replace(DONE, without_calendar=2), plan=Plan(uuid.uuid4(), "impossible")))
    assert failed[0][0] == "No plan was found for 2026/27."


def test_what_is_overdue_comes_before_all_else() -> None:
    known = Known("2026/27", gaps=replace(DONE, without_people=2), overdue=(Standing("visit", 6, 1, 1),))
    assert said(known)[0] == ("1 visit is over and not marked as held.", "/hubs/SW/visits?status=missed")


def test_whoever_has_no_feed_is_told_how_to_get_one() -> None:
    teacher = replace(LEAD, roles=frozenset({Role.PARTICIPANT}))
    assert said(Known("2026/27", subscribed=False), teacher)[0][1] == "/my/calendar"


def test_gap_tasks_near_their_day_are_asked_after_calmly() -> None:
    found = needs(Known("2026/27", tasks=("soon", "late")), LEAD)
    assert [(one.says, one.when, one.href, one.urgency) for one in found] == [
        ("2 gap tasks are yours to try.", "The day you chose is over.", "/my/tasks", "soon")
    ]

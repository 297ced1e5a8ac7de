"""What is open or ahead goes from a school to its successor: each kind by a fixed number of statements."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.store.stages.register_rows import AT

_OPEN = "state IN ('applied', 'agreed', 'active')"
_TWICE = """EXISTS (SELECT FROM enrolment n WHERE n.hub_id = o.hub_id AND n.programme_id = o.programme_id
    AND n.urn = :new AND n.state <> 'withdrawn')"""
_OLD = "hub_id = :hub AND urn = :old"
_YEARS = "year >= (SELECT year FROM at)"
_GROUPS = f"group_id IN (SELECT id FROM work_group WHERE hub_id = :hub AND {_YEARS})"
_AHEAD = "starts_at > (SELECT t FROM at) AND status IN ('tentative', 'confirmed')"


def _sql(*statements: str) -> tuple[Any, ...]:
    return tuple(text(f"WITH {AT} {one}") for one in statements)


# One statement of each kind says what was moved, a row each.
ENROLMENTS = _sql(
    f"""UPDATE stage_move SET urn = :new, version = version + 1 WHERE {_OLD} AND state = 'proposed' AND from_id IN (
        SELECT id FROM enrolment o WHERE {_OLD} AND {_OPEN} AND NOT {_TWICE})""",
    f"""UPDATE enrolment o SET urn = :new, version = version + 1 WHERE {_OLD} AND {_OPEN} AND NOT {_TWICE}
        RETURNING o.id""",
)
DOUBLES = _sql(
    f"""UPDATE stage_move SET state = 'taken_back', settled_at = (SELECT t FROM at), settled_by = :by,
        settled_because = :because, version = version + 1 WHERE {_OLD} AND state = 'proposed' AND from_id IN (
        SELECT id FROM enrolment o WHERE {_OLD} AND {_OPEN} AND {_TWICE})""",
    f"""UPDATE enrolment o SET state = 'withdrawn', withdrawn_on = (SELECT today FROM at), because = :because,
        version = version + 1 WHERE {_OLD} AND {_OPEN} AND {_TWICE} RETURNING o.id""",
)
# Places that somebody took before keep the school that they came from then.
PARTICIPANTS = _sql(
    """UPDATE booking b SET urn = :old FROM event e WHERE e.id = b.event_id AND b.hub_id = :hub AND b.urn IS NULL
        AND e.starts_at <= (SELECT t FROM at) AND (
            EXISTS (SELECT FROM participant p WHERE p.person_id = b.person_id AND p.group_id = e.group_id
                AND p.urn = :old)
            OR (e.group_id IS NULL AND EXISTS (
                SELECT FROM person p WHERE p.id = b.person_id AND p.base_urn = :old)))""",
    f"UPDATE participant SET urn = :new WHERE {_OLD} AND {_GROUPS} RETURNING person_id",
)
DATES = _sql(f"UPDATE event SET urn = :new, version = version + 1 WHERE {_OLD} AND {_AHEAD} RETURNING id")
# Where both are visited the dates ahead join the successor's visits, and the old series plans no more of them.
SERIES = _sql(
    f"""UPDATE event e SET series_id = n.id FROM visit_series o JOIN visit_series n ON n.hub_id = o.hub_id
        AND n.year = o.year AND n.urn = :new WHERE o.hub_id = :hub AND o.urn = :old AND e.series_id = o.id
        AND e.{_AHEAD}""",
    f"""UPDATE visit_series o SET half_terms = coalesce((SELECT array_agg(DISTINCT e.half_term) FROM event e
        WHERE e.series_id = o.id AND e.status <> 'cancelled'), '{{}}') WHERE {_OLD} AND {_YEARS} AND EXISTS (
        SELECT FROM visit_series n WHERE n.hub_id = o.hub_id AND n.year = o.year AND n.urn = :new)""",
    f"""UPDATE visit_series o SET urn = :new WHERE {_OLD} AND {_YEARS} AND NOT EXISTS (
        SELECT FROM visit_series n WHERE n.hub_id = o.hub_id AND n.year = o.year AND n.urn = :new) RETURNING id""",
)
GROUPS = _sql(
    f"UPDATE work_group SET first_host_urn = :new WHERE hub_id = :hub AND first_host_urn = :old AND {_YEARS}",
    f"""UPDATE work_group SET version = version + 1 WHERE {_YEARS} AND id IN (
        SELECT group_id FROM group_school WHERE {_OLD})""",
    f"""DELETE FROM group_school o WHERE {_OLD} AND {_GROUPS} AND EXISTS (
        SELECT FROM group_school n WHERE n.group_id = o.group_id AND n.urn = :new)""",
    f"UPDATE group_school SET urn = :new WHERE {_OLD} AND {_GROUPS} RETURNING group_id",
)
APPROACHES = _sql(
    f"""UPDATE approach o SET declined_on = (SELECT today FROM at), because = :because, version = version + 1
        WHERE {_OLD} AND {_YEARS} AND enrolment_id IS NULL AND declined_on IS NULL AND EXISTS (
            SELECT FROM approach n WHERE n.hub_id = o.hub_id AND n.year = o.year AND n.urn = :new)""",
    f"""UPDATE approach SET urn = :new, version = version + 1 WHERE {_OLD} AND {_YEARS} AND enrolment_id IS NULL
        AND declined_on IS NULL RETURNING id""",
)
PEOPLE = _sql(
    """UPDATE person SET base_urn = :new, version = version + 1
        WHERE hub_id = :hub AND base_urn = :old AND left_on IS NULL RETURNING id"""
)
# A role opens what a school may see: a successor that has its own head gets no second one by the way.
HEADS = _sql(
    f"""UPDATE role_held o SET urn = :new WHERE {_OLD} AND role = 'headteacher'
        AND EXISTS (SELECT FROM person p WHERE p.id = o.person_id AND p.left_on IS NULL)
        AND NOT EXISTS (SELECT FROM role_held n JOIN person p ON p.id = n.person_id WHERE n.hub_id = o.hub_id
            AND n.role = o.role AND n.urn = :new AND p.left_on IS NULL)
        AND NOT EXISTS (SELECT FROM role_held n WHERE n.person_id = o.person_id AND n.role = o.role AND n.urn = :new)
        RETURNING person_id"""
)
INVITATIONS = _sql(
    f"UPDATE joining SET urn = :new WHERE {_OLD} AND state = 'waiting' AND expires_at > (SELECT t FROM at) RETURNING id"
)
BARRIERS = _sql(f"UPDATE barrier SET urn = :new, version = version + 1 WHERE {_OLD} AND state = 'open' RETURNING id")
PLANS = _sql(
    f"""UPDATE plan_action a SET plan_id = n.id, version = a.version + 1 FROM action_plan o JOIN action_plan n
        ON n.hub_id = o.hub_id AND n.year = o.year AND n.urn = :new
        WHERE o.hub_id = :hub AND o.urn = :old AND o.{_YEARS} AND a.plan_id = o.id AND a.state = 'open'""",
    f"""UPDATE action_plan o SET urn = :new, version = version + 1 WHERE {_OLD} AND {_YEARS} AND NOT EXISTS (
        SELECT FROM action_plan n WHERE n.hub_id = o.hub_id AND n.year = o.year AND n.urn = :new) RETURNING id""",
)
# A year in which something has been keeps the old school, which hosts no more; what is only planned goes.
YEARS = _sql(
    f"""INSERT INTO hub_school (id, hub_id, year, urn, calendar_id, maths, hosts, hosted_before, rather_not_host, notes,
            version)
        SELECT gen_random_uuid(), hub_id, year, :new, calendar_id, maths, hosts, hosted_before, rather_not_host, notes,
            1
        FROM hub_school WHERE {_OLD} AND {_YEARS} ON CONFLICT (hub_id, year, urn) DO NOTHING
        RETURNING year""",
    f"""DELETE FROM hub_school o WHERE {_OLD} AND {_YEARS} AND NOT EXISTS (
        SELECT FROM event e WHERE e.hub_id = o.hub_id AND e.urn = o.urn AND e.year = o.year)""",
    f"UPDATE hub_school SET hosts = false, version = version + 1 WHERE {_OLD} AND {_YEARS}",
)
DAYS = _sql(
    f"""DELETE FROM school_day o WHERE {_OLD} AND day >= (SELECT today FROM at) AND EXISTS (
        SELECT FROM school_day n WHERE n.hub_id = o.hub_id AND n.urn = :new AND n.day = o.day)""",
    f"UPDATE school_day SET urn = :new WHERE {_OLD} AND day >= (SELECT today FROM at) RETURNING id",
)
# What was earned stays with the number that was borne then; whoever agrees an adjustment knows who is paid now.
ADJUSTMENTS = _sql(
    f"UPDATE adjustment SET urn = :new, version = version + 1 WHERE {_OLD} AND state = 'proposed' RETURNING id"
)
# In this order: places say where people came from before the people move, dates move before their year is looked at.
ORDER: Mapping[str, tuple[Any, ...]] = {
    "doubles": DOUBLES,
    "enrolments": ENROLMENTS,
    "approaches": APPROACHES,
    "participants": PARTICIPANTS,
    "dates": DATES,
    "series": SERIES,
    "groups": GROUPS,
    "people": PEOPLE,
    "heads": HEADS,
    "invitations": INVITATIONS,
    "barriers": BARRIERS,
    "plans": PLANS,
    "days": DAYS,
    "years": YEARS,
    "adjustments": ADJUSTMENTS,
}


@dataclass(frozen=True, slots=True)
class Going:
    """Which school's things go to which, in which hub, when, by whom, and what is noted where one of two ends."""

    hub_id: uuid.UUID
    old: int
    new: int
    now: datetime
    by: uuid.UUID | None
    because: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The keys of what was moved, by kind; `doubles`: enrolments that ended because the successor has its own."""

    keys: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How much of what."""
        return {what: len(keys) for what, keys in self.keys.items() if keys}


async def move(db: AsyncSession, going: Going) -> Moved:
    """Move all that is open or ahead; the hub must be open, and calendars are told by the caller."""
    told = {
        "hub": going.hub_id,
        "old": going.old,
        "new": going.new,
        "now": going.now,
        "by": going.by,
        "because": going.because,
    }
    await db.flush()
    moved: dict[str, tuple[Any, ...]] = {}
    for what, statements in ORDER.items():
        for statement in statements:
            found = await db.execute(statement, {key: told[key] for key in statement.compile().params})
            if "RETURNING" in statement.text:
                moved[what] = tuple(found.scalars())
    return Moved(moved)

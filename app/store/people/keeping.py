"""What has been kept long enough: counted for a preview, and let go of (domain/people/retention.py says how long)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.people.retention import HOLD, KINDS, last_year, months_of
from app.kit.ids import new_id
from app.models.hubs import Retention
from app.models.people import Person

# An open request keeps what it may be about: rows of its person, and events that they are booked at.
ASKED = "NOT EXISTS (SELECT FROM rights_request r WHERE r.state = 'open' AND r.person_id = {})"
MET = """NOT EXISTS (SELECT FROM rights_request r JOIN booking b ON b.person_id = r.person_id
    WHERE r.state = 'open' AND b.event_id = {})"""


def _year_of(at: str) -> str:
    """The academic year of an instant: eight months before 1 September is 1 January of the same year."""
    return f"extract(year FROM (({at}) AT TIME ZONE 'Europe/London') - interval '8 months')::int"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one kind: where they are, which academic year each belongs to, when it was, and what lets go of them."""

    kind: str
    rows: str
    year: str
    at: str
    act: str

    def chosen(self, key: str) -> str:
        """The keys of rows whose time is over."""
        return f"SELECT {key} {self.rows} AND {self.year} <= :last"


def _rows(kind: str, table: str, at: str, where: str = "true", person: str = "") -> Source:
    """Rows of one table that go whole."""
    name = f'"{table}"'
    kept = f" AND {ASKED.format(f'{name}.{person}')}" if person else ""
    source = Source(
        kind, f"FROM {name} WHERE {name}.hub_id = :hub AND {where}{kept}", _year_of(f"{name}.{at}"), f"{name}.{at}", ""
    )
    return Source(
        kind, source.rows, source.year, source.at, f"DELETE FROM {name} WHERE id IN ({source.chosen(f'{name}.id')})"
    )


def _of_events(kind: str, table: str, where: str, act: str) -> Source:
    """Rows that belong to an event, and go by its academic year; `act` is given the chosen rows' events or keys."""
    name = f'"{table}"'
    rows = f"FROM {name} JOIN event ON event.id = {name}.event_id WHERE {name}.hub_id = :hub AND {where}"
    source = Source(kind, f"{rows} AND {MET.format('event.id')}", "event.year", "event.starts_at", "")
    events = source.chosen(f"{name}.event_id")
    return Source(kind, source.rows, source.year, source.at, act.format(events=events, table=name))


def _of_days(table: str) -> Source:
    """Days of people: kept for the year they lie in."""
    rows = f"FROM {table} WHERE hub_id = :hub AND {ASKED.format(f'{table}.person_id')}"
    year = _year_of("day::timestamptz")
    return Source("answers", rows, year, "day::timestamptz", f"DELETE {rows} AND {year} <= :last")


EVENTS = "ARRAY({events})"
SOURCES = (
    _rows("incoming", "incoming_mail", "came_at", "state = 'settled'", "person_id"),
    _rows("messages", "message", "made_at", "state NOT IN ('waiting', 'gathered')", "person_id"),
    _rows("joinings", "joining", "asked_at", "state <> 'waiting'", "person_id"),
    _rows("imports", "import", "made_at", "status <> 'previewed'"),
    _of_events("photos", "note_photo", "done_at IS NOT NULL", "DELETE FROM {table} WHERE event_id IN ({events})"),
    _of_events(
        "answers",
        "invitation",
        "concat(invitation.because, stand_in_name, stand_in_email) <> ''",
        "UPDATE {table} SET because = '', stand_in_name = '', stand_in_email = '' WHERE event_id IN ({events})",
    ),
    _of_events(
        "answers",
        "attendance",
        "concat(attendance.because, correction) <> ''",
        f"SELECT forget_attendance({EVENTS}, false)",
    ),
    _of_events(
        "answers", "date_answer", "because <> ''", "UPDATE {table} SET because = '' WHERE event_id IN ({events})"
    ),
    _of_days("date_refused"),
    _of_days("away"),
    _rows("reads", "note_read", "last_at", person="person_id"),
    _rows("proposals", "proposal", "made_at", "status IN ('set aside', 'impossible', 'failed')"),
    _rows("proposals", "forming", "made_at", "status IN ('set aside', 'impossible', 'failed')"),
    _of_events(
        "notes",
        "gap_task",
        "concat(what, went) <> ''",
        "UPDATE {table} SET what = '', went = '' WHERE event_id IN ({events})",
    ),
    _of_events(
        "notes",
        "note",
        "EXISTS (SELECT FROM note_op o WHERE o.event_id = \"note\".event_id AND o.value <> 'null')",
        f"SELECT forget_records({EVENTS})",
    ),
    _rows("requests", "rights_request", "settled_at", "state <> 'open'", "person_id"),
    Source(
        "reflections",
        "FROM reflection JOIN person ON person.id = reflection.person_id WHERE reflection.hub_id = :hub "
        "AND person.left_on IS NOT NULL AND " + ASKED.format("person.id"),
        _year_of("person.left_on::timestamptz"),
        "reflection.said_at",
        "DELETE FROM reflection USING person WHERE person.id = reflection.person_id AND reflection.hub_id = :hub AND "
        f"person.left_on IS NOT NULL AND {ASKED.format('person.id')} "
        f"AND {_year_of('person.left_on::timestamptz')} <= :last",
    ),
    Source(
        "people",
        "FROM person WHERE hub_id = :hub AND left_on IS NOT NULL AND erased_at IS NULL AND "
        + ASKED.format("person.id"),
        _year_of("person.left_on::timestamptz"),
        "person.left_on::timestamptz",
        "",  # an action of its own, person by person
    ),
    _of_events("attendance", "attendance", "true", f"SELECT forget_attendance({EVENTS}, true)"),
    _of_events("attendance", "check_in", "true", "DELETE FROM {table} WHERE event_id IN ({events})"),
    _rows("attendance", "certificate", "made_at", person="person_id"),
    Source(
        "trail",
        "FROM trail_entry WHERE hub_id = :hub AND salt IS NOT NULL AND " + ASKED.format("trail_entry.person_id"),
        _year_of("at"),
        "at",
        "SELECT trail_forget(ARRAY(SELECT id FROM trail_entry WHERE hub_id = :hub AND salt IS NOT NULL AND "
        f"{ASKED.format('trail_entry.person_id')} AND {_year_of('at')} <= :last))",
    ),
)
ORDER = {kind.key: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Going:
    """How many rows of one kind and academic year go at the next run, and when the oldest of them was."""

    kind: str
    year: int
    count: int
    oldest: datetime


async def own_months(db: AsyncSession, hub_id: uuid.UUID) -> dict[str, int]:
    """What the hub has set for itself, its hold included."""
    found = await db.execute(select(col(Retention.kind), col(Retention.months)).where(col(Retention.hub_id) == hub_id))
    return {row[0]: row[1] for row in found.all()}


async def set_months(db: AsyncSession, hub_id: uuid.UUID, months: Mapping[str, int]) -> None:
    """Keep the hub's own months of these kinds."""
    for kind, count in months.items():
        row = insert(Retention).values(id=new_id(), hub_id=hub_id, kind=kind, months=count)
        await db.execute(row.on_conflict_do_update(index_elements=["hub_id", "kind"], set_={"months": count}))


async def set_hold(db: AsyncSession, hub_id: uuid.UUID, *, held: bool) -> None:
    """While a hub holds everything, nothing goes by itself."""
    if held:
        await set_months(db, hub_id, {HOLD: 0})
    else:
        await db.execute(delete(Retention).where(col(Retention.hub_id) == hub_id, col(Retention.kind) == HOLD))


def _last(own: Mapping[str, int], today: date) -> dict[str, int]:
    return {kind: last_year(months, today) for kind, months in months_of(own).items()}


async def going(db: AsyncSession, hub_id: uuid.UUID, own: Mapping[str, int], today: date) -> list[Going]:
    """What goes at the next run, by kind and year, whether or not the hub holds it: one statement."""
    last = _last(own, today)
    counted = " UNION ALL ".join(
        f"SELECT '{one.kind}', {one.year}, count(*), min({one.at}) {one.rows} "
        f"AND {one.year} <= :last_{one.kind} GROUP BY 1, 2"
        for one in SOURCES
    )
    named = "some_rows (kind, year, count, oldest)"
    summed = f"SELECT kind, year, sum(count)::int, min(oldest) FROM ({counted}) AS {named} GROUP BY 1, 2"
    found = await db.execute(text(summed), {"hub": hub_id} | {f"last_{kind}": year for kind, year in last.items()})
    return sorted((Going(*row) for row in found), key=lambda one: (ORDER[one.kind], one.year))


async def let_go(db: AsyncSession, hub_id: uuid.UUID, own: Mapping[str, int], today: date) -> None:
    """Let go of everything whose time is over, but for people, whom an action erases one by one."""
    last = _last(own, today)
    for one in SOURCES:
        if one.act:
            await db.execute(text(one.act), {"hub": hub_id, "last": last[one.kind]})


async def gone_long_ago(db: AsyncSession, hub_id: uuid.UUID, own: Mapping[str, int], today: date) -> list[Person]:
    """People who left so long ago that their time is over."""
    source = next(one for one in SOURCES if one.kind == "people")
    ids = (await db.execute(text(source.chosen("id")), {"hub": hub_id, "last": _last(own, today)["people"]})).scalars()
    found = await db.execute(select(Person).where(col(Person.id).in_(list(ids))).order_by(col(Person.id)))
    return list(found.scalars())

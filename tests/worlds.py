"""A small world around one viewer: what is theirs, the rest of their hub, another hub, and nothing at all."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role, Target
from app.domain.schedule import facts
from app.kit.tokens import new_token, token_hash
from app.models.feeds import Feed
from app.models.hubs import Hub, HubYear, SpecialistCohort, Webhook, WebhookDelivery
from app.models.imports import Import
from app.models.meetings import Booking, Event
from app.models.notes import NotePhoto, Reflection, ReflectionFramework
from app.models.people import Away, HubToken, Passkey, Person, Session
from app.models.schedule import DateAsk, Forming, Proposal
from app.models.schools import HubSchool, SchoolDay
from app.models.trail import TrailEntry
from app.store import people
from app.store.database import Database, see_hubs
from app.store.schedule.facts import read_year
from tests.makers import (
    NOW,
    YEAR,
    Team,
    a_closure,
    a_group,
    a_hub,
    a_meeting,
    a_person,
    a_record,
    a_school,
    a_visit_series,
    book,
    number,
)
from tests.routes import Route
from tests.worlds_funding import rows_of_funding
from tests.worlds_people import rows_of_people
from tests.worlds_stages import rows_of_stages

LEADS = {Role.SPECIALIST, Role.READINESS_LEAD}
DAY = date(2026, 12, 1)
UNKNOWN_ID = "0194fdc2-0000-7000-8000-000000000000"
# Names that every hub has, and what no hub has in their place.
EVERY_HUBS = {
    "forms": "visit",
    "frameworks": "big_ideas",
    "on": "big_ideas",
    "versions/{version}": "1",
    "rules": "absences",
    "picture": "map",
    "kinds": "development",
}
NO_HUBS = dict.fromkeys(EVERY_HUBS, "no-such-name")


class Forgetful(Database):
    """A database in which every request finds what the first one found: nothing is ever kept."""

    @asynccontextmanager
    async def transaction(self, *hubs: uuid.UUID) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session:
            await see_hubs(session, *hubs)
            yield session
            await session.rollback()


@dataclass
class Around:
    """One viewer, and keys for addresses: those that concern them, their hub's others, another hub's, nobody's."""

    viewer: Person
    hub: Hub
    foreign_hub: Hub
    target: Target
    own: dict[str, str]
    elsewhere: dict[str, str]
    foreign: dict[str, str]
    unknown: dict[str, str]


async def a_world(db: AsyncSession, role: Role) -> Around:
    """The world of somebody with this role: a team that they lead, attend, are head for or merely look after."""
    foreign_hub = await a_hub(db)
    foreign = await _keys(db, await _team(db, foreign_hub, Role.SPECIALIST))
    db.add(HubYear(hub_id=foreign_hub.id, year=YEAR + 5))  # a year that only the other hub has
    foreign["years"] = foreign["year"] = str(YEAR + 5)
    hub = await a_hub(db)
    others = await _team(db, hub, Role.SPECIALIST)
    elsewhere = await _keys(db, others)
    team = await _team(db, hub, role)
    own = await _keys(db, team)
    viewer = await _viewer(db, team, role)
    await _take_part(db, own, viewer)
    own["feeds"], foreign["feeds"] = await _feed(db, viewer), await _feed(db, others.leader)
    elsewhere["feeds"] = foreign["feeds"]
    own["browsers"], foreign["browsers"] = await _browser(db, viewer), await _browser(db, others.leader)
    own["passkeys"], foreign["passkeys"] = await _passkey(db, viewer), await _passkey(db, others.leader)
    elsewhere["browsers"], elsewhere["passkeys"] = foreign["browsers"], foreign["passkeys"]
    own["reflections"], elsewhere["reflections"] = await _reflection(db, viewer), await _reflection(db, others.leader)
    foreign["reflections"] = elsewhere["reflections"]
    own, elsewhere, foreign = own | EVERY_HUBS, elsewhere | EVERY_HUBS, foreign | NO_HUBS
    elsewhere["on"] = NO_HUBS["on"]  # what people write on a framework is their own wherever they write it
    target = Target(
        hub.id,
        people=frozenset({viewer.id, team.leader.id, *(person.id for person in team.participants)}),
        group_id=team.group.id,
        urns=frozenset(school.urn for school in team.schools),
    )
    return Around(viewer, hub, foreign_hub, target, own, elsewhere, foreign, _unknown(own) | NO_HUBS)


async def _take_part(db: AsyncSession, own: dict[str, str], viewer: Person) -> None:
    """The viewer takes part in their own event, whatever their role: offices see of others' records no more."""
    event = await db.get_one(Event, uuid.UUID(own["events"]))
    if await db.get(Booking, (event.id, viewer.id)) is None:
        await book(db, event, viewer, "comes")


async def _feed(db: AsyncSession, person: Person) -> str:
    kept = token_hash(new_token())
    feed = Feed(account_id=person.account_id, purpose="Phone", hash=kept, revision=NOW, made_at=NOW)
    db.add(feed)
    await db.flush()
    return str(feed.id)


async def _browser(db: AsyncSession, person: Person) -> str:
    """Another browser of the account's, so that ending it leaves the one that asks."""
    await people.new_session(db, person.account_id, NOW, "another")
    found = select(col(Session.id)).where(col(Session.account_id) == person.account_id, col(Session.agent) == "another")
    return str((await db.execute(found)).scalar_one())


async def _passkey(db: AsyncSession, person: Person) -> str:
    made = Passkey(account_id=person.account_id, credential=b"c%d" % number(), public_key=b"p", name="Own", made_at=NOW)
    db.add(made)
    await db.flush()
    return str(made.id)


async def _reflection(db: AsyncSession, person: Person) -> str:
    framework = ReflectionFramework(
        hub_id=person.hub_id, key=f"own{number()}", version=1, name="Own", made_at=NOW, published_at=NOW
    )
    framework.indicators = [{"key": "talk", "label": "Talk", "asks": "", "steps": [{"key": "some", "label": "Some"}]}]
    db.add(framework)
    await db.flush()
    written = Reflection(
        hub_id=person.hub_id,
        person_id=person.id,
        framework_id=framework.id,
        indicator="talk",
        where="some",
        said_at=NOW,
    )
    db.add(written)
    await db.flush()
    return str(written.id)


async def _team(db: AsyncSession, hub: Hub, role: Role) -> Team:
    leader = await a_person(db, hub, role if role in LEADS else Role.SPECIALIST)
    return await a_group(db, hub, leader=leader)


async def _viewer(db: AsyncSession, team: Team, role: Role) -> Person:
    if role in LEADS:
        return team.leader
    if role is Role.PARTICIPANT:
        return team.participants[0]
    hub = await db.get_one(Hub, team.group.hub_id)
    return await a_person(db, hub, role, head_of=team.schools[0].urn)


# A link, and a provider, that there are not.
NO_SIGN_IN = {
    "sign-in": "no-such-link",
    "with": "nobody",
    "join": "no-such-link",
    "answer": "no-such-link",
    "dates": "no-such-link",
    "here": "no-such-link",
    "unsubscribe": "no-such-link",
    "check": "NO-SUCH-CODE",
}


async def _keys(db: AsyncSession, team: Team) -> dict[str, str]:
    """What an address can name, by the word before it; `word/{name}` where one word has two kinds of names."""
    hub_id, school, person = team.group.hub_id, team.schools[0], team.participants[0]
    hub = await db.get_one(Hub, hub_id)
    event = await a_meeting(db, team)
    closure = await a_closure(db, hub, date(2026, 12, number() % 28 + 1))
    entry = (await db.execute(select(HubSchool).where(col(HubSchool.urn) == school.urn))).scalar_one()
    cohort = SpecialistCohort(hub_id=hub_id, number=number(), began=YEAR)
    taken_in = Import(
        hub_id=hub_id, kind="calendars", year=YEAR, file_name="a.csv", sha256="0", status="previewed", made_at=NOW
    )
    away = Away(hub_id=hub_id, person_id=person.id, day=DAY)
    own_day = SchoolDay(hub_id=hub_id, urn=school.urn, day=DAY, kind="closed", name="Fair")
    done = TrailEntry(hub_id=hub_id, at=NOW, did="Made", about="the hub")
    db.add_all([cohort, taken_in, away, own_day, done])
    series = await a_visit_series(db, team)
    await db.flush()
    return {
        **dict.fromkeys(("years", "year"), str(YEAR)),
        "programmes": str(team.group.programme_id),
        "closures": str(closure.id),
        "cohorts": str(cohort.id),
        "schools": str(school.urn),
        "schools/{school_id}": str(entry.id),
        "days": str(own_day.id),
        "calendars": str(entry.calendar_id),
        "people": str(person.id),
        "away": str(away.id),
        "groups": str(team.group.id),
        "participants": str(person.id),
        "visits": str(series.id),
        "visits/{urn}": str(school.urn),
        "events": str(event.id),
        "events/{name}": f"{event.id}.ics",
        **await _of_plans(db, team, person),
        "imports": str(taken_in.id),
        **NO_SIGN_IN,
        "gias": str((await a_school(db)).urn),
        **await _rows_of_rooms(db, team, event),
    }


async def _of_plans(db: AsyncSession, team: Team, person: Person) -> dict[str, str]:
    """A plan, groups on their way, and somebody who was asked about the plan's dates."""
    hub_id = team.group.hub_id
    proposal = Proposal(
        hub_id=hub_id,
        year=YEAR,
        status="impossible",
        problem=facts.problem(known := await read_year(db, hub_id, YEAR, NOW.date())),
        names=facts.names(known),
        because=["No day is left."],
        made_at=NOW,
    )
    forming = Forming(
        hub_id=hub_id,
        year=YEAR,
        status="impossible",
        problem={},
        names={f"s{team.schools[0].urn}": team.schools[0].name},
        because=["No leader is left."],
        made_at=NOW,
    )
    db.add_all([proposal, forming])
    await db.flush()
    asked = DateAsk(hub_id=hub_id, proposal_id=proposal.id, person_id=person.id, asked_at=NOW)
    db.add(asked)
    await db.flush()
    return {"proposals": str(proposal.id), "answers": str(asked.id), "formings": str(forming.id)}


async def _rows_of_rooms(db: AsyncSession, team: Team, event: Event) -> dict[str, str]:
    person = team.participants[0]
    return {
        **await _of_programs(db, event.hub_id, team.leader),
        **await _of_record(db, event, person),
        **await rows_of_people(db, event, team.group.id, person),
        **await rows_of_stages(db, team, event),
        **await rows_of_funding(db, team),
    }


async def _of_programs(db: AsyncSession, hub_id: uuid.UUID, person: Person) -> dict[str, str]:
    """What addresses name of the programs that work with the hub."""
    token = HubToken(
        hub_id=hub_id,
        account_id=person.account_id,
        hash=token_hash(new_token()),
        name="Sheet",
        made_at=NOW,
        expires_at=NOW,
    )
    webhook = Webhook(hub_id=hub_id, address="https://office.example/in", kinds=["person.left"], made_at=NOW)
    db.add_all([token, webhook])
    await db.flush()
    sent = WebhookDelivery(
        hub_id=hub_id, webhook_id=webhook.id, kind="test", body="{}", made_at=NOW, begun_at=NOW, state="delivered"
    )
    db.add(sent)
    await db.flush()
    return {"tokens": str(token.id), "webhooks": str(webhook.id), "deliveries": str(sent.id)}


async def _of_record(db: AsyncSession, event: Event, person: Person) -> dict[str, str]:
    """What addresses name of an event's record."""
    written = await a_record(db, event, person)
    sha = f"{event.id.int:064x}"
    photo = NotePhoto(event_id=event.id, sha=sha, hub_id=event.hub_id, person_id=person.id, size=3, begun_at=NOW)
    photo.image = photo.small = b"\xff\xd8\xff"
    photo.done_at = NOW
    db.add(photo)
    await db.flush()
    return {
        "notes": str(event.id),
        "photos": sha,
        "edit/{section}": "plan",
        "history/{op}": str(written.op_id),
        "versions/{number}": "1",
    }


def _unknown(known: dict[str, str]) -> dict[str, str]:
    """The same kinds of keys, none of them known to anyone."""
    return {word: _unknown_like(key) for word, key in known.items()}


def _unknown_like(key: str) -> str:
    name, dot, ending = key.partition(".")
    short = {6: "899999", 4: "2099"}
    return (UNKNOWN_ID if len(name) == 36 else short.get(len(name), name)) + dot + ending


def filled(route: Route, code: str, keys: dict[str, str]) -> str:
    """The route's address with keys in it; a word without a key says what to do."""
    address = route.path.replace("{code}", code)
    for name in route.names:
        word, _, place = name.partition("/")
        key = keys.get(name, keys.get(word))
        assert key is not None, (
            f"{route}: no row is made for {place} after {word!r}. Add one under {word!r} to _keys in tests/worlds.py, "
            "so that this route is tried by every role."
        )
        address = address.replace(place, key, 1)
    return address

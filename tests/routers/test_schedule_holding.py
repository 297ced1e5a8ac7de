"""Holding a plan's dates: asked by a personal link, refused, planned again with few moves, accepted."""

import re
import uuid
from datetime import timedelta
from urllib.parse import unquote

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.actions.schedule.answering_again import nudge_due
from app.domain.access import Role
from app.kit.links import signed_link
from app.models.hubs import Hub
from app.models.mail import Message
from app.models.meetings import Booking, Event, Participant
from app.models.people import Away, Person
from app.models.schedule import DateAnswer, DateAsk, DateRefused, Proposal
from app.settings import read_settings
from app.store.database import Database
from tests.makers import NOW, a_person, sign_in
from tests.routers.test_schedule import Planned, a_small_hub, proposed

UNTIL = (NOW + timedelta(days=14)).date().isoformat()


def link_of(hub: Hub, ask_id: uuid.UUID) -> str:
    return f"/dates/{signed_link(read_settings().secret, 'dates', hub.id, ask_id)}"


async def held(database: Database, client: httpx.AsyncClient, *, colleague: bool = False) -> tuple[Planned, str]:
    """A small hub whose plan's dates are held; the address of the plan. A `colleague` joins the first teacher."""
    small = await a_small_hub(database, client)
    if colleague:
        async with database.transaction(small.hub.id) as db:
            person, group = await a_person(db, small.hub, Role.PARTICIPANT), small.team.group
            where = {"group_id": group.id, "urn": small.team.schools[0].urn, "hub_id": small.hub.id}
            db.add(Participant(person_id=person.id, role="participant", **where))
    here = f"{small.path}/{await proposed(database, client, small)}"
    answer = await client.post(f"{here}/hold", data={"csrf": small.csrf, "answer_by": UNTIL, "words": "Hello all."})
    assert answer.status_code == 303, answer.text
    return small, here


async def asked_of(
    database: Database, hub: Hub, person: Person
) -> tuple[uuid.UUID, int, list[tuple[Event, DateAnswer]]]:
    """Somebody's ask with its version, and each date ahead with its answer."""
    async with database.transaction(hub.id) as db:
        ask = (await db.execute(select(DateAsk).where(col(DateAsk.person_id) == person.id))).scalar_one()
        rows = await db.execute(
            select(Event, DateAnswer)
            .join(DateAnswer, col(DateAnswer.event_id) == col(Event.id))
            .where(col(DateAnswer.ask_id) == ask.id)
            .order_by(col(Event.day))
        )
        return ask.id, ask.version, [(row[0], row[1]) for row in rows]


async def say(client: httpx.AsyncClient, address: str, version: int, words: dict[uuid.UUID, str]) -> httpx.Response:
    said = {f"answer-{event}": word for event, word in words.items()}
    because = {f"because-{event}": "We are on a trip" for event, word in words.items() if word == "cannot"}
    return await client.post(address, data={"version": str(version), **said, **because})


async def test_everybody_is_asked_once_and_refusals_move_as_few_dates_as_possible(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    async with database.transaction(small.hub.id) as db:
        letters = list((await db.execute(select(Message))).scalars())
        assert len(letters) == (await db.execute(select(func.count()).select_from(DateAsk))).scalar_one() == 4
    assert all(letter.text.count("{dates}") == 1 and "Hello all." in letter.text for letter in letters)

    teacher = small.team.participants[0]
    ask_id, version, dates = await asked_of(database, small.hub, teacher)
    link = link_of(small.hub, ask_id)
    assert "I cannot" in (await client.get(link)).text
    meeting = next(event for event, _ in dates if event.kind == "meeting")
    before = {event.id: (event.day, event.sequence, event.uid) for event, _ in dates}
    assert (await say(client, link, version, {meeting.id: "cannot"})).status_code == 303
    listed = (await client.get(f"{here}/answers?answer=cannot")).text
    assert "We are on a trip" in listed
    assert teacher.name in listed

    page = await client.get(f"{here}/replan", headers={"Accept": "application/json"})
    shown = page.json()
    assert [one["choice"] for one in shown["refusals"]] == ["another"]
    way = shown["ways"][0]
    assert (len(way["lines"]), way["fewest"]) == (1, True)
    async with database.transaction(small.hub.id) as db:
        assert (await db.get_one(Event, meeting.id)).day == before[meeting.id][0], "nobody is told before it is chosen"
    sent = {"csrf": small.csrf, "moves": way["moves"], "mended": str(shown["mended"]), "answer_by": UNTIL}
    assert (await client.post(f"{here}/replan", data=sent)).status_code == 303
    assert (await client.post(f"{here}/replan", data=sent)).status_code == 409, "a second press does nothing"

    _, _, after = await asked_of(database, small.hub, teacher)
    changed = [event for event, _ in after if before[event.id][0] != event.day]
    assert [event.id for event in changed] == [meeting.id]
    assert changed[0].uid == before[meeting.id][2]
    assert changed[0].sequence > before[meeting.id][1]
    assert all(not row.answer for event, row in after if event.id == meeting.id)
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.count()).select_from(Message))).scalar_one() == 8
    assert (await client.post(f"{here}/accept", data={"csrf": small.csrf})).status_code == 303
    assert "settled" in (await client.get(link)).text
    async with database.transaction(small.hub.id) as db:
        assert (await db.get_one(Event, meeting.id)).status == "confirmed"


async def test_a_leader_who_refused_keeps_the_plan_from_being_accepted_until_they_take_it_back(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    leader = small.team.leader
    ask_id, version, dates = await asked_of(database, small.hub, leader)
    link, meeting = link_of(small.hub, ask_id), next(event for event, _ in dates if event.kind == "meeting")
    await say(client, link, version, {meeting.id: "cannot"})
    async with database.transaction(small.hub.id) as db:
        refused = (await db.execute(select(DateRefused))).scalar_one()
        assert (refused.person_id, refused.day) == (leader.id, meeting.day)
    answer = await client.post(f"{here}/accept", data={"csrf": small.csrf})
    assert answer.status_code == 409
    assert f"{leader.name} does not work then or is away. Replan first." in answer.text
    shown = (await client.get(f"{here}/replan", headers={"Accept": "application/json"})).json()
    assert shown["refusals"][0]["must"].startswith("It needs another day.")
    stale = await say(client, link, version, {meeting.id: "can"})
    assert "answered meanwhile" in unquote(stale.headers["set-cookie"]), "a page from before the answer changes nothing"
    await say(client, link, version + 1, {meeting.id: "can"})
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.count()).select_from(DateRefused))).scalar_one() == 0
    assert (await client.post(f"{here}/accept", data={"csrf": small.csrf})).status_code == 303


async def test_somebody_may_miss_a_date_which_then_stays_and_does_not_expect_them(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client, colleague=True)
    teacher = small.team.participants[0]
    ask_id, version, dates = await asked_of(database, small.hub, teacher)
    meeting = next(event for event, _ in dates if event.kind == "meeting")
    told = {"csrf": small.csrf, "version": str(version), f"answer-{meeting.id}": "cannot"}
    assert (await client.post(f"{here}/answers/{ask_id}", data=told)).status_code == 303
    assert "told to the office" in (await client.get(f"{here}/answers/{ask_id}")).text
    (refusal,) = (await client.get(f"{here}/replan", headers={"Accept": "application/json"})).json()["refusals"]
    assert (refusal["choice"], refusal["must"]) == ("another", ""), "a colleague of the same school can come"
    chosen = await client.get(f"{here}/replan?on-{refusal['id']}=miss", headers={"Accept": "application/json"})
    assert chosen.json()["nothing_moves"]
    stays = {"csrf": small.csrf, "mended": "0", "answer_by": UNTIL, "stay": refusal["id"]}
    assert (await client.post(f"{here}/replan", data=stays)).status_code == 303
    assert "misses it" in (await client.get(f"{here}/answers")).text
    assert "They miss these dates." in (await client.get(f"{here}/accept")).text
    assert (await client.post(f"{here}/accept", data={"csrf": small.csrf})).status_code == 303
    async with database.transaction(small.hub.id) as db:
        booked = await db.get_one(Booking, (meeting.id, teacher.id))
        assert not booked.expected
        assert (await db.get_one(Event, meeting.id)).day == meeting.day


async def test_links_that_were_not_signed_name_nothing_and_looking_changes_nothing(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    ask_id, version, dates = await asked_of(database, small.hub, small.team.participants[0])
    link = link_of(small.hub, ask_id)
    assert (await client.get(f"{link[:-2]}xx")).status_code == 404
    assert (await client.get(link.replace("/dates/", "/answer/"))).status_code == 404
    assert (await client.get(link)).status_code == 200
    assert (await asked_of(database, small.hub, small.team.participants[0]))[1] == version
    nothing = await client.post(link, data={"version": str(version)})
    assert nothing.status_code == 422
    assert "Say of at least one date whether you can." in nothing.text
    long = {"version": str(version), f"answer-{dates[0][0].id}": "cannot", f"because-{dates[0][0].id}": "x" * 501}
    refused = await client.post(link, data=long)
    assert refused.status_code == 422
    assert "Use at most 500 characters." in refused.text
    other = (await asked_of(database, small.hub, small.team.leader))[2]
    foreign = next(event for event, _ in other if event.id not in {mine.id for mine, _ in dates})
    await say(client, link, version, {foreign.id: "cannot"})
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.count()).select_from(DateRefused))).scalar_one() == 0
    assert (await client.post(f"{here}/set-aside", data={"csrf": small.csrf})).status_code == 303
    async with database.transaction(small.hub.id) as db:
        told = select(func.count()).select_from(Message).where(col(Message.kind) == "cancellation")
        assert (await db.execute(told)).scalar_one() == 4
    assert "not planned any more" in (await client.get(link)).text
    assert (await say(client, link, version, {dates[0][0].id: "can"})).status_code == 409


async def test_whoever_has_not_answered_is_reminded_once_a_day_and_once_by_itself(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    today = await client.post(f"{here}/answers", data={"csrf": small.csrf})
    assert "Nobody was reminded" in unquote(today.headers["set-cookie"])
    ask_id, version, _ = await asked_of(database, small.hub, small.team.participants[0])
    link = link_of(small.hub, ask_id)
    asks = re.findall(r'name="(asks-[^"]+)"', (await client.get(link)).text)
    await client.post(link, data={"version": str(version), "all": "can", **dict.fromkeys(asks, "yes")})
    for days, expected in ((10, 0), (12, 3), (13, 0)):
        async with database.transaction(small.hub.id) as db:
            assert await nudge_due(db, small.hub.id, NOW + timedelta(days=days)) == expected, days
    late = await client.post(f"{here}/deadline", data={"csrf": small.csrf, "answer_by": "2026-11-01"})
    assert late.status_code == 422
    assert "Choose a day from Sunday 22 November 2026 on" in late.text
    later = await client.post(f"{here}/deadline", data={"csrf": small.csrf, "answer_by": "2027-01-11"})
    assert "until Monday 11 January 2027" in unquote(later.headers["set-cookie"])
    table = await client.get(f"{here}/answers?format=csv&answer=none")
    silent = {line.partition(",")[0] for line in table.text.splitlines()[1:]}
    assert silent == {small.team.leader.name, *(each.name for each in small.team.participants[1:])}


async def test_whoever_is_signed_in_answers_on_a_page_of_their_own(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, _ = await held(database, client)
    teacher, mine = small.team.participants[0], f"/hubs/{small.hub.code}/dates"
    assert "No date is held for you" in (await client.get(mine)).text, "a coordinator is in no date"
    async with database.transaction() as db:
        csrf = await sign_in(db, client, teacher)
    home = (await client.get(f"/hubs/{small.hub.code}")).text
    assert re.search(r"\d+ dates are held for you\.", home)
    _, version, dates = await asked_of(database, small.hub, teacher)
    sent = {"csrf": csrf, "version": str(version), f"answer-{dates[0][0].id}": "can"}
    assert (await client.post(mine, data=sent)).status_code == 303
    assert "on the page" in (await client.get(mine)).text


async def test_dates_are_held_once_and_not_of_a_plan_that_is_not_ready(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    again = await client.post(f"{here}/hold", data={"csrf": small.csrf, "answer_by": UNTIL})
    assert again.status_code == 409
    assert "held already" in again.text
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.count()).select_from(DateAsk))).scalar_one() == 4
        proposal = (await db.execute(select(Proposal))).scalar_one()
        proposal.sent_at = None
        proposal.status = "impossible"
    for page in ("hold", "answers", "replan"):
        assert (await client.get(f"{here}/{page}")).status_code == 409, page


async def told_to_keep_nothing_free(database: Database, hub: Hub) -> list[str]:
    """To whom it was said that the dates they were asked about are held no longer."""
    async with database.transaction(hub.id) as db:
        asked = select(col(Message.to)).where(col(Message.kind) == "cancellation").order_by(col(Message.to))
        return list((await db.execute(asked)).scalars())


async def test_whoever_was_asked_of_a_plan_that_another_takes_the_place_of_hears_it_once(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, _ = await held(database, client)
    new = {"csrf": small.csrf, "year": "2026"}
    question = await client.post(small.path, data=new)
    assert "a message tells them so." in question.text
    assert await told_to_keep_nothing_free(database, small.hub) == []
    assert (await client.post(small.path, data={**new, "sure": "yes"})).status_code == 303
    asked = sorted([small.team.leader.email, *(each.email for each in small.team.participants)])
    assert await told_to_keep_nothing_free(database, small.hub) == asked
    assert (await client.post(small.path, data={**new, "sure": "yes"})).status_code == 303
    assert await told_to_keep_nothing_free(database, small.hub) == asked, "nobody had been asked of that one"


async def test_whoever_is_asked_again_about_the_plan_that_is_held_instead_gets_one_letter(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    first = uuid.UUID(here.rsplit("/", 1)[1])
    async with database.transaction(small.hub.id) as db:
        proposal = await db.get_one(Proposal, first)
        proposal.status = "set aside"
    second = await proposed(database, client, small)
    async with database.transaction(small.hub.id) as db:
        (await db.get_one(Proposal, first)).status = "ready"
        gone = (await db.execute(select(DateAsk).where(col(DateAsk.person_id) == small.team.leader.id))).scalar_one()
        extra = await a_person(db, small.hub, Role.PARTICIPANT)
        gone.person_id = extra.id
    assert (
        await client.post(f"{small.path}/{second}/hold", data={"csrf": small.csrf, "answer_by": UNTIL})
    ).status_code == 303
    assert await told_to_keep_nothing_free(database, small.hub) == [extra.email]


async def test_a_day_away_that_is_entered_meanwhile_is_mended_around_and_does_not_void_the_plan(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    _, _, dates = await asked_of(database, small.hub, small.team.leader)
    meeting = next(event for event, _ in dates if event.kind == "meeting")
    async with database.transaction(small.hub.id) as db:
        db.add(Away(hub_id=small.hub.id, person_id=small.team.leader.id, day=meeting.day))
    answer = await client.post(f"{here}/accept", data={"csrf": small.csrf})
    assert "Replan first." in answer.text
    page = (await client.get(f"{here}/replan", headers={"Accept": "application/json"})).json()
    assert (page["refusals"], page["nothing_moves"]) == ([], False)
    assert "does not work then or is away" in (await client.get(f"{here}/replan")).text
    sent = {"csrf": small.csrf, "moves": page["ways"][0]["moves"], "mended": "0", "answer_by": UNTIL}
    assert (await client.post(f"{here}/replan", data=sent)).status_code == 303
    assert (await client.post(f"{here}/accept", data={"csrf": small.csrf})).status_code == 303

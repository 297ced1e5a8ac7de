"""A hub's amounts from the draft to what is checked: card, trial, settings, payees, snapshots, samples."""

import io
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.actions.access import Actor
from app.actions.funding import claiming, renewing
from app.actions.funding.claiming import Chosen
from app.domain.access import Role
from app.models.funding import AssuranceSample, Payee, RateCard
from app.models.hubs import Hub
from app.models.people import Person
from app.store import people
from app.store.database import Database
from app.store.funding import cards, statements
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_programme, a_school, sign_in
from tests.store.test_funding_facts import HELD_ON, an_agreement, an_enrolment, said

JSON = {"accept": "application/json"}
PRIVATE = "A death in the family"


@dataclass
class Office:
    """A coordinator at a browser, and a Work Group of three schools that met once: two came, one of them after all."""

    database: Database
    client: httpx.AsyncClient
    hub: Hub
    ann: Person
    team: Team
    csrf: str

    @property
    def home(self) -> str:
        return f"/hubs/{self.hub.code}"

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"{self.home}{path}")

    async def page(self, path: str) -> dict[str, object]:
        answer = await self.client.get(f"{self.home}{path}", headers=JSON)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    async def post(self, path: str, **said: object) -> httpx.Response:
        return await self.client.post(f"{self.home}{path}", data={"csrf": self.csrf, **said}, headers=JSON)

    async def draft(self, after: str = "force", **amounts: str) -> str:
        """A draft with these amounts; its address."""
        made = await self.post("/rate-cards", year=str(YEAR), after=after)
        path = str(made.json()["location"]).removeprefix(self.home)
        stamp = await self.stamp(path)
        sent = {f"amount.{key}": amount for key, amount in amounts.items()}
        saved = await self.post(f"{path}/edit", stamp=stamp, because="As the board agreed.", **sent)
        assert saved.status_code == 200, saved.text
        return path

    async def stamp(self, path: str) -> str:
        page = await self.page(f"{path}/edit")
        return str(dict(page["form"]["kept"])["stamp"])  # type: ignore[index]

    async def publish(self, path: str) -> httpx.Response:
        return await self.post(f"{path}/publish", stamp=await self.stamp(path))

    async def close_all(self) -> None:
        """Every statement brought up to date and closed, as on its page."""
        async with self.database.transaction(self.hub.id) as db:
            viewer = await people.viewer(db, self.ann.account_id, self.ann.email)
            member = viewer.member(self.hub.id)
            assert member
            await renewing.renew(db, self.hub.id, YEAR, NOW)
            found = await statements.every(db, member)
            seen = [Chosen(one.row.id, one.row.version, one.pence, one.lines, one.queried) for one in found]
            await claiming.close(Actor(db, viewer, member, NOW), seen)


async def an_office(database: Database, client: httpx.AsyncClient) -> Office:
    async with database.transaction() as db:
        hub = await a_hub(db)
        ann = await a_person(db, hub, Role.COORDINATOR, name="Ann")
        programme = await a_programme(db, hub, kind="development", code="DEV-1")
        base = await a_school(db)
        leader = await a_person(db, hub, Role.SPECIALIST, base_urn=base.urn)
        team = await a_group(db, hub, schools=3, programme=programme, leader=leader)
        held = await a_meeting(db, team, HELD_ON, status="held")
        await said(db, held, team.participants[0], "absent", because=PRIVATE)
        for person in team.participants[:2]:
            await said(db, held, person, "present", said_at=NOW)
        await said(db, held, team.participants[2], "absent", because=PRIVATE)
        for school in team.schools[:2]:
            await an_agreement(db, await an_enrolment(db, team, school.urn))
        csrf = await sign_in(db, client, ann)
    return Office(database, client, hub, ann, team, csrf)


async def test_a_draft_is_tried_published_and_then_stays(database: Database, client: httpx.AsyncClient) -> None:
    office = await an_office(database, client)
    shipped = await office.get(f"/rate-cards?year={YEAR}")
    assert "This is the card that ships" in shipped.text
    path = await office.draft(attendance="60.00", **{"no-show": "25"})
    assert "£60.00 a half-day for coming to a meeting" in (await office.get(path)).text
    assert (await office.post("/rate-cards", year=str(YEAR), after="force")).status_code == 409
    tried = await office.page(f"{path}/try")
    assert [(one["name"], one["after"], one["schools"]) for one in tried["effects"]] == [  # type: ignore[attr-defined]
        ("Half-day at a meeting", "£120.00", "2 schools")
    ]
    assert (await office.get(f"{path}/try?format=csv")).text.count("60.00") == 4
    assert (await office.post(f"{path}/publish", stamp="earlier")).status_code == 412
    assert (await office.publish(path)).status_code == 200
    assert (await office.post(f"{path}/edit", stamp="any")).status_code == 409
    assert "Version 1 is in force" in (await office.get(f"/rate-cards?year={YEAR}")).text
    async with database.transaction(office.hub.id) as db:
        force = await cards.in_force(db, office.hub.id, office.hub.code, YEAR)
        assert [one.key for one in force.rates if one.on(date(YEAR, 9, 1))] == ["attendance", "no-show"]
        with pytest.raises(DBAPIError, match="is published"):
            await db.execute(update(RateCard).where(col(RateCard.hub_id) == office.hub.id).values(rates=[]))
    same = await office.draft()
    assert (await office.publish(same)).status_code == 409
    assert (await office.post(f"{same}/discard")).status_code == 200
    coming = await office.post("/rate-cards", year=str(YEAR + 1), after="last")
    carried = (await office.client.get(coming.json()["location"])).text
    assert "£60.00 a half-day" in carried


async def test_a_rate_is_changed_added_and_left_out_and_what_is_wrong_is_told(
    database: Database, client: httpx.AsyncClient
) -> None:
    office = await an_office(database, client)
    path = await office.draft()
    sent = {
        "stamp": await office.stamp(path),
        "name": "Evening meeting",
        "earned_by": "attended",
        "per": "half_day",
        "payee": "participant",
        "amounts.0.since": "",
        "amounts.0.pence": "many",
        "conditions": ["agreement", "minutes"],
        "condition.minutes.least": "45",
        "programmes": "DEV-1",
    }
    refused = await office.client.post(f"{office.home}{path}/rates/new", data={"csrf": office.csrf, **sent})
    assert refused.status_code == 422
    assert "“many” is not an amount" in refused.text
    assert 'value="Evening meeting"' in refused.text
    assert (await office.post(f"{path}/rates/new", **{**sent, "amounts.0.pence": "40"})).status_code == 200
    assert (await office.post(f"{path}/rates/new", **{**sent, "stamp": "old"})).status_code == 412
    page = (await office.get(f"{path}/rates/evening-meeting")).text
    assert 'value="40.00"' in page
    assert "Development (DEV-1)" in page
    assert "Leave Evening meeting out of this draft?" in (await office.get(f"{path}/rates/evening-meeting/remove")).text
    assert (await office.post(f"{path}/rates/evening-meeting/remove")).status_code == 200
    assert (await office.get(f"{path}/rates/evening-meeting")).status_code == 404


async def test_rates_of_a_draft_change_places_and_the_order_is_published(
    database: Database, client: httpx.AsyncClient
) -> None:
    office = await an_office(database, client)
    draft = await office.draft(**{"specialist-miles": "0.45"})
    assert "is not foreseen" not in (await office.get("/funding/budget")).text
    keys = [one["key"] for one in (await office.page(draft))["rates"]]  # type: ignore[attr-defined]
    assert (await office.post(f"{draft}/rates/{keys[0]}/move", to="down")).status_code == 200
    assert (await office.post(f"{draft}/rates/{keys[-1]}/move", to="down")).status_code == 200  # stays the last
    page = await office.page(draft)
    now: list[dict[str, object]] = page["rates"]  # type: ignore[assignment]
    assert [one["key"] for one in now] == [keys[1], keys[0], *keys[2:]]
    assert [(one["ups"], one["downs"]) for one in (now[0], now[1], now[-1])] == [
        (False, True), (True, True), (True, False),
    ]  # fmt: skip
    assert str(page["changes"]).count("The order is now: ") == 1
    said = (await office.get(draft)).text
    assert (said.count("Move up"), said.count("Move down")) == (len(keys) - 1, len(keys) - 1)
    assert (await office.post(f"{draft}/rates/{keys[0]}/move", to="sideways")).status_code == 422
    assert (await office.post(f"{draft}/rates/nothing/move", to="up")).status_code == 404
    assert (await office.publish(draft)).status_code == 200
    assert "What leaders will drive is not foreseen" in (await office.get("/funding/budget")).text
    assert (await office.post(f"{draft}/rates/{keys[0]}/move", to="up")).status_code == 409


async def test_the_grant_is_set_and_references_are_entered_or_brought_in(
    database: Database, client: httpx.AsyncClient
) -> None:
    office = await an_office(database, client)
    sent = {"version": "1", "grant": "£120,000", "near": "10", "per": "hub", "every": "month"}
    assert (await office.post(f"/funding/settings?year={YEAR}", **{**sent, "grant": "lots"})).status_code == 422
    assert (await office.post(f"/funding/settings?year={YEAR}", **sent)).status_code == 200
    assert (await office.post(f"/funding/settings?year={YEAR}", **sent)).status_code == 412
    assert 'value="120,000.00"' in (await office.get(f"/funding/settings?year={YEAR}")).text
    first, second, third = (school.urn for school in office.team.schools)
    typed = {f"reference.{first}": "V-17", f"was.{first}": ""}
    bank = await office.post("/payees/enter", **{**typed, f"reference.{second}": "12-34-56 12345678"})
    assert "bank details" in bank.text
    assert (await office.post("/payees/enter", **typed)).json()["notice"] == "1 reference saved."
    assert (await office.post("/payees/enter", **{**typed, f"reference.{first}": "V-18"})).status_code == 412
    table = f"urn,supplier\n{first},V-18\n{second},V-19\n123456,V-20\n"
    look = (await office.post("/payees/import", table=table)).json()
    assert [(one["urn"], one["before"], one["after"]) for one in look["lines"]] == [
        (first, "V-17", "V-18"),
        (second, "", "V-19"),
    ]
    assert "No school of this hub" in look["rejected"][0]["because"]
    assert look["shared"] == []
    same = (await office.post("/payees/import", table=f"{first},V-18\n{second},v18")).json()
    assert [one.count("have the same reference, V-18.") for one in same["shared"]] == [1]
    sent = {"csrf": office.csrf, "table": f"{first},V-18\n{second},v18"}
    assert "govuk-warning-text" in (await office.client.post(f"{office.home}/payees/import", data=sent)).text
    kept = dict(look["kept"])
    assert (await office.post("/payees/import/confirm", **kept)).json()["notice"] == "2 references saved."
    assert (await office.post("/payees/import/confirm", **kept)).status_code == 412
    without = (await office.get("/payees?show=without&format=csv")).text
    assert str(third) in without
    assert str(first) not in without
    async with database.transaction(office.hub.id) as db:
        assert {one.reference for one in (await db.execute(select(Payee))).scalars()} == {"V-18", "V-19"}


async def test_counts_are_frozen_compared_deleted_and_put_back(database: Database, client: httpx.AsyncClient) -> None:
    office = await an_office(database, client)
    assert (await office.post("/completions", year=str(YEAR), day="2026-12-24", name="Ahead")).status_code == 422
    for day, told in (
        ("bad", "“bad”: This is not a day that exists"),
        ("2020-01-01", "cannot be counted: choose a day"),
    ):
        answer = await office.get(f"/completions?year={YEAR}&day={day}")
        assert (answer.status_code, told in answer.text) == (422, True), answer.text
    names = (("Before", "2026-09-10"), ("Now", "2026-11-20"))
    before, now = [
        (await office.post("/completions", year=str(YEAR), day=day, name=name)).json()["location"]
        for name, day in names
    ]
    page = (await office.client.get(f"{now}?with={before.rpartition('/')[2]}")).text
    assert "What changed between Before and Now?" in page
    assert "2 (+2)" in page
    assert (await office.client.get(f"{now}?format=xlsx")).content[:2] == b"PK"
    assert "DEV-1,2,0,0,2" in (await office.client.get(f"{now}?format=csv")).text
    gone = now.removeprefix(office.home)
    assert (await office.post(f"{gone}/delete")).status_code == 200
    assert (await office.get(gone)).status_code == 404
    assert (await office.post(f"{gone}/put-back")).status_code == 200
    assert (await office.get(gone)).status_code == 200


async def test_a_sample_is_drawn_again_and_its_evidence_tells_nothing_private(
    database: Database, client: httpx.AsyncClient
) -> None:
    office = await an_office(database, client)
    assert "No statement of 2026/27 is closed yet" in (await office.post("/samples", seed="June", count="2")).text
    await office.publish(await office.draft(attendance="60", specialist="90"))
    await office.close_all()
    assert (await office.post("/samples", seed=" ", count="2")).status_code == 422
    made = await office.post("/samples", seed="June", count="99", year=str(YEAR))
    path = made.json()["location"].removeprefix(office.home)
    page = await office.get(f"{path}?check=yes")
    assert "the same lines, in this order" in page.text
    assert "3 lines of 3" in page.text
    packed = (await office.get(f"{path}/sample.zip")).content
    assert packed == (await office.get(f"{path}/sample.zip")).content
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        names = sorted({name.rpartition("/")[2].partition("-")[0] for name in file.namelist()})
        texts = b"\n".join(file.read(name) for name in file.namelist())
        attended = [file.read(name).decode() for name in file.namelist() if name.endswith("who-came.csv")]
    assert names == ["agreement", "agreements.csv", "held.csv", "line.txt", "read", "sample.csv", "who"]
    assert len(attended) == 2
    assert all("present" in one for one in attended)
    assert sum("absent,,yes" in one for one in attended) == 1  # that there was a reason is told, the reason is not
    assert PRIVATE.encode() not in texts
    async with database.transaction(office.hub.id) as db:
        [row] = (await db.execute(select(AssuranceSample))).scalars()
        assert row.of == 3
        assert {uuid.UUID(one) for one in row.lines}
        with pytest.raises(DBAPIError, match="permission denied"):
            await db.execute(update(AssuranceSample).values(count=1))

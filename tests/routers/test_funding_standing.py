"""Exports that make themselves: set up in a browser, made each morning, into a folder or as a link by mail."""

from datetime import date, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.actions.funding import standing
from app.actions.funding.standing import Place
from app.domain.access import Role
from app.models.funding import FunderForm, StandingExport
from app.models.hubs import Hub
from app.models.mail import Message
from app.models.people import Person
from app.store.database import Database
from tests.makers import NOW, a_hub, a_person, sign_in

DRAFT = {"name": "Claim 2026/27", "form_id": "", "format": "csv", "span": "month", "every": "week", "to": "folder"}


async def an_office(client: httpx.AsyncClient, database: Database) -> tuple[Hub, Person, str]:
    async with database.transaction() as db:
        hub = await a_hub(db)
        person = await a_person(db, hub, Role.COORDINATOR)
        return hub, person, await sign_in(db, client, person)


async def run(database: Database, hub: Hub, place: Path, days: int) -> tuple[int, StandingExport]:
    async with database.transaction(hub.id) as db:
        done = await standing.run_due(Place(place), db, hub.id, NOW + timedelta(days))
        row = (await db.execute(select(StandingExport))).scalar_one()
        return done, row


async def test_an_export_is_made_when_it_is_due_and_no_file_is_written_over(
    client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    hub, _, csrf = await an_office(client, database)
    home = f"/hubs/{hub.code}/standing-exports"
    refused = await client.post(f"{home}/new", data={"csrf": csrf, **DRAFT, "to": "mail", "addresses": "x@y.example"})
    assert refused.status_code == 422
    assert "Tick only people who may see the ledger." in refused.text
    made = await client.post(f"{home}/new", data={"csrf": csrf, **DRAFT})
    assert made.status_code == 303, made.text
    here = made.headers["location"]
    again = await client.post(f"{home}/new", data={"csrf": csrf, **DRAFT})
    assert "an export of this name" in again.text

    assert (await run(database, hub, tmp_path, 0))[0] == 0
    done, row = await run(database, hub, tmp_path, 2)
    assert (done, row.next_on) == (1, date(2026, 11, 30))
    folder = tmp_path / "exports" / hub.code
    assert [one.name for one in folder.iterdir()] == ["Claim-2026-27-2026-11-23.csv"]
    assert row.last_told.startswith("Thursday 1 October 2026 to Saturday 31 October 2026: 0 lines in exports/")
    async with database.transaction(hub.id) as db:
        row = await db.get_one(StandingExport, row.id)
        row.next_on = date(2026, 11, 23)
    await run(database, hub, tmp_path, 2)
    assert sorted(one.name for one in folder.iterdir()) == [
        "Claim-2026-27-2026-11-23-2.csv",
        "Claim-2026-27-2026-11-23.csv",
    ]

    assert (await client.post(f"{here}/pause", data={"csrf": csrf})).status_code == 303
    assert "Paused on" in (await client.get(here)).text
    assert (await run(database, hub, tmp_path, 30))[0] == 0
    assert (await client.post(f"{here}/resume", data={"csrf": csrf})).status_code == 303
    now = await client.post(f"{here}/run", data={"csrf": csrf})
    assert now.status_code == 303
    assert (await client.post(f"{here}/delete", data={"csrf": csrf})).status_code == 303
    assert (await client.get(here)).status_code == 404


async def test_a_mail_leads_to_the_file_and_whoever_lost_the_right_gets_none(
    client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    hub, person, csrf = await an_office(client, database)
    draft = {**DRAFT, "to": "mail", "addresses": person.email, "span": "grant_year"}
    home = f"/hubs/{hub.code}/standing-exports"
    here = (await client.post(f"{home}/new", data={"csrf": csrf, **draft})).headers["location"]
    await run(database, hub, tmp_path, 2)
    async with database.transaction(hub.id) as db:
        letter = (await db.execute(select(Message))).scalar_one()
        assert letter.person_id == person.id
        assert letter.links["file"]["id"] == f"/hubs/{hub.code}/lines/lines.csv?first=2026-09-01&last=2026-11-22"
        (await db.get_one(Person, person.id)).left_on = date(2026, 11, 24)
        db.add(form := FunderForm(hub_id=hub.id, name="Empty", made_at=NOW, changed_at=NOW))
        await db.flush()
        row = (await db.execute(select(StandingExport))).scalar_one()
        row.form_id, row.next_on = form.id, date(2026, 11, 24)
    done, row = await run(database, hub, tmp_path, 3)
    assert (done, row.next_on) == (0, date(2026, 11, 24))
    assert row.last_told == (
        "It could not be made: Nobody of those it goes to may see the ledger any more: choose others."
    )
    async with database.transaction(hub.id) as db:
        assert len((await db.execute(select(col(Message.id)))).all()) == 1
    assert here

"""Agreements: the head signs what they read, the office enters paper, versions change no signature, heads are asked."""

import io
import re

import httpx
from pypdf import PdfReader
from sqlalchemy import update

from app.domain.access import Role
from app.models.hubs import Programme
from app.models.mail import Message
from app.models.people import Person
from app.models.stages import Agreement, AgreementText, Enrolment, StageStep
from app.store.database import Database
from tests import makers
from tests.routers.desks import Desk

WORDS = {"name": "Ada Moor", "part": "Headteacher", "read": "yes"}


class Signer:
    """A hub with one school that applied, its head, and the desk of whoever is signed in."""

    def __init__(self, desk: Desk, enrolment: Enrolment, head: Person, programme: Programme) -> None:
        self.desk, self.enrolment, self.head, self.programme = desk, enrolment, head, programme
        self.here = f"/enrolments/{enrolment.id}/agreement"

    async def become(self, person: Person) -> None:
        """Somebody else signs in."""
        async with self.desk.database.transaction(self.desk.hub.id) as db:
            self.desk.csrf = await makers.sign_in(db, self.desk.client, person)

    async def sign(self, **changes: str) -> httpx.Response:
        """Send the form as the page has it."""
        seal = re.search(r'name="seal" value="(\w+)"', await self.desk.get(self.here))
        return await self.desk.post(f"{self.here}/sign", **{**WORDS, "seal": seal[1] if seal else "", **changes})


async def a_signer(database: Database, client: httpx.AsyncClient) -> Signer:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        school = await makers.a_school(db, desk.hub, name="Ash Vale Primary")
        head = await makers.a_person(db, desk.hub, Role.HEADTEACHER, head_of=school.urn, name="Ada Moor")
        programme = await makers.a_programme(db, desk.hub)
        enrolment = Enrolment(
            hub_id=desk.hub.id,
            urn=school.urn,
            programme_id=programme.id,
            year=makers.YEAR,
            kind="development",
            state="applied",
            applied_on=makers.NOW.date().replace(day=2),
        )
        db.add(enrolment)
        await db.flush()
    return Signer(desk, enrolment, head, programme)


async def test_the_head_signs_what_they_read_and_it_is_kept(database: Database, client: httpx.AsyncClient) -> None:
    signer = await a_signer(database, client)
    desk = signer.desk
    assert "it waits for Ada Moor" in await desk.get(signer.here)
    await signer.become(signer.head)
    assert "The agreement of Ash Vale Primary" in await desk.get("")
    assert "Tick that you have read" in (await signer.sign(read="")).text
    assert (await signer.sign()).status_code == 303
    (kept,) = await desk.rows(Agreement)
    assert kept.name == "Ada Moor"
    assert "Ash Vale Primary takes part in Development with Moorland Maths Hub in 2026/27" in kept.text
    (enrolment,) = await desk.rows(Enrolment)
    assert (enrolment.state, enrolment.agreed_on) == ("agreed", makers.NOW.date())
    assert [step.what for step in await desk.rows(StageStep)] == ["signed"]
    file = await desk.client.get(f"{desk.home}/agreements/{kept.id}/agreement.pdf")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages).split())
    for words in ("Ash Vale Primary takes part", "Ada Moor", "Saturday 21 November 2026", "typed their name"):
        assert words in text
    assert (await signer.sign()).status_code == 409
    assert "The agreement of Ash Vale Primary" not in await desk.get("")


async def test_the_head_of_another_school_signs_nothing(database: Database, client: httpx.AsyncClient) -> None:
    signer = await a_signer(database, client)
    async with database.transaction(signer.desk.hub.id) as db:
        other = await makers.a_school(db, signer.desk.hub)
        stranger = await makers.a_person(db, signer.desk.hub, Role.HEADTEACHER, head_of=other.urn)
    assert (await signer.desk.post(f"{signer.here}/sign", **WORDS)).status_code == 403
    await signer.become(stranger)
    assert (await signer.desk.client.get(f"{signer.desk.home}{signer.here}")).status_code == 404
    assert (await signer.desk.post(f"{signer.here}/sign", **WORDS)).status_code == 404
    assert not await signer.desk.rows(Agreement)


async def test_a_new_version_changes_no_signature_and_is_read_before_it_is_signed(
    database: Database, client: httpx.AsyncClient
) -> None:
    signer = await a_signer(database, client)
    desk = signer.desk
    assert (
        "Nobody can fill in {skool}"
        in (await desk.post("/agreement-texts/new", kind="development", text="{skool}")).text
    )
    made = await desk.post("/agreement-texts/new", kind="development", text="# New\n{school} brings cake.")
    draft = made.headers["location"].removeprefix(desk.home)
    assert "Ash Vale Primary School brings cake." in await desk.get(draft)
    await signer.become(signer.head)
    assert "cake" not in await desk.get(signer.here)
    read = re.search(r'name="seal" value="(\w+)"', await desk.get(signer.here))
    await signer.become(desk.me)
    stamp = re.search(r'name="stamp" value="([^"]+)"', await desk.get(f"{draft}/publish"))
    assert read
    assert stamp
    assert (await desk.post(f"{draft}/publish", stamp="2026")).status_code == 412
    assert (await desk.post(f"{draft}/publish", stamp=stamp[1])).status_code == 303
    await signer.become(signer.head)
    late = await desk.post(f"{signer.here}/sign", **WORDS, seal=read[1])
    assert late.status_code == 412
    assert "The text of the agreement has changed" in late.text
    assert "Ash Vale Primary brings cake." in late.text
    assert (await signer.sign()).status_code == 303
    async with database.transaction(desk.hub.id) as db:
        await db.execute(update(AgreementText).values(text="Something else"))
    assert "Ash Vale Primary brings cake." in await desk.get(signer.here)
    (kept,) = await desk.rows(Agreement)
    versions = {row.id: row.version for row in await desk.rows(AgreementText)}
    assert (versions[kept.text_id], sorted(versions.values())) == (2, [1, 2])
    await signer.become(desk.me)
    assert (await desk.post(f"{draft}/edit", text="No", stamp=stamp[1])).status_code == 409


async def test_the_office_enters_paper_and_withdraws_with_a_because(
    database: Database, client: httpx.AsyncClient
) -> None:
    signer = await a_signer(database, client)
    desk = signer.desk
    early = await desk.post(f"{signer.here}/paper", **WORDS, day="2026-10-01")
    assert early.status_code == 422
    assert not await desk.rows(Agreement)
    assert (await desk.post(f"{signer.here}/paper", **WORDS, day="2026-11-10")).status_code == 303
    (kept,) = await desk.rows(Agreement)
    assert (kept.how, str(kept.signed_on)) == ("paper", "2026-11-10")
    assert "Say why" in (await desk.post(f"/agreements/{kept.id}/withdraw", because=" ")).text
    assert (await desk.post(f"/agreements/{kept.id}/withdraw", because="The wrong school.")).status_code == 303
    page = await desk.get(signer.here)
    assert "withdrawn on Saturday 21 November 2026: The wrong school." in page
    (enrolment,) = await desk.rows(Enrolment)
    assert (enrolment.state, enrolment.agreed_on) == ("applied", None)
    assert (await desk.post(f"/agreements/{kept.id}/withdraw", because="Again.")).status_code == 409
    assert (await desk.client.get(f"{desk.home}{signer.here}/paper.pdf")).content.startswith(b"%PDF")


async def test_heads_who_have_not_signed_get_one_message(database: Database, client: httpx.AsyncClient) -> None:
    signer = await a_signer(database, client)
    desk, key = signer.desk, str(signer.enrolment.id)
    assert "1 school has not signed the agreement for 2026/27" in await desk.get("")
    assert "Ada Moor" in (await desk.client.get(f"{desk.home}/agreements?format=csv&state=waits")).text
    assert (await desk.client.get(f"{desk.home}/agreements/chase")).status_code == 422
    look = await desk.get(f"/agreements/chase?enrolment={key}")
    for words in ("Remind 1 headteacher?", "Ada Moor, Ash Vale Primary", "waits for you", "[link to the agreement]"):
        assert words in look
    assert not await desk.rows(Message)
    assert (await desk.post("/agreements/chase", enrolment=key)).status_code == 303
    (message,) = await desk.rows(Message)
    assert message.to == signer.head.email
    assert message.links["see"]["id"] == f"{desk.home}{signer.here}"

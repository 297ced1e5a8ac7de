"""From three plans to certain dates in a browser: compare, hold, refuse by a personal link, replan, accept."""

import asyncio
import re
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import httpx
import icalendar
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlmodel import col

from app import main
from app.actions.feeds.subscribing import Subscriber, subscribe
from app.domain.access import Role
from app.kit.links import signed_link
from app.models.schedule import DateAsk
from app.settings import Settings, read_settings
from app.store import people
from app.store.database import Database
from tests.databases import app_address
from tests.makers import NOW, Team, a_group, a_hub, a_person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
T = TypeVar("T")
SOLVED = 60_000  # milliseconds, on a machine that has other work


@dataclass
class Hub:
    """A server of the test's own over a small hub: its address, a coordinator's session, a teacher with a calendar."""

    address: str
    code: str
    cookie: str
    team: Team
    feed: str
    settings: Settings
    ask: Callable[[Coroutine[Any, Any, Any]], Any]
    database: Database

    def link(self) -> str:
        """The teacher's personal link, as their mail has it."""
        ask_id = self.ask(self._ask_of_teacher())
        return "/dates/" + signed_link(self.settings.secret, "dates", self.team.group.hub_id, ask_id)

    async def _ask_of_teacher(self) -> uuid.UUID:
        async with self.database.transaction(self.team.group.hub_id) as db:
            found = select(col(DateAsk.id)).where(col(DateAsk.person_id) == self.team.participants[0].id)
            return (await db.execute(found)).scalar_one()

    def meetings(self) -> dict[str, tuple[str, int, str]]:
        """What the teacher's calendar shows: day, SEQUENCE and status of each date, by its UID."""
        text = httpx.get(f"{self.address}/feeds/{self.feed}.ics").raise_for_status().text
        return {
            str(one["UID"]): (str(one["DTSTART"].dt)[:10], int(one["SEQUENCE"]), str(one["STATUS"]))
            for one in icalendar.Calendar.from_ical(text).walk("VEVENT")
        }


@pytest.fixture
def hub(browser: Browser, owner: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The server with its worker, in a thread: a browser waits for it in this one."""
    assert browser
    monkeypatch.setattr(main, "_settle", lambda: None)  # these tests' own process goes on
    loop, settings, address = asyncio.new_event_loop(), read_settings(now=NOW), app_address(owner)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def ask(coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(120)

    config = uvicorn.Config(
        main.create_app(settings, address), port=0, log_level="warning", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    database = Database(address, pool_size=2)
    serving = asyncio.run_coroutine_threadsafe(server.serve(), loop)
    made = ask(_a_hub(database))
    ask(_begun(server))
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Hub(f"http://127.0.0.1:{port}", *made, settings=settings, ask=ask, database=database)
    server.should_exit = True
    serving.result(60)
    ask(database.close())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _begun(server: uvicorn.Server) -> None:
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)


async def _a_hub(database: Database) -> tuple[str, str, Team, str]:
    """A Work Group of three schools, its coordinator's session, and the calendar of one teacher."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=3)
        coordinator = await a_person(db, hub, Role.COORDINATOR)
        session = await people.new_session(db, coordinator.account_id, NOW, "tests")
        teacher = team.participants[0]
        viewer = await people.viewer(db, teacher.account_id, teacher.email)
        feed = await subscribe(Subscriber(db, viewer, NOW), "Phone")
        return hub.code, session, team, feed.token


def test_three_plans_are_compared_one_is_held_refused_replanned_and_accepted(browser: Browser, hub: Hub) -> None:
    office = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=hub.address)
    office.add_cookies([{"name": "halfterm", "value": hub.cookie, "url": hub.address}])
    page = office.new_page()
    page.goto(f"/hubs/{hub.code}/proposals")
    page.get_by_role("button", name="Propose three plans").click()
    hold = page.get_by_role("link", name="Hold these dates").or_(page.get_by_role("button", name="Hold these dates"))
    expect(hold.first).to_be_visible(timeout=SOLVED)
    assert hub.meetings() == {}, "nobody sees a date before one plan is chosen"
    hold.first.click()
    page.get_by_role("button", name="Hold the dates and ask everybody").click()
    expect(page.get_by_text("The dates are held")).to_be_visible()
    before = hub.meetings()
    assert {status for _, _, status in before.values()} == {"TENTATIVE"}

    phone = browser.new_context(viewport={"width": 360, "height": 800}, base_url=hub.address)
    refused = refuse_the_first(phone.new_page(), hub.link())
    assert hub.meetings() == before, "a refusal alone moves nothing"

    page.reload()
    expect(page.get_by_text("1 refusal waits for you")).to_be_visible()
    page.get_by_role("button", name="Replan").click()
    expect(page.get_by_text("Fewer moves are not possible.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"^1\. 1 date moves to "))).to_be_visible()
    page.get_by_role("button", name="Move and ask again").first.click()
    expect(page.get_by_text("1 date has moved")).to_be_visible()
    page.get_by_role("button", name="Accept this plan").click()
    page.get_by_role("button", name="Accept the plan").click()
    expect(page.get_by_text("The plan is in everybody's calendar")).to_be_visible()

    after = hub.meetings()
    assert after.keys() == before.keys(), "every date keeps its UID"
    moved = [uid for uid in before if before[uid][0] != after[uid][0]]
    assert [before[uid][0] for uid in moved] == [refused]
    assert all(after[uid][1] > before[uid][1] for uid in moved)
    assert {status for _, _, status in after.values()} == {"CONFIRMED"}
    office.close()
    phone.close()


def refuse_the_first(page: Page, link: str) -> str:
    """Say by the personal link that one cannot come to the first date; its day."""
    page.goto(link)
    first = page.locator("fieldset").first
    said = first.locator("legend").inner_text().strip()
    first.get_by_label("I cannot").check()
    page.locator("summary").first.click()
    page.get_by_label("Why not?").first.fill("Our whole school is at the theatre")
    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    return datetime.strptime(said.partition(",")[0], "%A %d %B %Y").date().isoformat()  # noqa: DTZ007

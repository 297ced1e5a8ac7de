"""What the little script adds: lists narrow in place, the year scrolls by keys, what was typed outlives a session."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD = "morwenna.sedge@demo.example"
HUB = "/hubs/TAMAR"


@pytest.fixture
def page(browser: Browser, demo: Server) -> Iterator[Page]:
    """The hub's lead, signed in, on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, base_url=demo.address)
    made = context.new_page()
    sign_in(made)
    yield made
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/demo")
    page.locator(f'button[value="{LEAD}"]').click()
    page.wait_for_url(re.compile(HUB))


def an_event(page: Page) -> str:
    page.goto(f"{HUB}/meetings?status=confirmed")
    address = page.locator("tbody th a").first.get_attribute("href")
    assert address is not None
    return address


def test_a_list_is_narrowed_without_a_full_reload_and_its_address_follows(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{HUB}/meetings")
    page.evaluate("window.stillHere = true")
    page.select_option("#filter-status", "cancelled")
    page.wait_for_url(re.compile("status=cancelled"))
    page.get_by_text("Nothing here fits what you asked for.").wait_for()
    assert page.evaluate("window.stillHere")
    page.select_option("#filter-status", "held")
    page.locator("#sort-1").wait_for()
    page.locator("#sort-1").focus()
    assert not complaints


def test_the_year_scrolls_by_the_keyboard(page: Page) -> None:
    page.goto(f"{HUB}/year")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.locator(".scroll").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.scroll').scrollLeft > 0")


def test_what_was_typed_is_there_again_when_the_session_had_ended(page: Page) -> None:
    edit = f"{an_event(page)}/edit"
    page.goto(edit)
    page.fill("#notes", "Bring the cubes")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/sign-in"))
    sign_in(page)
    page.goto(edit)
    assert page.input_value("#notes") == "Bring the cubes"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.goto(edit)
    assert page.evaluate("Object.keys(sessionStorage)") == []
    assert page.input_value("#notes") == "Bring the cubes"


def test_the_home_fetches_the_picture_and_keeps_its_own_title(page: Page) -> None:
    page.goto(HUB)
    page.locator(".picture__one").first.wait_for()
    assert page.locator(".picture__one").count() == 7
    assert page.title().startswith("Tamar Moors Maths Hub - ")
    assert page.locator("h1").all_inner_texts() == ["What needs you today?"]

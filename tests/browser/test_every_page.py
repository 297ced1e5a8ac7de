"""Every kind of page of the demo, as a person meets it: legible, within its width, reached by the keyboard."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looks import broken, not_reached, too_wide
from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD, TEACHER, BOARD = "morwenna.sedge@demo.example", "Lead participant", "alma.heather@demo.example"
ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d{4,}(?=/|$)|(?<=/forms/)\w+|(?<=/frameworks/)\w+|(?<=/on/)\w+|(?<=/versions/)\d+"
    r"|(?<=/kinds/)\w+|(?<=/rules/)\w+"
)
FILES = (".ics", ".csv", ".json", ".svg", ".xlsx", ".pdf", ".docx", ".eml", ".zip", ".jsonl", "/file", "/progress")
ADDRESSES = "links => links.map(link => new URL(link.getAttribute('href'), location).href)"
DRAWS_ITSELF = ".note-opening, [hx-trigger='load']"  # the notebook, and what a page fetches once it is there


@dataclass(frozen=True)
class Visitor:
    """A signed-in window; what the browser complains of is noted."""

    page: Page
    complaints: list[str]


def visit(browser: Browser, demo: Server, who: str, width: int = 1280, **options: Any) -> Visitor:
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.goto(f"{demo.address}/demo")
    button = page.locator(f'button[value="{who}"]')
    if not button.count():
        button = page.locator("li", has_text=who).locator("button")
    button.first.click()
    page.wait_for_url(lambda address: not address.endswith("/demo"))
    return Visitor(page, complaints)


def kind_of(path: str) -> str:
    """Pages of one kind count once: their ids do not matter."""
    return ID.sub("*", path)


def links(page: Page, demo: Server) -> Iterator[str]:
    for href in page.eval_on_selector_all("a[href]", ADDRESSES):
        path = urlsplit(href).path
        if href.startswith(demo.address) and not path.startswith(("/static", "/feeds/")) and not path.endswith(FILES):
            yield path


Look = Callable[[Page, str], list[str]]


def every_kind_of_page(visitor: Visitor, demo: Server, starts: list[str], look: Look) -> int:
    """Look at one page of each kind that links lead to, and fail with all that was found: how many pages."""
    seen: set[str] = set()
    faults: list[str] = []
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = visitor.page.goto(demo.address + path)
        assert answer is not None
        if answer.status != 200:
            faults.append(f"{path} answers {answer.status}")
        landed = kind_of(urlsplit(visitor.page.url).path)
        if landed != kind_of(path) and landed in seen:
            continue  # it leads to a page that was looked at
        seen.add(landed)
        visitor.page.wait_for_selector(DRAWS_ITSELF, state="detached")
        waiting += [link for link in links(visitor.page, demo) if kind_of(link) not in seen]
        faults += [f"{path}: {fault}" for fault in look(visitor.page, path)]
    faults += visitor.complaints
    visitor.page.context.close()
    assert not faults, "\n".join(faults)
    return len(seen)


STARTS = ["/hubs/TAMAR", "/my/calendar", "/docs", "/sign-in"]


def test_every_page_is_legible_in_its_width_and_reached_by_the_keyboard(
    browser: Browser, demo: Server, axe: str
) -> None:
    """One walk for all that is looked at: loading a page costs more than most looks."""

    def look(page: Page, _path: str) -> list[str]:
        headings = page.locator("h1").count()
        faults = [f"{headings} main headings"] if headings != 1 else []
        faults += [said] if (said := not_reached(page)) else []
        faults += [f"on a desk: {fault}" for fault in [*broken(page, axe), *too_wide(page, 1280)]]
        page.emulate_media(color_scheme="dark")
        faults += [f"dark: {fault}" for fault in broken(page, axe, "runOnly: ['color-contrast']")]
        page.emulate_media(color_scheme="light")
        colours_were_seen = "rules: {'color-contrast': {enabled: false}, 'link-in-text-block': {enabled: false}}"
        phone = [*too_wide(page, 320), *too_wide(page, 360), *broken(page, axe, colours_were_seen)]
        page.set_viewport_size({"width": 1280, "height": 800})
        return [*faults, *(f"on a phone: {fault}" for fault in phone)]

    visitor = visit(browser, demo, LEAD)
    visitor.page.context.add_init_script(axe)  # sent once; else with every page
    assert every_kind_of_page(visitor, demo, STARTS, look) > 35


def test_a_list_is_narrowed_without_scripts(browser: Browser, demo: Server) -> None:
    visitor = visit(browser, demo, LEAD, java_script_enabled=False)
    page = visitor.page
    page.goto(f"{demo.address}/hubs/TAMAR/schools")
    page.get_by_label("Name, town, postcode or URN").fill("Bellmoor")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("link", name="Bellmoor").count() >= 1
    assert page.get_by_role("link", name="Alderwick").count() == 0
    page.context.close()


OWN = ("/my/", "/note", "/story")  # what the lead has not, or has otherwise; the rest the lead's walk looks at


@pytest.mark.parametrize("who", [TEACHER, BOARD, "Headteacher", "Mastery Specialist"])
def test_others_see_pages_of_their_own(browser: Browser, demo: Server, axe: str, who: str) -> None:
    def look(page: Page, path: str) -> list[str]:
        return broken(page, axe) if path == "/" or any(word in path for word in OWN) else []

    assert every_kind_of_page(visit(browser, demo, who, 360), demo, ["/"], look) > 2

"""Every kind of page of the demo, as a person meets it: legible, within its width, reached by the keyboard."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looks import broken, broken_colours, not_reached, not_seen_yet, too_wide
from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD, TEACHER, BOARD = "morwenna.sedge@demo.example", "Lead participant", "alma.heather@demo.example"
ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d{4,}(?=/|$)|(?<=/forms/)\w+|(?<=/frameworks/)\w+|(?<=/on/)\w+|(?<=/versions/)\d+"
    r"|(?<=/kinds/)\w+|(?<=/rules/)\w+"
)
FILES = (".ics", ".csv", ".json", ".svg", ".xlsx", ".pdf", ".docx", ".eml", ".zip", ".jsonl", "/file", "/progress")
HREF = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
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


def links(hrefs: Iterable[str], demo: Server) -> Iterator[str]:
    for href in hrefs:
        path = urlsplit(href).path
        if href.startswith(demo.address) and not path.startswith(("/static", "/feeds/")) and not path.endswith(FILES):
            yield path


def opened(visitor: Visitor, address: str) -> tuple[int, str, list[str]]:
    """A page in the window, drawn to its end: its status, the address it came to, where its links lead."""
    answer = visitor.page.goto(address)
    assert answer is not None
    visitor.page.wait_for_selector(DRAWS_ITSELF, state="detached")
    return answer.status, visitor.page.url, visitor.page.eval_on_selector_all("a[href]", ADDRESSES)


def read(visitor: Visitor, address: str) -> tuple[int, str, list[str]]:
    """The same without a window, in a tenth of the time; a page that draws itself is opened all the same."""
    answer = visitor.page.request.get(address)
    html = answer.text()
    if any(mark in html for mark in ("note-opening", 'hx-trigger="load"')):
        return opened(visitor, address)
    return answer.status, answer.url, [urljoin(answer.url, unescape(href)) for href in HREF.findall(html)]


Look = Callable[[Page, str], list[str]]


def every_kind_of_page(
    visitor: Visitor, demo: Server, starts: list[str], look: Look, wanted: Callable[[str], bool] = lambda _path: True
) -> int:
    """Look at one page of each `wanted` kind, read the others: all that links lead to. Fails with all that was found.

    Returns how many kinds there are.
    """
    seen: set[str] = set()
    faults: list[str] = []
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        status, came_to, hrefs = (opened if wanted(path) else read)(visitor, demo.address + path)
        if status != 200:
            faults.append(f"{path} answers {status}")
        landed = kind_of(urlsplit(came_to).path)
        if landed != kind_of(path) and landed in seen:
            continue  # it leads to a page that was looked at
        seen.add(landed)
        waiting += [link for link in links(hrefs, demo) if kind_of(link) not in seen]
        if wanted(path):
            faults += [f"{path}: {fault}" for fault in look(visitor.page, path)]
    faults += visitor.complaints
    visitor.page.context.close()
    assert not faults, "\n".join(faults)
    return len(seen)


COLOURS_APART = "rules: {'color-contrast': {enabled: false}, 'link-in-text-block': {enabled: false}}"
STARTS = ["/hubs/TAMAR", "/my/calendar", "/docs", "/sign-in"]


def test_every_page_is_legible_in_its_width_and_reached_by_the_keyboard(
    browser: Browser, demo: Server, axe: str
) -> None:
    """One walk for all that is looked at: loading a page costs more than most looks."""

    drawn: set[str] = set()

    def look(page: Page, _path: str) -> list[str]:
        headings = page.locator("h1").count()
        faults = [f"{headings} main headings"] if headings != 1 else []
        faults += [said] if (said := not_reached(page)) else []
        faults += [f"on a desk: {fault}" for fault in [*broken(page, axe, COLOURS_APART), *too_wide(page, 1280)]]
        if not_seen_yet(page, drawn):
            faults += [f"light: {fault}" for fault in broken_colours(page, axe)]
            page.emulate_media(color_scheme="dark")
            faults += [f"dark: {fault}" for fault in broken_colours(page, axe)]
            page.emulate_media(color_scheme="light")
        phone = [*too_wide(page, 320), *too_wide(page, 360), *broken(page, axe, COLOURS_APART)]
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
    def theirs(path: str) -> bool:
        return path == "/" or any(word in path for word in OWN)

    def look(page: Page, _path: str) -> list[str]:
        return broken(page, axe)

    assert every_kind_of_page(visit(browser, demo, who, 360), demo, ["/"], look, theirs) > 2

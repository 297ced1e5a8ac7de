"""Every kind of page of the demo, as a person meets it: legible, within its width, reached by the keyboard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD, TEACHER, BOARD = "morwenna.sedge@demo.example", "Lead participant", "alma.heather@demo.example"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d{4,}(?=/|$)")
FILES = (".ics", ".csv", ".json", ".svg", ".xlsx", "/progress")
REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MARK = "selector => document.querySelectorAll(selector).forEach((one, n) => { one.dataset.reach = n; })"
VISIBLE = """all => all.filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
    .filter(one => one.type !== 'radio' || one.checked).map(one => one.dataset.reach)"""
ADDRESSES = "links => links.map(link => new URL(link.getAttribute('href'), location).href)"
MANY = 150  # a longer list repeats the same kind of link


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


def every_kind_of_page(visitor: Visitor, demo: Server, starts: list[str]) -> list[str]:
    """One address for each kind of page that links lead to."""
    seen: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen[kind_of(path)] = path
        answer = visitor.page.goto(demo.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        waiting += [link for link in links(visitor.page, demo) if kind_of(link) not in seen]
    return sorted(seen.values())


def broken(page: Page, axe: str, rules: str = "{}") -> list[str]:
    """What axe-core finds, in a line each."""
    page.evaluate(axe)
    found = page.evaluate(f"axe.run(document, {rules})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.fixture(scope="module")
def pages(browser: Browser, demo: Server) -> list[str]:
    """Every kind of page that the hub's lead can reach, and the public ones."""
    visitor = visit(browser, demo, LEAD)
    found = every_kind_of_page(visitor, demo, ["/hubs/TAMAR", "/my/calendar", "/docs"])
    visitor.page.context.close()
    assert len(found) > 35, found
    return [*found, "/sign-in", "/no-such-page"]


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, demo: Server, axe: str, pages: list[str], width: int
) -> None:
    visitor = visit(browser, demo, LEAD, width)
    faults: list[str] = []
    for path in pages:
        visitor.page.goto(demo.address + path)
        faults += [f"{path} at {width}: {fault}" for fault in broken(visitor.page, axe)]
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{path} is {wide} wide on a screen of {width}"] if wide > width else []
        headings = visitor.page.locator("h1").count()
        faults += [f"{path} has {headings} main headings"] if headings != 1 else []
    faults += [said for said in visitor.complaints if "no-such-page" not in said]
    visitor.page.context.close()
    assert not faults, "\n".join(faults)


def test_the_dark_scheme_is_as_legible(browser: Browser, demo: Server, axe: str, pages: list[str]) -> None:
    visitor = visit(browser, demo, LEAD, color_scheme="dark")
    faults: list[str] = []
    for path in pages:
        visitor.page.goto(demo.address + path)
        faults += [f"{path}: {fault}" for fault in broken(visitor.page, axe, "{runOnly: ['color-contrast']}")]
    visitor.page.context.close()
    assert not faults, "\n".join(faults)


def test_at_320_pixels_nothing_sticks_out(browser: Browser, demo: Server, pages: list[str]) -> None:
    visitor = visit(browser, demo, LEAD, 320)
    wide = []
    for path in pages:
        visitor.page.goto(demo.address + path)
        if visitor.page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    visitor.page.context.close()
    assert not wide


def not_reached(page: Page) -> str:
    """What the Tab key does not come to; empty when it comes to everything."""
    page.evaluate(MARK, REACHABLE)
    wanted = set(page.eval_on_selector_all("[data-reach]", VISIBLE))
    if len(wanted) > MANY:
        return ""
    several = page.locator("input[type=date], input[type=time]").count()  # day, month, year and the picker in turn
    for _ in range(len(wanted) + 10 + 4 * several):
        page.keyboard.press("Tab")
        wanted.discard(page.evaluate("document.activeElement?.dataset?.reach ?? ''"))
        if not wanted:
            return ""
    html = page.eval_on_selector(f"[data-reach='{min(wanted)}']", "one => one.outerHTML")
    return f"{len(wanted)} not reached, such as {html[:160]}"


def test_the_keyboard_alone_reaches_everything(browser: Browser, demo: Server, pages: list[str]) -> None:
    visitor = visit(browser, demo, LEAD)
    missed = []
    for path in pages:
        visitor.page.goto(demo.address + path)
        said = not_reached(visitor.page)
        missed += [f"{path}: {said}"] if said else []
    visitor.page.context.close()
    assert not missed, "\n".join(missed)


def test_a_list_is_narrowed_without_scripts(browser: Browser, demo: Server) -> None:
    visitor = visit(browser, demo, LEAD, java_script_enabled=False)
    page = visitor.page
    page.goto(f"{demo.address}/hubs/TAMAR/schools")
    page.get_by_label("Name, town, postcode or URN").fill("Bellmoor")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_role("link", name="Bellmoor").count() >= 1
    assert page.get_by_role("link", name="Alderwick").count() == 0
    page.context.close()


@pytest.mark.parametrize("who", [TEACHER, BOARD, "Headteacher", "Mastery Specialist"])
def test_others_see_pages_of_their_own(browser: Browser, demo: Server, axe: str, who: str) -> None:
    visitor = visit(browser, demo, who, 360)
    found = every_kind_of_page(visitor, demo, ["/"])
    assert len(found) > 2, found
    faults = []
    for path in found:
        visitor.page.goto(demo.address + path)
        faults += [f"{path}: {fault}" for fault in broken(visitor.page, axe)]
    visitor.page.context.close()
    assert not faults, "\n".join(faults)

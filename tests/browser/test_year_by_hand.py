"""Dates moved by hand on the year's grid: dragged, by the keyboard alone, and by touch and menu on a phone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD = "morwenna.sedge@demo.example"
GRID = "/hubs/TAMAR/year?hand=yes"
POSSIBLE = ".year__day:not([aria-disabled])"
FORBIDDEN = ".days__day--barred"
IN_SIGHT = """all => all.map(one => one.getBoundingClientRect()).map(box => [box.x + 20, box.y + 20])
    .find(([x, y]) => document.elementFromPoint(x, y)?.closest('[data-day]'))"""


def signed_in(browser: Browser, demo: Server, *, phone: bool = False) -> Page:
    width = 360 if phone else 1280
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=phone, base_url=demo.address)
    page = context.new_page()
    page.goto("/demo")
    page.locator(f'button[value="{LEAD}"]').click()
    page.wait_for_url(re.compile("/hubs/TAMAR"))
    page.goto(GRID)
    return page


@pytest.fixture
def desk(browser: Browser, demo: Server) -> Iterator[Page]:
    """The hub's lead at a desk, moving dates by hand."""
    page = signed_in(browser, demo)
    yield page
    page.context.close()


@pytest.fixture
def phone(browser: Browser, demo: Server) -> Iterator[Page]:
    """The same on a phone."""
    page = signed_in(browser, demo, phone=True)
    yield page
    page.context.close()


def a_meeting(page: Page) -> Locator:
    """The mark of a meeting some weeks ahead."""
    return page.locator("a.by-hand[title*='meets at']").last


def named(day: Locator) -> str:
    """The day that a square of the grid stands for: Friday 23 April 2027."""
    return (day.locator(".govuk-visually-hidden").text_content() or "").split(":")[0]


def said(page: Page) -> str:
    return page.locator("[data-hand-says]").inner_text()


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def a_week_on(days: list[str], n: int) -> str:
    """The day a week after one of the sorted days, or the next after it."""
    after = str(date.fromisoformat(days[n]) + timedelta(7))
    return next(day for day in days if day >= after)


def faults(page: Page, axe: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def confirm(page: Page) -> None:
    """Say yes to the question; the grid is there again with the date that moved."""
    assert "told:" in page.locator("main").inner_text()
    page.get_by_role("button", name="Move it").click()
    page.get_by_text("Moved. Everybody in it is told.").wait_for()


def test_a_date_is_dragged_over_days_that_say_why_not_to_one_that_is_possible_and_goes_back(desk: Page) -> None:
    mark = a_meeting(desk)
    before = mark.get_attribute("title") or ""
    mark.scroll_into_view_if_needed()
    desk.mouse.move(*middle(mark))
    desk.mouse.down()
    desk.mouse.move(*[each + 12 for each in middle(mark)], steps=3)
    desk.locator(FORBIDDEN).first.wait_for()
    assert desk.locator(".hand__shadow").count() == 1
    desk.mouse.move(*middle(desk.locator(FORBIDDEN).first), steps=3)
    assert re.search(r"\d: a rule is against it\. \w+.*\.", said(desk))
    assert not desk.locator("[data-hand-go]").is_visible()
    chosen = desk.locator(".days__day--free").first
    day = named(chosen)
    desk.mouse.move(*middle(chosen), steps=3)
    assert said(desk).startswith(f"{day}: possible")
    desk.mouse.up()
    desk.wait_for_url(re.compile(r"/move\?to="))
    confirm(desk)
    assert (desk.locator(".by-hand--latest").get_attribute("title") or "").startswith(day)
    desk.get_by_role("link", name="Undo: move it back").click()
    confirm(desk)
    assert desk.locator(".by-hand--latest").get_attribute("title") == before


def test_the_keyboard_alone_picks_a_date_up_looks_at_days_puts_it_back_and_drops_it(desk: Page, axe: str) -> None:
    mark = a_meeting(desk)
    mark.focus()
    desk.keyboard.press("Enter")
    desk.locator("[data-day]").first.wait_for()
    assert said(desk).startswith((mark.get_attribute("title") or "").split(":")[0])
    assert said(desk).endswith("Arrow keys go from day to day, Enter moves it there, Escape puts it back.")
    assert not faults(desk, axe)
    days = sorted(str(one.get_attribute("data-day")) for one in desk.locator("[data-day]").all())
    steps = (("ArrowDown", days[1]), ("ArrowRight", a_week_on(days, 1)), ("End", days[-1]), ("ArrowUp", days[-2]))
    desk.keyboard.press("Home")
    for key, day in steps:
        desk.keyboard.press(key)
        looked = desk.locator("[data-day]:focus")
        assert looked.get_attribute("data-day") == day
        assert said(desk).startswith(f"{named(looked)}: ")
    desk.keyboard.press("Escape")
    assert said(desk).startswith("It stays where it is.")
    assert mark.evaluate("one => one === document.activeElement")
    desk.keyboard.press("Space")
    desk.locator(FORBIDDEN).first.wait_for()
    desk.locator(FORBIDDEN).first.focus()
    desk.keyboard.press("Enter")
    assert "a rule is against it" in said(desk)
    desk.locator(POSSIBLE).first.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/move\?to="))
    desk.get_by_role("link", name="No, go back").click()
    desk.wait_for_url(re.compile("hand=yes"))
    desk.wait_for_function("document.activeElement.classList.contains('by-hand--latest')")


def test_on_a_phone_a_touch_and_the_menu_do_the_same_and_pins_and_swaps_are_there(phone: Page, axe: str) -> None:
    a_meeting(phone).tap()
    menu = phone.get_by_label("Day", exact=True)
    menu.wait_for()
    assert not faults(phone, axe)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    phone.locator(FORBIDDEN).first.tap(force=True)  # it is marked as not to be chosen, and answers all the same
    assert "a rule is against it" in said(phone)
    other = phone.locator(POSSIBLE).first.get_attribute("data-day")
    menu.select_option(other)
    assert "possible" in said(phone)
    phone.get_by_role("link", name="Move it here").tap()
    phone.wait_for_url(re.compile(r"/move\?to="))
    phone.go_back()
    a_meeting(phone).tap()
    menu.wait_for()
    phone.locator("[data-hand] summary").tap()
    assert phone.get_by_text("Swap hosts with").count() > 0
    phone.get_by_role("button", name="Pin it").tap()
    phone.get_by_text("Pinned: it keeps this date and place.").wait_for()
    phone.locator(".by-hand--pinned").tap()
    phone.get_by_text("It is pinned, so nothing moves it.").wait_for()
    phone.locator("[data-hand] summary").tap()
    phone.get_by_role("button", name="Take the pin off").tap()
    phone.get_by_text("The pin is off.").wait_for()
    assert not phone.locator(".by-hand--pinned").count()


def test_a_finger_drags_a_date_to_a_day_that_the_panel_then_covers(phone: Page) -> None:
    mark = a_meeting(phone)
    mark.scroll_into_view_if_needed()
    session = phone.context.new_cdp_session(phone)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    x, y = middle(mark)
    touch("touchStart", (x, y))
    touch("touchMove", (x + 9, y + 9))
    phone.locator("[data-day]").first.wait_for()
    assert not phone.get_by_label("Day", exact=True).is_visible()
    touch("touchMove", phone.eval_on_selector_all(POSSIBLE, IN_SIGHT))
    assert "possible" in said(phone)
    touch("touchEnd")
    phone.wait_for_url(re.compile(r"/move\?to="))

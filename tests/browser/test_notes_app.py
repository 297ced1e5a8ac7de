"""The notebook as an app: legible, reached by keyboard and thumb, small, and installed like any other."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import broken, not_reached, too_wide
from tests.browser.notebooks import a_device, noticed
from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BY_KEYBOARD = ("#/", "/observe", "/waiting", "/device")


def test_every_screen_is_legible_and_reached_by_keyboard_and_thumb(browser: Browser, demo: Server, axe: str) -> None:
    faults: list[str] = []
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.record("meets at")
        sections = page.locator(".note-sections a").evaluate_all("all => all.map((one) => one.hash)")
        for hash_ in ["#/", *sections, "#/waiting", "#/device", "#/record/unknown"]:
            page.goto(f"{device.address}/my/notes{hash_}")
            page.locator("h1").wait_for()
            if hash_.endswith("/observe"):
                page.get_by_role("button", name=re.compile("Start the clock|Pause|Go on")).click()
                noticed(page, "A pupil called Rowan counted on")
                page.get_by_text("Use a letter for a pupil, never a name.").wait_for()
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            faults += [f"{hash_}: {one}" for one in [*broken(page, axe), *too_wide(page, 320), *too_wide(page, 360)]]
            faults += [f"{hash_}: {one}" for one in small_targets(page)]
            reached = not_reached(page) if hash_.endswith(BY_KEYBOARD) else ""
            faults += [f"{hash_}: {reached}"] if reached else []
            page.emulate_media(color_scheme="dark")
            faults += [f"{hash_} dark: {one}" for one in too_faint(page)]
    assert not faults, "\n".join(faults)


def too_faint(page: Page) -> list[str]:
    """Words that are hard to see on their ground."""
    found = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")["violations"]
    return [node["html"][:160] for one in found for node in one["nodes"]]


def small_targets(page: Page) -> list[str]:
    """Buttons and boxes lower than 24 pixels (WCAG 2.2, target size)."""
    found: list[str] = page.locator("main button:visible, main input:visible, main select:visible").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML.slice(0, 120))"
    )
    return found


def test_it_installs_and_its_files_are_small(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        speaking = device.context.new_cdp_session(page)
        told = speaking.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [one for one in told if one["errorId"] != "in-incognito"] == []
        manifest = speaking.send("Page.getAppManifest")
        assert not manifest["errors"]
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        assert device.page.locator("meta[name=viewport]").get_attribute("content")
        kept = page.evaluate("""async () => {
          const [name] = await caches.keys();
          const cache = await caches.open(name);
          const small = (answer) => new Response(answer.body.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
          const sizes = await Promise.all((await cache.matchAll()).map(async (one) => (await small(one)).byteLength));
          return [(await cache.keys()).map((one) => new URL(one.url).pathname), sizes.reduce((a, b) => a + b)];
        }""")
        assert "/my/notes" in kept[0]
        assert not [path for path in kept[0] if not path.startswith(("/static/", "/my/notes", "/app.webmanifest"))]
        assert kept[1] < 200_000


def test_tabs_of_a_device_follow_each_other_and_lock_together(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as device:
        device.sign_in()
        device.open_ready()
        device.record("meets at", section="Discuss")
        other = device.context.new_page()
        other.goto(device.page.url)
        device.network(on=False)
        device.page.get_by_role("textbox", name="What does it tell us?").fill("One tab after another")
        expect(other.get_by_role("textbox", name="What does it tell us?")).to_have_value("One tab after another")
        device.network(on=True)
        device.page.goto(f"{device.address}/my/calendar")
        device.page.get_by_role("button", name="Sign out").click()
        other.get_by_role("heading", name=re.compile("^Sign in")).wait_for()
        assert "One tab after another" not in other.inner_text("body")
        assert other.locator("textarea").count() == 0

"""Passkeys in a browser with a device of its own (a virtual authenticator); a stolen session ended from another."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD = "morwenna.sedge@demo.example"
TABLET = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def named(browser: Browser, demo: Server) -> str:
    """The demo by its name."""
    assert browser
    return demo.settings["HALFTERM_BASE_URL"]


def a_context(browser: Browser, address: str, **more: str) -> BrowserContext:
    return browser.new_context(viewport={"width": 360, "height": 800}, base_url=address, **more)  # type: ignore[arg-type]


def with_a_device(page: Page, *, verifies: bool = True) -> None:
    """Give the page's browser a built-in authenticator whose owner's finger is on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page) -> None:
    page.goto("/demo")
    page.locator(f'button[value="{LEAD}"]').click()
    page.wait_for_url(re.compile("/hubs/TAMAR"))


def test_a_passkey_is_made_and_opens_by_the_keyboard_alone(browser: Browser, named: str, axe: str) -> None:
    context = a_context(browser, named)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with_a_device(page)
    sign_in(page)
    page.get_by_role("link", name="my account").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.fill("#name", "Sedge's phone")
    assert faults(page, axe) == []
    page.locator("#name").press("Enter")
    page.get_by_text("The passkey Sedge's phone is made").wait_for()
    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.clear_cookies()
    page.goto("/sign-in?back=/my/account")
    button = page.get_by_role("button", name="Sign in with a passkey")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/my/account"))
    page.get_by_text("by a passkey").first.wait_for()
    assert not complaints
    context.close()


def test_every_failure_is_a_sentence(browser: Browser, named: str) -> None:
    context = a_context(browser, named)
    page = context.new_page()
    with_a_device(page, verifies=False)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").get_by_text("Nothing was chosen, or it took too long.").wait_for()
    context.set_offline(True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").get_by_text("The server could not be reached.").wait_for()
    context.close()


def test_without_script_the_link_is_there_and_nothing_pretends(browser: Browser, named: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=named)
    page = context.new_page()
    page.goto("/sign-in")
    assert page.get_by_role("button", name="Send me a link").is_visible()
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    context.close()


def test_a_stolen_session_is_ended_from_another_browser(browser: Browser, named: str) -> None:
    thief, owner = a_context(browser, named, user_agent=TABLET), a_context(browser, named)
    theirs, own = thief.new_page(), owner.new_page()
    sign_in(theirs)
    sign_in(own)
    own.goto("/my/account")
    own.get_by_role("link", name="Sign out Safari on an iPad").click()
    own.get_by_role("button", name="Sign it out").click()
    own.get_by_text("Safari on an iPad is signed out.").wait_for()
    theirs.goto("/hubs/TAMAR/people")
    theirs.wait_for_url(re.compile("/sign-in"))
    own.goto("/hubs/TAMAR/people")
    assert own.url.endswith("/people")
    thief.close()
    owner.close()


def faults(page: Page, axe: str) -> list[str]:
    """What axe finds wrong on the page as it stands."""
    page.evaluate(axe)
    return page.evaluate("axe.run().then(found => found.violations.map(one => one.id + ': ' + one.help))")  # type: ignore[no-any-return]

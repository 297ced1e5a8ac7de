"""Who came, said on a device without a network: kept through a closed browser, sent once, shown as it stands."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looks import broken
from tests.browser.notebooks import Device, a_lasting_device
from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def an_event(device: Device) -> dict[str, Any]:
    """One that the signed-in person leads, that has begun and can be said of without a because."""
    told = device.context.request.get(f"{device.address}/my/attendance/device").json()
    now = datetime.fromisoformat(told["now"])
    begun = [one for one in told["events"] if datetime.fromisoformat(one["starts_at"]) < now and not one["late"]]
    if not begun:
        pytest.skip("no event of the demo is a few days past today")
    found: dict[str, Any] = begun[-1]
    return found


def test_who_came_survives_a_closed_browser_and_is_recorded_once(
    browser: Browser, demo: Server, axe: str, tmp_path: Path
) -> None:
    with a_lasting_device(browser, demo, tmp_path) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        event = an_event(device)
        name = event["guests"][0]["name"]
        device.network(on=False)
        page.goto(f"{device.address}/my/notes#/came/{event['event']}")
        page.get_by_role("heading", name="Who came?").wait_for()
        away = page.get_by_role("button", name=f"Not here : {name}")
        if away.get_attribute("aria-pressed") == "false":
            away.focus()
            page.keyboard.press("Enter")
        page.get_by_label(f"Why {name} is not here").fill("The bridge was shut")
        page.get_by_label("Name of the visitor").fill("Wilfa Marrow")
        page.keyboard.press("Tab")
        page.keyboard.type("Hill Trust")
        page.get_by_role("button", name="Add the visitor").click()
        page.get_by_role("heading", name="Wilfa Marrow").wait_for()
        page.get_by_text("words on who came wait to be sent").wait_for()
        assert broken(page, axe) == []
    with a_lasting_device(browser, demo, tmp_path) as device:
        page = device.page
        device.network(on=False)
        page.goto(f"{device.address}/my/notes#/came/{event['event']}")
        expect(page.get_by_label(f"Why {name} is not here")).to_have_value("The bridge was shut")
        expect(page.get_by_role("heading", name="Wilfa Marrow")).to_be_visible()
        device.network(on=True)
        device.all_sent()
        expect(page.locator(".note-came__guest .note-status").first).to_have_text("Saved")
        stands = next(one for one in told_of(device) if one["event"] == event["event"])
        assert [(one["state"], one["because"]) for one in stands["guests"][:1]] == [("absent", "The bridge was shut")]
        assert [one["school"] for one in stands["visitors"] if one["name"] == "Wilfa Marrow"] == ["Hill Trust"]
        page.get_by_role("button", name="Take out : Wilfa Marrow").click()
        expect(page.get_by_role("heading", name="Wilfa Marrow")).to_be_hidden()
        device.all_sent()
        stands = next(one for one in told_of(device) if one["event"] == event["event"])
        assert all(one["name"] != "Wilfa Marrow" for one in stands["visitors"])


def told_of(device: Device) -> list[dict[str, Any]]:
    """What the server has, asked past the page's own network."""
    events: list[dict[str, Any]] = device.context.request.get(f"{device.address}/my/attendance/device").json()["events"]
    return events

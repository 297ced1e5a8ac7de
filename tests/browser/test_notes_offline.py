"""The notebook where the network fails: nothing is lost, nothing comes twice, nobody reads what is another's."""

import io
import re
import signal
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.notebooks import FULL, LEAD_NAME, SENT, Device, a_device, a_lasting_device, add, noticed, photo
from tests.system.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def untouched(device: Device) -> None:
    """Opens the first observation in which nobody has written yet: which one that is, the plan of the year decides."""
    for nth in range(9):
        device.record(section="Observe", nth=nth)
        if device.page.get_by_role("button", name="Start the clock").count():
            return


def plan_and_observe(device: Device) -> None:
    """The lesson's plan, the clock, what was noticed, a pupil, two photos."""
    page = device.page
    untouched(device)
    device.section("Plan")
    page.get_by_label("What is the lesson about?").fill("Finding a third of a quantity")
    page.get_by_label("Year 3").check()
    page.get_by_label("Fluency").check()
    page.get_by_label("What is the small step?").fill("From halves\nto thirds")
    device.section("Observe")
    page.get_by_role("button", name="Start the clock").click()
    page.get_by_role("button", name="Tag this moment", exact=True).click()
    page.get_by_label("In a few words").last.fill("The bar is drawn")
    noticed(page, "Most drew three parts")
    noticed(page, "Some parts were not equal")
    add(page, "Focus pupils")
    page.get_by_label("What they said, wrote or made").last.fill("Three and three and three")
    for colour in (40, 200):
        page.get_by_label("Choose a photo").set_input_files([photo(colour)])
        page.get_by_label("What it shows").last.wait_for()
    expect(page.locator(".note-photo")).to_have_count(2)
    page.get_by_label("What it shows").last.fill("The board at the end")
    page.get_by_text("On this device").first.wait_for()


def test_a_whole_observation_without_a_network_survives_the_browser_and_arrives_once(
    browser: Browser, demo: Server, tmp_path: Path
) -> None:
    with a_lasting_device(browser, demo, tmp_path) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.network(on=False)
        page.reload()
        plan_and_observe(device)
        here = page.url
    with a_lasting_device(browser, demo, tmp_path) as device:
        page = device.page
        device.network(on=False)
        page.goto(here)
        expect(page.get_by_label("I noticed", exact=True)).to_have_count(2)
        expect(page.get_by_label("I noticed", exact=True).first).to_have_value("Most drew three parts")
        expect(page.locator(".note-photo img")).to_have_count(2)
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        device.section("Discuss")
        page.get_by_label("What did we notice?").fill("Equal parts are the point")
        page.get_by_label("What did we notice?").blur()
        rev = device_rev(device)
        device.network(on=True)
        device.all_sent()
        assert device.stored("lesson") == ["Finding a third of a quantity"]
        assert device.stored("small_step") == ["From halves\nto thirds"]
        assert device.stored("big_ideas") == [["fluency"]]
        assert device.stored("pupils#*.letter") == ["A"]
        assert device.stored("we_noticed") == ["Equal parts are the point"]
        assert [one for one in device.stored("noticed/*#*.text") if "parts" in one] == [
            "Most drew three parts",
            "Some parts were not equal",
        ]
        shas = device.stored("photos#*.sha")
        assert len(set(shas)) == 2
        ids = [op["op_id"] for op in device.sent]
        assert ids == sorted(set(ids)), "each once and in the order of writing"
        assert device.document()["rev"] == rev + len(ids)
        for sha in shas:
            whole(device, sha)


def device_rev(device: Device) -> int:
    """The record's revision before anything was sent: the server is asked past the page's own network."""
    rev: int = device.document()["rev"]
    return rev


def whole(device: Device, sha: str) -> None:
    """The photo is on the server, as a JPEG no side of which is longer than 2,048 pixels."""
    note = device.document()["event"]["id"]
    here = f"{device.address}/my/notes/{note}/photos/{sha}"
    for _ in range(50):
        if device.context.request.get(f"{here}/received").json()["whole"]:
            break
        device.page.wait_for_timeout(100)
    image = device.context.request.get(here).body()
    assert image[:2] == b"\xff\xd8"
    assert b"Location" not in image
    assert max(jpeg_size(image)) <= 2048


def jpeg_size(image: bytes) -> tuple[int, int]:
    """Height and width, from the frame header."""
    reader = io.BytesIO(image[2:])
    while True:
        marker, length = struct.unpack(">HH", reader.read(4))
        if 0xFFC0 <= marker <= 0xFFC3:
            high, wide = struct.unpack(">xHH", reader.read(5))
            return high, wide
        reader.read(length - 2)


def test_a_server_killed_in_the_middle_of_sending_takes_everything_once(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.record("meets at", section="Discuss")
        rev = device_rev(device)
        killed: list[int] = []

        def take_and_die(route: Route) -> None:
            if killed:
                route.continue_()
                return
            route.fetch()  # the server takes it, and nobody hears of it
            killed.append(demo.stop(signal.SIGKILL))
            route.abort()

        page.route("**/my/notes/operations", take_and_die)
        page.get_by_label("What does it tell us?").fill("Before the fall")
        page.get_by_label("What does it tell us?").blur()
        page.get_by_text("No network. 1 piece of writing waits to be sent.").wait_for()
        assert killed
        page.reload()
        page.get_by_label("What did we notice?").fill("While it was away")
        page.get_by_label("What did we notice?").blur()
        demo.command = ("demo", "--keep")
        demo.start()
        page.goto(f"{device.address}/my/notes#/waiting")
        page.get_by_role("button", name="Send now").click()
        device.all_sent()
        page.go_back()
        assert device.stored("tells_us") == ["Before the fall"]
        assert device.stored("we_noticed") == ["While it was away"]
        assert device.document()["rev"] == rev + len({op["op_id"] for op in device.sent})


def test_a_full_device_keeps_the_words_in_their_box_and_offers_a_file(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        page.add_init_script(FULL)
        device.sign_in()
        device.open_ready()
        device.record("meets at", section="What we agree")
        device.network(on=False)
        device.full(is_full=True)
        box = page.get_by_label("Agreed summary")
        box.fill("A long sentence that finds no room. " * 20)
        page.get_by_text("This device is full.").first.wait_for()
        expect(box).to_have_value("A long sentence that finds no room. " * 20)
        with page.expect_download() as got:
            page.get_by_role("button", name="Save as a file").click()
        assert "finds no room" in Path(got.value.path()).read_text("utf-8")
        device.network(on=True)  # nothing can be kept, but everything can be sent
        device.all_sent()
        box.blur()
        expect(page.get_by_text("This device is full.")).to_be_hidden()
        expect(box).to_have_value("A long sentence that finds no room. " * 20)
        assert device.stored("agreed_summary") == ["A long sentence that finds no room. " * 20]


def test_a_second_person_on_the_device_sees_nothing_and_loses_nothing_of_the_first(
    browser: Browser, demo: Server
) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.record(section="My own notes")
        first = page.url
        device.network(on=False)
        page.get_by_label("For me alone").fill("Nobody else reads this heron")
        page.get_by_text("On this device").first.wait_for()
        device.network(on=True)
        page.route("**/my/notes/operations", lambda route: route.abort())
        page.goto(f"{device.address}/my/calendar")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(re.compile(r"/$"))
        device.network(on=False)
        page.goto(first)
        page.get_by_role("heading", name="Sign in once with a network").wait_for()
        assert_nothing_of_the_first(page)
        device.network(on=True)
        device.sign_in("Mastery Readiness Lead")
        device.open()
        page.get_by_role("heading", name="My next 14 days").wait_for()
        page.locator("#note-who").filter(has_text=re.compile(r"\w")).wait_for()
        assert_nothing_of_the_first(page)
        page.goto(f"{device.address}/my/notes#/waiting")
        page.get_by_text(f"{SENT[:-1]}.").first.wait_for()
        assert_nothing_of_the_first(page)
        page.unroute("**/my/notes/operations")
        device.sign_in()
        page.goto(first)
        device.all_sent()
        expect(page.get_by_label("For me alone")).to_have_value("Nobody else reads this heron")
        assert device.stored("own_notes/*") == ["Nobody else reads this heron"]


def test_a_sign_in_that_ended_locks_the_device_and_keeps_what_waits(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.record("meets at", section="My own notes")
        here = page.url
        device.network(on=False)
        page.get_by_label("For me alone").fill("Before it ended")
        page.get_by_text("On this device").first.wait_for()
        device.context.clear_cookies()
        device.network(on=True)
        page.get_by_text(
            re.compile(r"Your sign-in has ended\. \d+ pieces? of writing (is|are) safe on this device\.")
        ).wait_for()
        assert_nothing_of_the_first(page)
        assert page.get_by_role("link", name="Sign in").get_attribute("href") == "/sign-in?back=/my/notes"
        device.sign_in()
        page.goto(here)
        device.all_sent()
        assert device.stored("own_notes/*") == ["Before it ended"]


def refuse(route: Route) -> None:
    """A server that takes nothing, with a because."""
    operations = route.request.post_data_json["operations"]
    because = "The record is agreed."
    answers = [{"op_id": op["op_id"], "outcome": "refused", "because": because, "rev": 0} for op in operations]
    route.fulfill(json={"answers": answers, "revs": {}})


def test_what_is_refused_waits_with_its_because_and_goes_only_when_its_writer_says_so(
    browser: Browser, demo: Server, tmp_path: Path
) -> None:
    with a_device(browser, demo) as device:
        page = device.page
        device.sign_in()
        device.open_ready()
        device.record("meets at", section="Observe")
        here = page.url
        page.route("**/my/notes/operations", refuse)
        noticed(page, "The first of two")
        noticed(page, "The second of two")
        page.get_by_text("Needs you: The record is agreed.").nth(1).wait_for()
        page.get_by_role("link", name="Waiting to be sent").click()
        with page.expect_download() as got:
            page.get_by_role("button", name="Save these as a file").click()
        got.value.save_as(tmp_path / "unsent.json")
        page.get_by_role("link", name="Discard").first.click()
        page.get_by_role("heading", name="Discard this piece of writing?").wait_for()
        page.get_by_role("button", name="Discard it").click()
        expect(page.get_by_role("link", name="Discard")).to_have_count(1)
        page.unroute("**/my/notes/operations")
        page.get_by_role("button", name="Send again").click()
        device.all_sent()
        page.get_by_label("Read in a file").set_input_files(tmp_path / "unsent.json")
        page.get_by_text("2 pieces of writing read in.").wait_for()
        device.all_sent()
        page.goto(here)
        assert {"The first of two", "The second of two"} <= set(device.stored("noticed/*#*.text"))
        page.get_by_role("button", name="Take out of I noticed ...").first.click()
        page.get_by_role("button", name="Put it back").click()
        expect(page.get_by_label("I noticed", exact=True).first).to_be_focused()


ALL_STORED = """async () => {
  const open = indexedDB.open("halfterm-notes");
  await new Promise((done) => { open.onsuccess = done; });
  const db = open.result;
  const read = (name) => new Promise((done) => {
    const got = db.transaction(name).objectStore(name).getAll();
    got.onsuccess = () => done(got.result);
  });
  const all = [];
  for (const name of db.objectStoreNames) for (const row of await read(name)) {
    for (const [key, value] of Object.entries(row)) {
      all.push(key, value instanceof ArrayBuffer ? new TextDecoder().decode(value) : String(value));
    }
  }
  db.close();
  return all.join("\\n");
}"""


def assert_nothing_of_the_first(page: Page) -> None:
    for text in (page.inner_text("body"), page.evaluate(ALL_STORED)):
        for secret in ("heron", "Before it ended", "watches a lesson", LEAD_NAME):
            assert secret not in text


def test_two_texts_stand_side_by_side_until_somebody_chooses(browser: Browser, demo: Server) -> None:
    with a_device(browser, demo) as phone, a_device(browser, demo, 1280) as tablet:
        for device in (phone, tablet):
            device.sign_in()
            device.open_ready()
            device.record("meets at", section="Plan")
            device.network(on=False)
        for device, words in ((phone, "Written on the phone"), (tablet, "Written on the tablet")):
            device.page.get_by_label("What feedback is wanted?").fill(words)
            device.page.get_by_label("What feedback is wanted?").blur()
        phone.network(on=True)
        phone.all_sent()
        tablet.network(on=True)
        group = tablet.page.get_by_role("group", name="Two texts for What feedback is wanted?")
        group.wait_for()
        expect(group).to_contain_text("Written on the phone")
        expect(group).to_contain_text("Written on the tablet")
        group.get_by_role("button", name="Keep both").click()
        box = tablet.page.get_by_role("textbox", name="What feedback is wanted?")
        expect(box).to_have_value("Written on the phone\n\nWritten on the tablet")
        tablet.all_sent()
        assert tablet.stored("feedback_wanted") == ["Written on the phone\n\nWritten on the tablet"]
        phone.page.reload()
        expect(phone.page.get_by_role("textbox", name="What feedback is wanted?")).to_have_value(
            "Written on the phone\n\nWritten on the tablet"
        )

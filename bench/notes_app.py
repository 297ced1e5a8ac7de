"""Opening the notebook without a network, on a processor four times slower, with thirty records on the device.

python -m bench.notes_app [ROUNDS]
"""

import json
import shutil
import statistics
import sys
import tempfile
import uuid
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

from tests.browser.conftest import NAMES, QUIET
from tests.browser.notebooks import a_device
from tests.system.servers import Server

RECORDS = 30
SLOWER = 4
SEEN = """new MutationObserver((_, watch) => {
  if (!document.querySelector(".note-card")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.listed = performance.now(); }));
}).observe(document, {childList: true, subtree: true});"""


def many(route: Route) -> None:
    """The server's answer with its records over and over, until there are thirty."""
    told = route.fetch().json()
    notes = told["notes"]
    told["notes"] = [again(notes[n % len(notes)], n) for n in range(RECORDS)] if notes else []
    route.fulfill(json=told)


def again(note: dict[str, object], number: int) -> dict[str, object]:
    copy: dict[str, object] = json.loads(json.dumps(note))
    event = copy["event"]
    assert isinstance(event, dict)
    event["id"] = str(uuid.UUID(int=number + 1))
    return copy


def measured(server: Server, rounds: int) -> list[float]:
    """Milliseconds from opening to the list on the screen."""
    taken = []
    path = next(found for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        with a_device(browser, server) as device:
            device.page.add_init_script(SEEN)
            device.page.route("**/my/notes/device", many)
            device.sign_in()
            device.open_ready()
            device.network(on=False)
            slowing = device.context.new_cdp_session(device.page)
            slowing.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            for _ in range(rounds):
                device.page.goto("about:blank")
                device.open()
                device.page.locator(".note-card").first.wait_for()
                device.page.wait_for_timeout(500)
                assert device.page.locator(".note-card").count() == RECORDS
                taken.append(float(device.page.evaluate("window.listed")))
        browser.close()
    return taken


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo", ("demo",), settings={"HALFTERM_MODE": "demo"})
        server.data_dir.mkdir()
        server.start()
        try:
            taken = measured(server, rounds)
        finally:
            server.stop()
    print(f"{rounds} rounds: median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms")


if __name__ == "__main__":
    main()

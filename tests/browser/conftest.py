"""A Chromium that is found, the built assets, and the demo for it to visit."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.system.servers import Server

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _without(what: str) -> NoReturn:
    """Skip in one line; fail where a browser is required."""
    if os.environ.get("HALFTERM_REQUIRE_BROWSER") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, which comes with the browser assets."""
    if not AXE.is_file() or not (ROOT / "static/manifest.json").is_file():
        _without("The browser assets are not built (make assets), so pages are not looked at.")
    return AXE.read_text("utf-8")


# For one module only: while it is open, its event loop stands in the way of asynchronous tests.
@pytest.fixture(scope="module")
def browser(axe: str) -> Iterator[Browser]:
    """A Chromium of the machine's, else Playwright's own."""
    assert axe
    with sync_playwright() as playwright:
        path = next((found for name in NAMES if (found := shutil.which(name))), playwright.chromium.executable_path)
        if not Path(path).exists():
            _without("No Chromium was found, so pages are not looked at.")
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real program with the demo hub, once a run. Ask for `browser` before it: without one it is not made."""
    server = Server(tmp_path_factory.mktemp("demo"), ("demo",), settings={"HALFTERM_MODE": "demo"})
    server.settings["HALFTERM_BASE_URL"] = f"http://localhost:{server.port}"  # a number can have no passkeys
    server.start()
    yield server
    server.stop()

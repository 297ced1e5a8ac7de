"""A device with the offline notebook: a browser that keeps its data, somebody signed in, the network in our hands."""

import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import NAMES, QUIET
from tests.system.servers import Server

LEAD, LEAD_NAME = "Mastery Specialist", "Elin Alder"
# A browser without room refuses to store, with this very error; Chromium does not keep to a quota set from outside.
FULL = """for (const name of ["add", "put"]) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    if (window.full) throw new DOMException("No room", "QuotaExceededError");
    return real.apply(this, given);
  };
}"""
SENT = "Everything is sent."


def a_picture(colour: int) -> bytes:
    """A PNG of 2,600 by 40 pixels in one grey, with a text chunk as cameras leave them."""
    wide, high = 2600, 40

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\x00" + bytes([colour]) * wide) * high)
    header = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    where = chunk(b"tEXt", b"Location\x0051.5,-0.1")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + where + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@dataclass
class Device:
    """One page of the notebook and what it sent."""

    context: BrowserContext
    page: Page
    address: str
    sent: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, role: str = LEAD) -> None:
        self.page.goto(f"{self.address}/demo")
        self.page.locator("li", has_text=role).locator("button").first.click()
        self.page.wait_for_url(lambda address: not address.endswith("/demo"))

    def open(self) -> None:
        self.page.goto(f"{self.address}/my/notes")

    def open_ready(self) -> None:
        """Open it with a network and wait until it would open without one."""
        self.open()
        self.page.get_by_text("Ready for offline", exact=True).first.wait_for()
        self.all_sent()

    def record(self, words: str = "watches a lesson", section: str = "", nth: int = 0) -> None:
        self.page.goto(f"{self.address}/my/notes#/")
        self.page.locator(".note-card h3 a", has_text=words).nth(nth).click()
        if section:
            self.section(section)

    def section(self, title: str) -> None:
        self.page.locator(".note-sections a", has_text=re.compile(f"^{title}$")).click()
        self.page.locator("h1", has_text=title).wait_for()

    def network(self, *, on: bool) -> None:
        self.context.set_offline(not on)

    def all_sent(self) -> None:
        self.page.locator(".note-state", has_text=SENT).wait_for()

    def stored(self, path: str) -> list[Any]:
        """What the server has at a place of the open record (`*` for any item): its heads' values."""
        kept = re.compile(re.escape(path).replace(r"\*", "[0-9a-f-]+") + "$")
        return [head["value"] for one in self.document()["values"] if kept.match(one["path"]) for head in one["heads"]]

    def document(self) -> dict[str, Any]:
        note = re.search(r"#/record/([0-9a-f-]+)", self.page.url)
        assert note is not None, self.page.url
        answer = self.context.request.get(
            f"{self.address}/my/notes/{note[1]}/record", headers={"Accept": "application/json"}
        )
        assert answer.ok, answer.text()
        told: dict[str, Any] = answer.json()
        return told

    def full(self, *, is_full: bool) -> None:
        """Whether the browser finds room for more (after FULL)."""
        self.page.evaluate("full => { window.full = full; }", is_full)


def _device(context: BrowserContext, server: Server) -> Device:
    context.set_default_timeout(10_000)
    page = context.pages[0] if context.pages else context.new_page()
    device = Device(context, page, server.address)
    page.on("pageerror", lambda error: device.complaints.append(str(error)))
    page.on("console", lambda said: _complain(device, said.text) if said.type == "error" else None)
    page.on("request", lambda asked: _note(device, asked.url, asked.post_data_json if asked.method == "POST" else None))
    return device


def _complain(device: Device, text: str) -> None:
    if "ERR_" not in text and "Failed to load resource" not in text:  # a network that is away says so
        device.complaints.append(text)


def _note(device: Device, url: str, body: Any) -> None:
    if url.endswith("/my/notes/operations"):
        device.sent += body["operations"]


@contextmanager
def a_device(browser: Browser, server: Server, width: int = 360, **options: Any) -> Iterator[Device]:
    """A device that forgets everything in the end; what the browser complained of fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    device = _device(context, server)
    yield device
    context.close()
    assert not device.complaints, device.complaints


@contextmanager
def a_lasting_device(browser: Browser, server: Server, folder: Path) -> Iterator[Device]:
    """A device whose browser may be closed and opened again."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=path, args=list(QUIET), viewport={"width": 360, "height": 800}
    )
    device = _device(context, server)
    yield device
    context.close()
    assert not device.complaints, device.complaints


def photo(colour: int) -> dict[str, object]:
    return {"name": "board.png", "mimeType": "image/png", "buffer": a_picture(colour)}


def add(page: Page, field: str) -> None:
    page.get_by_role("button", name=f"Add one to {field}").click()


def noticed(page: Page, words: str) -> None:
    add(page, "I noticed ...")
    page.get_by_label("I noticed", exact=True).last.fill(words)
    page.get_by_label("I noticed", exact=True).last.blur()

"""A mailbox is read by IMAP: what is unread is taken, and marked only once it is in the database."""

import asyncio
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.actions.feeds import receiving
from app.kit.errors import BadInputError
from app.settings import read_settings
from app.store.database import Database
from app.store.mail import inbox
from app.store.mail.inbox import Mailbox
from tests.feeds.answers import away
from tests.makers import NOW, a_hub


class Scripted(socketserver.StreamRequestHandler):
    """As much of an IMAP server as a reader of a mailbox needs (RFC 9051)."""

    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            box.said.append(rest)
            if rest.startswith("LOGIN") and '"p w"' not in rest:
                self.say(f"{tag} NO wrong password")
                continue
            self.answer(box, rest)
            self.say(f"{tag} OK done")
            if rest == "LOGOUT":
                return

    def answer(self, box: "Box", rest: str) -> None:
        if rest == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif rest.startswith("SELECT"):
            self.say(f"* {len(box.messages)} EXISTS")
        elif rest.startswith("UID SEARCH"):
            self.say("* SEARCH " + " ".join(str(uid) for uid in box.messages if uid not in box.seen))
        elif fetch := re.match(r"UID FETCH (\d+)", rest):
            raw = box.messages[int(fetch[1])]
            self.wfile.write(f"* 1 FETCH (UID {fetch[1]} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        elif store := re.match(r"UID STORE (\d+) \+FLAGS.SILENT \(\\Seen\)", rest):
            box.seen.add(int(store[1]))

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Box:
    """What lies in the mailbox, what is marked as read, and what was asked of it."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = dict(enumerate(messages, start=1))
        self.seen: set[int] = set()
        self.said: list[str] = []
        self.url = ""


@contextmanager
def serving(box: Box) -> Iterator[Box]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scripted) as server:
        server.daemon_threads = True
        server.box = box  # type: ignore[attr-defined]
        box.url = f"imap://me:p%20w@127.0.0.1:{server.server_address[1]}/Answers"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()


async def test_what_is_unread_is_taken_and_then_marked(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        await a_hub(db)
    with serving(Box(away("ann@school.example"), b"Subject: What?\r\n\r\nHello")) as box:
        settings = read_settings(now=NOW, data_dir=tmp_path, imap_url=box.url)
        here = receiving.Inbox(database, tmp_path)
        assert await receiving.take_waiting(here, settings, NOW) == {"automatic": 1, "filed": 1}
        assert box.seen == {1, 2}
        assert 'SELECT "Answers"' in box.said
        assert await receiving.take_waiting(here, settings, NOW) == {}


async def test_what_could_not_be_taken_stays_unread(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken_off(*_: object) -> str:
        raise RuntimeError("the power went")

    monkeypatch.setattr(receiving, "_taken", broken_off)
    with serving(Box(b"Subject: One\r\n\r\n1")) as box:
        settings = read_settings(now=NOW, data_dir=tmp_path, imap_url=box.url)
        assert await receiving.take_waiting(receiving.Inbox(database, tmp_path), settings, NOW) == {"failed": 1}
        assert box.seen == set()


async def test_a_mailbox_that_lets_nobody_in_is_a_sentence(database: Database, tmp_path: Path) -> None:
    with serving(Box()) as box:
        settings = read_settings(now=NOW, data_dir=tmp_path, imap_url=box.url.replace("p%20w", "wrong"))
        with pytest.raises(BadInputError, match="HALFTERM_IMAP_URL"):
            await receiving.take_waiting(receiving.Inbox(database, tmp_path), settings, NOW)


async def test_fetching_a_message_marks_nothing() -> None:
    with serving(Box(b"Subject: One\r\n\r\n1")) as box:
        mail = await asyncio.to_thread(Mailbox, box.url)
        assert await asyncio.to_thread(lambda: list(mail.waiting())) == [("1", b"Subject: One\r\n\r\n1")]
        await asyncio.to_thread(mail.close)
        assert box.seen == set()


def test_a_message_of_no_hub_is_kept_once(tmp_path: Path) -> None:
    assert inbox.put_aside(tmp_path, b"one") == inbox.put_aside(tmp_path, b"one")
    assert [path.read_bytes() for path in inbox.unsorted(tmp_path).iterdir()] == [b"one"]

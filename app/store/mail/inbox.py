"""Where mail comes in from: a folder of files, or a mailbox. What was taken is moved or marked only afterwards."""

import hashlib
import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS = 30
IMAP_ERROR = imaplib.IMAP4.error
MOST = 25 * 1024 * 1024  # bytes of one message


class Source(Protocol):
    """Somewhere messages wait, each under a key until it is taken."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Every message that was not taken yet."""
        ...

    def took(self, key: str) -> None:
        """This one is in the database now, or needs nothing."""
        ...

    def close(self) -> None:
        """Done for now."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Files that end in .eml; what was taken lies in `read` beside them."""

    path: Path

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The files, by name."""
        for found in sorted(self.path.glob("*.eml")):
            if found.is_file():
                yield found.name, found.read_bytes()

    def took(self, key: str) -> None:
        """Move the file; one of the same name there before is kept beside it."""
        done = self.path / "read"
        done.mkdir(parents=True, exist_ok=True)
        target, again = done / key, 1
        while target.exists():
            target, again = done / f"{Path(key).stem}-{again}.eml", again + 1
        (self.path / key).rename(target)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class Given:
    """Messages that somebody handed over: they stay where they are."""

    messages: tuple[tuple[str, bytes], ...]

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Each of them."""
        yield from self.messages

    def took(self, key: str) -> None:
        """They are not ours to move."""

    def close(self) -> None:
        """Nothing is held open."""


class Mailbox:
    """A folder of a mail server, by IMAP (RFC 9051): unread messages are taken, and marked as read once they are."""

    def __init__(self, address: str) -> None:
        url = urlsplit(address)
        host, secure = url.hostname or "127.0.0.1", url.scheme == "imaps"
        port = url.port or (993 if secure else 143)
        self._mail: imaplib.IMAP4 = (
            imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
            if secure
            else imaplib.IMAP4(host, port, timeout=SECONDS)
        )
        try:
            self._mail.login(unquote(url.username or ""), unquote(url.password or ""))
            self._open(unquote(url.path.lstrip("/")) or "INBOX")
        except BaseException:
            self._mail.shutdown()
            raise

    def _open(self, folder: str) -> None:
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, said = self._mail.select(f'"{quoted}"')
        if answer != "OK":
            raise imaplib.IMAP4.error(f"the folder {folder} cannot be opened: {said!r}")

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Unread messages, the oldest first; fetching one does not mark it."""
        _, found = self._mail.uid("SEARCH", "UNSEEN", "UNDELETED")
        for uid in (found[0] or b"").split():
            _, parts = self._mail.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is not None:
                yield uid.decode(), raw

    def took(self, key: str) -> None:
        """Mark it as read: the next look passes it over."""
        answer, said = self._mail.uid("STORE", key, "+FLAGS.SILENT", "(\\Seen)")
        if answer != "OK":
            raise imaplib.IMAP4.error(f"message {key} could not be marked as read: {said!r}")

    def close(self) -> None:
        """Leave the server."""
        try:
            self._mail.logout()
        except (OSError, imaplib.IMAP4.error):
            self._mail.shutdown()


def put_aside(data_dir: Path, raw: bytes) -> Path:
    """Keep a message that belongs to no hub, whole, under its digest; kept twice, it is one file."""
    folder = unsorted(data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(raw).hexdigest()[:32]}.eml"
    part = path.with_suffix(".part")
    part.write_bytes(raw)
    part.replace(path)
    return path


def unsorted(data_dir: Path) -> Path:
    """Where messages lie that belong to no hub."""
    return data_dir / "inbox" / "unsorted"

"""Handing a message to a mail server; without one, to a file that a person can open."""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.kit.ids import new_id
from app.settings import Settings


async def deliver(settings: Settings, message: EmailMessage, now: datetime) -> None:
    """Send by HALFTERM_SMTP_URL, or write DATA_DIR/outbox/*.eml. Raises aiosmtplib.SMTPException, OSError."""
    if not settings.smtp_url:
        folder = settings.data_dir / "outbox"
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / f"{now:%Y%m%dT%H%M%S}-{new_id().hex[-8:]}.eml", message.as_bytes())
        return
    url = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        message,
        hostname=url.hostname or "127.0.0.1",
        port=url.port or (465 if url.scheme == "smtps" else 25),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
    )


def _write_whole(path: Path, content: bytes) -> None:
    """Nobody ever sees half a message."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.rename(path)

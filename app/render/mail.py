"""Values -> e-mail messages."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is put into an envelope."""

    to: str
    subject: str
    text: str


def message(letter: Letter, *, sender: str, now: datetime, domain: str) -> EmailMessage:
    """The letter as a plain-text message."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=domain)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    return made


def sign_in_letter(to: str, link: str, minutes: int) -> Letter:
    """The letter with a sign-in link."""
    return Letter(
        to,
        "Your link to sign in to Halfterm",
        f"Hello\n\nOpen this link to sign in to Halfterm. It works once, for {minutes} minutes:\n\n{link}\n\n"
        "If you did not ask for it, you need do nothing: nobody is signed in by this message alone.\n",
    )


def change_letter(to: str, events: tuple[str, ...]) -> Letter:
    """The letter that tells of changes too near, or too easily missed, for a calendar program alone."""
    subject = "A date of yours has changed" if len(events) == 1 else f"{len(events)} dates of yours have changed"
    listed = "\n\n".join(events)
    return Letter(
        to, subject, f"Hello\n\nThis has changed, and your calendar may show it too late:\n\n{listed}\n\nHalfterm\n"
    )

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

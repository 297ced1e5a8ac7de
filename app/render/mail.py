"""Values -> e-mail messages: text and HTML alike, and a calendar's part where there is one."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape

ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
# Rules that the common mail programs keep; without them the letter still reads from top to bottom.
STYLE = (
    "body{margin:0;padding:16px;background:#f6f4ee;color:#14213d;font:17px/1.5 Arial,Helvetica,sans-serif;"
    "overflow-wrap:anywhere}"
    ".letter{max-width:612px;margin:0 auto;padding:24px;background:#ffffff;border-top:6px solid #14213d}"
    ".hub{margin:0;font-weight:bold}h1{margin:4px 0 20px;font-size:24px;line-height:1.25}h2{font-size:19px}"
    "a{color:#0b5d8a}.button{display:inline-block;padding:10px 18px;background:#0b5d8a;color:#ffffff;"
    "font-weight:bold;text-decoration:none}.foot{max-width:660px;margin:16px auto;font-size:14px;color:#3c4658}"
)
LABELLED = re.compile(r"(?P<label>[^\n:]{2,80}):\s(?P<address>https?://\S+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is put into an envelope."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter with all that goes around it. `stop` is the address that stops its kind, empty where none does."""

    letter: Letter
    sender: str
    hub: str
    because: str  # why somebody gets it
    choices: str  # the address of their choices, empty for whoever is not in the hub
    now: datetime
    message_id: str
    reply_to: str = ""
    stop: str = ""
    calendar: str = ""
    method: str = ""


def message(letter: Letter, *, sender: str, now: datetime, domain: str) -> EmailMessage:
    """The letter as a plain-text message."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = one_line(letter.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=domain)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    return made


def sealed(envelope: Envelope) -> EmailMessage:
    """The whole message: text and HTML that say the same, and an iMIP part with its file (RFC 6047, RFC 8058)."""
    made = EmailMessage()
    made["From"] = envelope.sender
    made["To"] = envelope.letter.to
    made["Subject"] = one_line(envelope.letter.subject)
    made["Date"] = format_datetime(envelope.now)
    made["Message-ID"] = envelope.message_id
    made["Auto-Submitted"] = "auto-generated"
    if envelope.reply_to:
        made["Reply-To"] = envelope.reply_to
    if envelope.stop:
        made["List-Unsubscribe"] = f"<{envelope.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(plain(envelope), cte="quoted-printable")
    made.add_alternative(framed(envelope), subtype="html", cte="quoted-printable")
    if envelope.calendar:
        _add_calendar(made, envelope)
    return made


def _add_calendar(made: EmailMessage, envelope: Envelope) -> None:
    """Google and Apple read the part, Outlook the part or the file; base64, so that no relay folds its lines."""
    content, method = envelope.calendar.encode(), envelope.method
    as_bytes = {"method": method, "charset": "utf-8"}  # as text its lines would lose their CRLF (RFC 5545 3.1)
    made.add_alternative(content, maintype="text", subtype="calendar", cte="base64", params=as_bytes)
    made.add_attachment(
        content, maintype="application", subtype="ics", filename="invite.ics", params={"method": method}
    )


def one_line(subject: str) -> str:
    """A subject is one line, whatever was typed."""
    return " ".join(subject.split())


def plain(envelope: Envelope) -> str:
    """The text part: the letter, and beneath it why it came and how to stop it."""
    lines = [envelope.letter.text.strip(), "", "-- ", envelope.hub, envelope.because]
    if envelope.stop:
        lines.append(f"Stop messages of this kind: {envelope.stop}")
    if envelope.choices:
        lines.append(f"Choose what you get by mail: {envelope.choices}")
    return "\n".join([*lines, ""])


def framed(envelope: Envelope) -> str:
    """The HTML part: the same words in a frame that mail programs can draw."""
    stop = f'<br><a href="{escape(envelope.stop)}">Stop messages of this kind</a>' if envelope.stop else ""
    href = escape(envelope.choices)
    choices = f'<br><a href="{href}">Choose what you get by mail</a>' if href else ""
    subject = escape(one_line(envelope.letter.subject))
    return "".join(
        (
            f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{subject}</title>\n',
            f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n</head>\n<body>\n',
            f'<main class="letter">\n<p class="hub">{escape(envelope.hub)}</p>\n<h1>{subject}</h1>\n',
            f"{inside(envelope.letter.text)}\n</main>\n",
            f'<p class="foot">{escape(envelope.because)}{stop}{choices}</p>\n</body>\n</html>\n',
        )
    )


def inside(text: str) -> str:
    """Plain paragraphs as HTML: underlined lines are headings, a labelled address alone is a button."""
    return "\n".join(_paragraph(one.strip("\n")) for one in re.split(r"\n\s*\n", text.strip()) if one.strip())


def _paragraph(text: str) -> str:
    first, _, rest = text.partition("\n")
    if rest and set(rest.strip()) == {"-"}:
        return f"<h2>{escape(first)}</h2>"
    labelled = LABELLED.fullmatch(text.strip())
    if labelled:
        href = escape(labelled["address"])
        return f'<p><a class="button" href="{href}">{escape(labelled["label"].strip())}</a></p>'
    return f"<p>{'<br>'.join(_linked(line) for line in text.split(chr(10)))}</p>"


def _linked(line: str) -> str:
    labelled = LABELLED.fullmatch(line.strip())
    if labelled:
        return f'<a href="{escape(labelled["address"])}">{escape(labelled["label"].strip())}</a>'
    parts, at = [], 0
    for found in ADDRESS.finditer(line):
        href = escape(found[0])
        parts += [escape(line[at : found.start()]), f'<a href="{href}">{href}</a>']
        at = found.end()
    return "".join([*parts, escape(line[at:])])


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

"""The sign-in sheet of an event as PDF, and the picture of a code for a camera."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO

import segno

from app.render.meetings.typesetting import typeset


@dataclass(frozen=True, slots=True)
class SheetGuest:
    """A line to sign on; `note` says what is known beforehand."""

    name: str
    school: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says; `here` is the address at which a code is typed, empty while checking in is closed."""

    hub: str
    kind: str
    heading: str
    day: str
    hours: str
    where: str
    lead: str
    guests: Sequence[SheetGuest]
    blank_lines: int
    here: str


def sheet_pdf(sheet: Sheet, at: datetime) -> bytes:
    """The sheet (PDF/UA-1); equal facts and times make equal bytes."""
    data = asdict(sheet)
    data["lines"] = list(range(sheet.blank_lines))
    data["code"] = picture(sheet.here).decode() if sheet.here else ""
    return typeset("meetings/sheet.typ", data, at)


def picture(text: str) -> bytes:
    """A QR code (ISO/IEC 18004) as an SVG file; dark on light with its quiet zone, or cameras miss it."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=4, omitsize=True, dark="#000", light="#fff", xmldecl=False
    )
    return drawn.getvalue()

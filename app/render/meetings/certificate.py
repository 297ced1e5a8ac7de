"""A certificate as PDF: tagged (PDF/UA-1), with its check code as text, as a link and as a picture for a camera."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno

from app.domain.meetings import certificates as rules
from app.kit.check_codes import shown
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_year
from app.render.meetings.typesetting import typeset

BLOCK, GAP, HIGH = 160, 8, 46  # the ribbon's drawing units
MARKS = {
    "meeting": '<rect x="{left}" y="{top}" width="12" height="12" fill="#0072b2"/>',
    "visit": '<circle cx="{x}" cy="{y}" r="6.3" fill="#b45f06"/>',
    "observation": '<circle cx="{x}" cy="{y}" r="6" fill="#ffffff" stroke="#009e73" stroke-width="2.4"/>',
}


@dataclass(frozen=True, slots=True)
class Issue:
    """When and by whom a certificate is issued, its code, and the address of the page that checks codes."""

    code: str
    address: str
    at: datetime
    by: str


def certificate_pdf(kind: str, year: int, facts: Mapping[str, Any], issue: Issue) -> bytes:
    """The certificate. Equal facts and an equal issue make equal bytes."""
    lines = facts["lines"]
    data = {
        **facts,
        "title": rules.TITLES[rules.Kind(kind)],
        "of_group": kind == rules.Kind.ATTENDANCE,
        "year": spoken_year(year),
        "total": rules.hours_words(facts["minutes"]),
        "counts": rules.count_words(lines),
        "lines": [_line(line) for line in lines],
        "kinds": [
            {"kind": word, "count": str(count), "hours": rules.hours_words(minutes)}
            for word, count, minutes in rules.by_kind(lines)
        ],
        "half_terms": list(HALF_TERMS),
        "ribbon": _ribbon(lines),
        "ribbon_says": rules.in_half_terms(lines),
        "issued": spoken_date(in_london(issue.at).date()),
        "by": issue.by,
        "code": shown(issue.code),
        "address": issue.address,
        "qr": _qr(f"{issue.address}/{shown(issue.code)}"),
    }
    return typeset("meetings/certificate.typ", data, issue.at)


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    said = f"{line['what']}, {line['note']}" if line["note"] else line["what"]
    return {
        "day": spoken_date(date.fromisoformat(line["day"])),
        "what": said,
        "group": line["group"],
        "hours": rules.hours_words(line["minutes"]),
    }


def _ribbon(lines: Sequence[Mapping[str, Any]]) -> str:
    """Six half terms with a mark for all that was attended, as SVG; blanks everywhere, for long words are broken."""
    drawn = []
    for number in range(6):
        left = number * (BLOCK + GAP)
        fill = "#dbe3ec" if number % 2 else "#e7edf3"
        drawn.append(f'<rect x="{left}" y="0" width="{BLOCK}" height="{HIGH}" fill="{fill}"/>')
        here = [line["kind"] for line in lines if line["half_term"] % 6 == number]
        step = min(20.0, (BLOCK - 12) / max(1, len(here)))
        for at, kind in enumerate(here):
            x = round(left + BLOCK / 2 + (at - (len(here) - 1) / 2) * step, 1)
            drawn.append(MARKS[kind].format(x=x, y=HIGH / 2, left=x - 6, top=HIGH / 2 - 6))
    width = 6 * BLOCK + 5 * GAP
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HIGH}">{" ".join(drawn)}</svg>'


def _qr(text: str) -> str:
    """A QR code (ISO/IEC 18004) as SVG: one square for each dark module run."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M {x} {y} h {end - x} v 1 h {x - end} z")
            x = end + 1
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#14213d" d="{" ".join(runs)}"/></svg>'
    )

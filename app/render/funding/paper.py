"""Lines of the ledger on paper: a statement, or any selection that is not too long (PDF/UA-1)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time

from app.domain.funding.pence import pounds
from app.domain.funding.selection import About, Kept, Totals
from app.kit.errors import BadInputError
from app.render.meetings.typesetting import typeset

MOST_LINES = 2_000  # some sixty pages
TOO_LONG = f"A PDF holds {MOST_LINES:,} lines: narrow the list to fewer, or take it as XLSX or CSV."


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the lines: a title, whose it is, facts by name, and sentences; `digest` at the end."""

    title: str
    hub: str
    facts: tuple[tuple[str, str], ...]
    says: tuple[str, ...]
    digest: str


def paper_pdf(head: Head, kept: Sequence[Kept], about: About) -> bytes:
    """The lines with their total and what each rate comes to; equal lines make equal bytes. Raises BadInputError."""
    if len(kept) > MOST_LINES:
        raise BadInputError(TOO_LONG)
    totals = Totals()
    totals.add(kept)
    data = asdict(head)
    data["total"] = pounds(totals.every.pence)
    data["count"] = f"{totals.every.lines:,}"
    data["told"] = "in 1 line" if totals.every.lines == 1 else f"in {totals.every.lines:,} lines"
    data["rates"] = [
        {"name": name, "lines": f"{held.lines:,}", "amount": pounds(held.pence)}
        for (_, name), held in sorted(totals.rates.items())
    ]
    data["lines"] = [_line(one) for one in kept]
    data["rules"] = [
        {"title": card.title, "rates": [" ".join((says, *asks)) for _, says, asks in card.rates]}
        for card in about.rules
    ]
    return typeset("funding/lines.typ", data, datetime.combine(about.first, time(0), UTC))


def _line(one: Kept) -> dict[str, str]:
    line = one.line
    return {
        "day": f"{line.day.day} {line.day:%b %Y}",
        "school": one.school,
        "urn": str(line.urn),
        "rate": one.rate_name,
        "because": line.because,
        "units": f"{line.spoken_quantity} at {pounds(line.rate_pence)}",
        "amount": pounds(line.pence),
    }

"""The columns of a file of lines: one order, one set of headings, for CSV and XLSX alike."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from app.domain.funding.facts import PAYEE_WORDS
from app.domain.funding.line import KIND_WORDS
from app.domain.funding.selection import Kept
from app.domain.funding.statements import STATE_WORDS

HEADER = (
    "Day",
    "School",
    "URN",
    "Rate",
    "Rate code",
    "Units",
    "Amount of one (£)",
    "Amount (£)",
    "Because",
    "Whose school",
    "Programme",
    "Work Group",
    "Statement",
    "State",
    "How it came about",
    "Corrects line",
    "Evidence",
    "Line",
)
DAY, UNITS, ONE, AMOUNT = 0, 5, 6, 7  # places of columns that are written in a way of their own
URN, CODE = 2, 4
REASON_HEADER = ("Day", "School", "URN", "Rate", "Programme", "Work Group", "Why it did not earn", "Evidence")
Cell = object


@lru_cache(maxsize=1024)  # a card has few rates
def in_pounds(pence: int) -> Decimal:
    """1234.50: pounds as a number with two places."""
    return (Decimal(pence) / 100).quantize(Decimal("0.01"))


def evidence(ids: Iterable[str]) -> str:
    """What a line rests on, each once: one coming to a meeting may be two facts."""
    return ", ".join(dict.fromkeys(ids))


def cells(kept: Kept) -> tuple[Cell, ...]:
    """A line under HEADER: days and amounts as such, all else as texts and numbers."""
    line = kept.line
    return (
        line.day,
        kept.school,
        line.urn,
        kept.rate_name,
        kept.what,
        line.spoken_quantity,
        in_pounds(line.rate_pence),
        in_pounds(line.pence),
        line.because,
        PAYEE_WORDS[line.payee],
        line.programme,
        line.group,
        kept.statement,
        STATE_WORDS[kept.state],
        KIND_WORDS[line.kind],
        line.corrects,
        evidence(line.evidence),
        kept.id,
    )

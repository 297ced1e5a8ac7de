"""How long each kind of record is kept, and when its time is over.

Source: UK GDPR, Article 5(1)(e); docs/rules/retention.md. Months count from the end of the academic year, 31 August.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

HOLD = "hold"  # stands in the same table: while it is there, nothing goes by itself
MOST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: what it is, how many months it is usually kept, at least and at most, and why."""

    key: str
    says: str
    months: int
    least: int
    most: int
    because: str
    goes: str  # what the monthly run does with it


KINDS: tuple[Kind, ...] = (
    Kind(
        "incoming",
        "Mail that came in and was settled",
        6,
        1,
        24,
        "Once it is settled, what was made of it stands elsewhere.",
        "is deleted",
    ),
    Kind(
        "messages",
        "Messages that were sent",
        12,
        3,
        36,
        "Somebody may ask within the next year what they were told.",
        "are deleted",
    ),
    Kind(
        "joinings",
        "Invitations into the hub",
        12,
        1,
        36,
        "They show who let somebody in while that can still be asked.",
        "are deleted",
    ),
    Kind(
        "imports",
        "Lists of what imports did",
        12,
        1,
        60,
        "They explain where a name came from while the year is being put right.",
        "are deleted",
    ),
    Kind(
        "photos",
        "Photos in records",
        12,
        1,
        60,
        "They help to remember a lesson; a year later the words do.",
        "are deleted",
    ),
    Kind(
        "answers",
        "Answers with their reasons, and reasons for absence",
        24,
        3,
        60,
        "Why somebody could not come matters for planning the year after, and for no longer.",
        "lose the reason; that somebody was asked, came or did not stays",
    ),
    Kind("reads", "Who read which record", 24, 12, 84, "Those concerned may ask who looked.", "are deleted"),
    Kind(
        "proposals",
        "Plans that were set aside",
        24,
        1,
        84,
        "They are compared with the next years' plans.",
        "are deleted; accepted plans stay",
    ),
    Kind(
        "notes",
        "Records of meetings, visits and observations",
        36,
        12,
        84,
        "A school's path through the stages takes about three years; its evidence stays as facts.",
        "lose their words; that there was a record stays",
    ),
    Kind(
        "requests",
        "Settled requests about personal data",
        36,
        12,
        84,
        "The hub must be able to show that it answered in time.",
        "are deleted",
    ),
    Kind(
        "reflections",
        "Reflections of people who left",
        0,
        0,
        12,
        "They are their writer's own, and nobody else reads them.",
        "are deleted",
    ),
    Kind(
        "people",
        "People who left the hub",
        36,
        12,
        84,
        "They come back, and colleagues ask after them; later a pseudonym does.",
        "are erased: a pseudonym stays",
    ),
    Kind(
        "attendance",
        "Attendance and certificates",
        84,
        84,
        MOST_MONTHS,
        "Grant funding is audited for up to seven years.",
        "are deleted",
    ),
    Kind(
        "trail",
        "The trail of what was done",
        84,
        36,
        MOST_MONTHS,
        "It proves the rest, so it stays as long as the longest of it.",
        "lose their words; the chain of hashes stays",
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}


def months_of(own: Mapping[str, int]) -> dict[str, int]:
    """Months by kind: the hub's own where it set any, within the bounds of the kind."""
    return {kind.key: min(max(own.get(kind.key, kind.months), kind.least), kind.most) for kind in KINDS}


def later(day: date, months: int) -> date:
    """The last day of the month that lies so many months after this one."""
    month = day.year * 12 + day.month + months  # the month after, counted from the year 0
    return date.fromordinal(date(month // 12, month % 12 + 1, 1).toordinal() - 1)


def over(year: int, months: int, today: date) -> bool:
    """Whether records of this academic year have had their time: months after its 31 August."""
    return later(date(year + 1, 8, 31), months) < today


def last_year(months: int, today: date) -> int:
    """The newest academic year whose records have had their time."""
    year = today.year
    while not over(year, months, today):
        year -= 1
    return year


def fault_of(kind: Kind, months: int | None) -> str:
    """What is wrong with these months for this kind; empty when nothing is."""
    if months is None or not kind.least <= months <= kind.most:
        return f"Enter {kind.least} to {kind.most} months: {kind.because[0].lower()}{kind.because[1:]}"
    return ""


def spoken_months(months: int) -> str:
    """1 month, 18 months, 3 years."""
    if months and months % 12 == 0:
        return "1 year" if months == 12 else f"{months // 12} years"
    return "1 month" if months == 1 else f"{months} months"

"""Quiet hours: when a message that can wait may leave. Source: docs/rules/messages.md; the clock is London's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.kit.bank_holidays import bank_holidays
from app.kit.periods import academic_year, in_london, london

DIGEST_AT = time(7)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a hub in which nothing leaves that can wait: from `since`, over midnight, to `until`."""

    since: time = time(18, 30)
    until: time = time(7)

    @property
    def morning(self) -> time:
        """When mail begins to leave on a working day."""
        over = self.since > self.until or self.since <= DIGEST_AT < self.until
        return self.until if over else DIGEST_AT


def due(now: datetime, quiet: Quiet, can_wait: bool, starts: datetime | None = None) -> datetime:
    """When a message written now may leave, in UTC: never in quiet hours, at weekends or on bank holidays.

    What cannot wait leaves at once, and so does what is about an event that starts before the quiet hours end.
    """
    if not can_wait:
        return now.astimezone(UTC)
    later = _after_quiet(in_london(now), quiet).astimezone(UTC)
    return now.astimezone(UTC) if starts is not None and now < starts <= later else later


def digest_due(now: datetime, quiet: Quiet) -> datetime:
    """When the next message of a day leaves: 7am in London on a working day, or when the quiet hours end."""
    local = in_london(now)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return due(london(day, DIGEST_AT), quiet, can_wait=True)


def _after_quiet(local: datetime, quiet: Quiet) -> datetime:
    day, at = local.date(), local.time()
    if _is_free(day):
        return in_london(london(_working_day_from(day), quiet.morning))
    if quiet.since > quiet.until and at >= quiet.since:
        return in_london(london(_working_day_from(day + timedelta(days=1)), quiet.until))
    if at < quiet.until and (quiet.since > quiet.until or at >= quiet.since):
        return in_london(london(day, quiet.until))
    return local


def _working_day_from(day: date) -> date:
    while _is_free(day):
        day += timedelta(days=1)
    return day


def working_day_before(day: date) -> date:
    """The day itself, or the last one before it that is neither at a weekend nor a bank holiday."""
    while _is_free(day):
        day -= timedelta(days=1)
    return day


def _is_free(day: date) -> bool:
    return day.weekday() >= 5 or day in bank_holidays(academic_year(day))

"""Exports that make themselves: which days each is of, when it is made next, and what keeps one from being kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.funding.periods import financial_span, financial_year, month_span
from app.kit.errors import Fault
from app.kit.periods import Span, academic_year, usual_half_term, year_span


class Of(StrEnum):
    """Which days: the last month or term that ended, or the present year so far."""

    MONTH = "month"
    TERM = "term"
    GRANT_YEAR = "grant_year"
    FINANCIAL_YEAR = "financial_year"


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    MONTH = "month"


class To(StrEnum):
    """Where it goes."""

    FOLDER = "folder"
    MAIL = "mail"


OF_WORDS = {
    Of.MONTH: "The last month that ended",
    Of.TERM: "The last term that ended",
    Of.GRANT_YEAR: "The grant year so far",
    Of.FINANCIAL_YEAR: "The financial year so far",
}
EVERY_WORDS = {Every.WEEK: "Every Monday", Every.MONTH: "On the first of every month"}
TO_WORDS = {To.FOLDER: "Into the folder of exports on the server", To.MAIL: "By mail, as a link to the file"}
FORMATS = {"xlsx": "XLSX, for Excel and LibreOffice", "csv": "CSV", "json": "JSON, for programs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An export that makes itself; `form_id` empty: the whole ledger. `addresses` are those that get a mail."""

    name: str
    form_id: str
    format: str
    span: str
    every: str
    to: str
    addresses: tuple[str, ...] = ()


def faults_of(draft: Standing, forms: frozenset[str], addresses: frozenset[str]) -> tuple[Fault, ...]:
    """What to change before it can be kept; `forms` and `addresses` are those that can be chosen."""
    asked = (
        (bool(draft.name.strip()), "name", "Give the export a name: its files bear it."),
        (draft.form_id in {"", *forms}, "form_id", "Choose the whole ledger or one of the hub's forms."),
        (draft.format in FORMATS, "format", "Choose how it is written."),
        (not (draft.form_id and draft.format == "json"), "format", "A form of the funder is XLSX or CSV: choose one."),
        (draft.span in Of._value2member_map_, "span", "Choose which days it is of."),
        (draft.every in Every._value2member_map_, "every", "Choose how often it is made."),
        (draft.to in To._value2member_map_, "to", "Choose where it goes."),
        (draft.to != To.MAIL or bool(draft.addresses), "addresses", "Tick whoever gets it."),
        (addresses >= set(draft.addresses), "addresses", "Tick only people who may see the ledger."),
    )
    return tuple(Fault(path, because) for fine, path, because in asked if not fine)


def days(of: Of, today: date) -> Span:
    """The days that an export made today is of. Terms are those of most of England; years end yesterday."""
    if of is Of.MONTH:
        return month_span(today.replace(day=1) - timedelta(1))
    if of is Of.TERM:
        return _last_term(today)
    span = year_span(academic_year(today)) if of is Of.GRANT_YEAR else financial_span(financial_year(today))
    return Span(span.first, max(span.first, today - timedelta(1)))


def _last_term(today: date) -> Span:
    last = today
    while _term(last) == _term(today):
        last -= timedelta(1)
    first = last
    while _term(first - timedelta(1)) == _term(last):
        first -= timedelta(1)
    return Span(first, last)


def _term(day: date) -> int:
    return usual_half_term(day) // 2


def next_on(every: Every, after: date) -> date:
    """The next day on which it is made, after this one."""
    if every is Every.WEEK:
        return after + timedelta(7 - after.weekday())
    return month_span(after).last + timedelta(1)


def file_stem(name: str) -> str:
    """A name in letters that every disk takes: Claim 2026/27 is Claim-2026-27."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in name).split())[:60] or "export"

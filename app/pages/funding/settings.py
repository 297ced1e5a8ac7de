"""The funding settings of a grant year: the grant, the alert, and how lines are put into statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.opening import cut
from app.domain.funding.periods import By
from app.domain.funding.rate_form import spelled
from app.kit.errors import Fault
from app.kit.periods import Span, academic_year, in_london, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Asked, Choice, Field, Form, refilled
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import years

EVERY_WORDS = {
    By.TERM: "Each term",
    By.HALF_TERM: "Each half term",
    By.MONTH: "Each month",
    By.GRANT_YEAR: "Once for the grant year",
}
PER = (
    Choice("school", "One for each school", "Each needs the school's finance reference before it can be submitted."),
    Choice("hub", "One of the hub", "All lines of all schools in one."),
)


@dataclass(frozen=True, slots=True)
class FundingSettingsPage:
    """The form, and what it means for statements."""

    template: ClassVar[str] = "funding/settings.html"
    year: str
    years: tuple[YearLink, ...]
    form: Form
    periods: tuple[str, ...]
    open: str
    back: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could not be taken: what was typed, and what to change."""

    typed: Typed
    faults: tuple[Fault, ...]


async def load(
    db: AsyncSession, member: Member, asked: Asked, now: datetime, sent: Sent | None = None
) -> FundingSettingsPage:
    """The page, with what was sent over what is kept: three statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    held = await years.of(db, member.hub_id, year)
    every = await years.years(db, member.hub_id)
    form = _form(member, held)
    if sent:
        form = refilled(form, sent.typed, sent.faults)
    opened = await years.open_statements(db, member.hub_id, year)
    return FundingSettingsPage(
        year=spoken_year(year),
        years=year_links(asked, [*every, academic_year(today), academic_year(today) + 1], year),
        form=form,
        periods=tuple(_spoken(span) for span in cut(held.every, year)),
        open=_open(opened),
        back=f"/hubs/{member.hub_code}/funding",
    )


def _form(member: Member, held: years.Year) -> Form:
    return Form(
        action=f"/hubs/{member.hub_code}/funding/settings?year={held.year}",
        submit="Save the settings",
        fields=(
            Field(
                name="grant",
                label=f"Grant for {spoken_year(held.year)}, in pounds",
                value=spelled(held.grant_pence),
                hint="What the funder gives for 1 September to 31 August. Alerts and the budget rest on it.",
                width="10",
            ),
            Field(
                name="near",
                label="Alert when less of the grant is left than, in per cent",
                kind="number",
                value=str(held.near),
                width="3",
            ),
            Field(name="per", label="Statements", kind="radios", value=held.per, choices=PER),
            Field(
                name="every",
                label="A statement is made",
                kind="radios",
                value=held.every,
                choices=tuple(Choice(key.value, words) for key, words in EVERY_WORDS.items()),
            ),
        ),
        kept=(("version", str(held.version)),),
    )


def _spoken(span: Span) -> str:
    first, last = span
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _open(count: int) -> str:
    if not count:
        return "No statement is open: the next to be opened follow these settings."
    told = "1 statement is open and stays" if count == 1 else f"{count:,} statements are open and stay"
    return f"{told} as now, period and lines, until closed. Statements opened after that follow these settings."

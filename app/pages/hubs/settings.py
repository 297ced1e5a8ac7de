"""What a hub says of itself, and its academic years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.hubs.details import Hours
from app.kit.errors import Fault
from app.kit.periods import spoken_year
from app.kit.typed import Reader, Typed, time_of_day
from app.pages._parts import Choice, Field, Form, refilled
from app.store import hubs

HOURS = (
    ("morning_starts", "The morning starts"),
    ("morning_ends", "The morning ends"),
    ("afternoon_starts", "The afternoon starts"),
    ("afternoon_ends", "The afternoon ends"),
)


@dataclass(frozen=True, slots=True)
class YearLine:
    """An academic year in words, and where it is set up."""

    name: str
    href: str
    meetings: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """How the hub is set up: its name, its half-days, its years; `home` is the hub's own address."""

    template: ClassVar[str] = "hubs/settings.html"
    code: str
    home: str
    form: Form
    years: tuple[YearLine, ...]
    year_form: Form
    passkeys_form: Form
    invites_form: Form


async def settings_page(db: AsyncSession, member: Member) -> SettingsPage:
    """The hub's settings: two statements."""
    hub = await hubs.one(db, member.hub_id)
    years = await hubs.years(db, member.hub_id)
    home = f"/hubs/{member.hub_code}"
    times = {name: f"{getattr(hub, name):%H:%M}" for name, _label in HOURS}
    fields = (
        Field(name="name", label="Name of the hub", value=hub.name, width="30"),
        *(Field(name=name, label=label, kind="time", value=times[name], width="5") for name, label in HOURS),
    )
    coming = str(years[0].year + 1) if years else ""
    year = Field(
        name="year",
        label="Begin another academic year",
        kind="number",
        value=coming,
        hint="The year in which it begins: 2027 is 2027/28. Programmes and test week are filled in for you.",
        width="4",
    )
    return SettingsPage(
        code=hub.code,
        home=home,
        form=Form(action=f"{home}/settings", submit="Save", fields=fields, kept=(("version", str(hub.version)),)),
        years=tuple(_line(home, one.year, one.meetings_per_day) for one in years),
        year_form=Form(action=f"{home}/years", submit="Begin this year", fields=(year,)),
        passkeys_form=_passkeys_form(home, hub.version, required=hub.passkeys_required),
        invites_form=_invites_form(home, hub.version, by_itself=hub.invites),
    )


def _passkeys_form(home: str, version: int, *, required: bool) -> Form:
    choice = Choice("yes", "Leads, assistant leads and coordinators need a passkey")
    field = Field(
        name="passkeys",
        label="Signing in",
        kind="checkboxes",
        hint="Whoever has none yet comes in by a link and makes one first. Everyone else signs in as before.",
        choices=(choice,),
        chosen=("yes",) if required else (),
    )
    kept = (("version", str(version)),)
    return Form(action=f"{home}/settings/passkeys", submit="Save how they sign in", fields=(field,), kept=kept)


def _invites_form(home: str, version: int, *, by_itself: bool) -> Form:
    field = Field(
        name="invites",
        label="Invitations by mail",
        kind="checkboxes",
        hint="Without this, whoever leads invites people to a date or a Work Group by hand.",
        choices=(Choice("yes", "Everybody with a place is invited by mail as soon as a date is fixed"),),
        chosen=("yes",) if by_itself else (),
    )
    kept = (("version", str(version)),)
    return Form(action=f"{home}/settings/invites", submit="Save how people are invited", fields=(field,), kept=kept)


def _line(home: str, year: int, most: int | None) -> YearLine:
    meetings = f"at most {most} meetings on one day" if most else "any number of meetings on one day"
    return YearLine(spoken_year(year), f"{home}/years/{year}", meetings)


def read_hours(typed: Typed) -> Hours:
    """The half-days of the form; raises BadInputError for times that cannot be read."""
    reader = Reader(typed)
    times = {name: reader.read(name, time_of_day) or time() for name, _label in HOURS}
    reader.finish()
    return Hours(**times)


def settings_again(page: SettingsPage, typed: Typed, faults: Sequence[Fault]) -> SettingsPage:
    """The page with what was typed and what to change, in whichever of its forms was sent."""
    if "year" in typed.values:
        return replace(page, year_form=refilled(page.year_form, typed, faults))
    return replace(page, form=refilled(page.form, typed, faults))

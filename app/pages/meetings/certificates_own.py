"""A person's own certificates, in every hub they are in, and the record of a year that they make themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Viewer
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import Choice, Empty, Field, Form
from app.pages.meetings.certificates import CertificateLine, line
from app.store.meetings import certificates

YEARS = 5  # back from this one
NONE_YET = Empty(
    "Your certificates will be here: your Work Group's leader issues them, "
    "and you can make the record of a year yourself as soon as something that you attended is recorded."
)


@dataclass(frozen=True, slots=True)
class OwnCertificatesPage:
    """Own certificates, the newest first, and the form for the record of a year."""

    template: ClassVar[str] = "meetings/certificates_own.html"
    certificates: tuple[CertificateLine, ...]
    empty: Empty
    form: Form


async def load(db: AsyncSession, viewer: Viewer, now: datetime) -> OwnCertificatesPage:
    """Everything issued to the viewer: one statement for each of their hubs."""
    found: list[CertificateLine] = []
    hubs = may_certify(viewer)
    for member in hubs:
        rows = await certificates.listed(db, member)
        found += [line(row, member.hub_code) for row in rows if row.person_id == member.person_id]
    found.sort(key=lambda one: one.made_at, reverse=True)
    return OwnCertificatesPage(tuple(found), NONE_YET, _form(hubs, academic_year(in_london(now).date())))


def may_certify(viewer: Viewer) -> tuple[Member, ...]:
    """The viewer's parts in the hubs where they may have a certificate of their own."""
    return tuple(member for member in viewer.members if member.reaches(Can.CERTIFY))


def _form(hubs: Sequence[Member], this: int) -> Form:
    years = tuple(Choice(str(year), spoken_year(year)) for year in range(this, this - YEARS, -1))
    hub = Field(
        name="hub",
        label="Hub",
        kind="select",
        value=hubs[0].hub_code if hubs else "",
        choices=tuple(Choice(one.hub_code, one.hub_name) for one in hubs),
    )
    year = Field(name="year", label="Academic year", kind="select", value=str(this), choices=years)
    return Form(
        action="/my/certificates",
        submit="Make my record of this year",
        fields=(hub, year) if len(hubs) > 1 else (year,),
    )


def asked_again(page: OwnCertificatesPage, form: Form) -> OwnCertificatesPage:
    """The same page around a form that keeps what was chosen."""
    return replace(page, form=form)

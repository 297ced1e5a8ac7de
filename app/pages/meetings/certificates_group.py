"""What issuing the certificates of a Work Group would do, before anybody presses the button."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings import certificates as rules
from app.domain.meetings.certificates import Outcome
from app.kit.errors import NotFoundError
from app.kit.periods import spoken_year
from app.store.meetings import certificates, groups

OUTCOMES = {
    Outcome.NEW: "Gets a certificate",
    Outcome.AGAIN: "Gets a new one; the old one is withdrawn",
    Outcome.SAME: "Has one that says this",
    Outcome.GONE: "Has one, but nothing is recorded any more: withdraw it",
    Outcome.NOTHING: "Attended no meeting so far",
}


@dataclass(frozen=True, slots=True)
class DueLine:
    """What issuing does for one person, and why."""

    name: str
    school: str
    attended: str
    does: str
    makes: bool
    href: str  # the certificate that stands


@dataclass(frozen=True, slots=True)
class GroupCertificatesPage:
    """Who of a Work Group gets what. `submit` is empty when nothing is to be issued; `going`: a job is making them."""

    template: ClassVar[str] = "meetings/certificates_group.html"
    heading: str
    rule: str
    going: bool
    progress: str
    lines: tuple[DueLine, ...]
    action: str
    submit: str
    group_href: str
    list_href: str
    zip: str


async def group_page(
    db: AsyncSession, viewer: Viewer, member: Member, group_id: uuid.UUID, now: datetime
) -> GroupCertificatesPage:
    """What issuing a Work Group's certificates would do for each of those whom the viewer may certify.

    Raises NotFoundError.
    """
    group = await groups.one(db, member, group_id)
    hub_id = member.hub_id
    if group is None or not _any_of(viewer, hub_id, group_id, member.person_id):
        raise NotFoundError
    everybody = [
        one
        for one in await certificates.of_group(db, member, group_id, None)
        if decide(viewer, Can.CERTIFY, Target(hub_id, frozenset({one.person_id}), group_id))
    ]
    keys = [one.person_id for one in everybody]
    took_part = await certificates.took_part(db, hub_id, keys, group.year, now, group_id)
    current = await certificates.current(db, hub_id, keys, group.year, group_id)
    home = f"/hubs/{member.hub_code}"
    lines = tuple(_due(one, took_part[one.person_id], current.get(one.person_id), home) for one in everybody)
    makes = sum(one.makes for one in lines)
    going = await certificates.being_made(db, rules.lock(group_id))
    stand = len(current)
    return GroupCertificatesPage(
        heading=f"Certificates of {group.code}, {spoken_year(group.year)}",
        rule=rules.RULE,
        going=going,
        progress=f"{stand} of {stand + makes} are made. The rest come by themselves." if going else "",
        lines=lines,
        action=f"{home}/groups/{group_id}/certificates",
        submit="" if going else _submit(makes),
        group_href=f"{home}/groups/{group_id}",
        list_href=f"{home}/certificates?group={group_id}&year={group.year}",
        zip=f"{home}/certificates.zip?group={group_id}&year={group.year}" if current else "",
    )


def _any_of(viewer: Viewer, hub_id: uuid.UUID, group_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    return bool(decide(viewer, Can.CERTIFY, Target(hub_id, frozenset({person_id}), group_id)))


def _submit(makes: int) -> str:
    return "" if not makes else "Issue 1 certificate" if makes == 1 else f"Issue {makes} certificates"


def _due(whose: rules.Whose, attended: Sequence[rules.Attended], before: Any, home: str) -> DueLine:
    facts = rules.facts(whose, rules.counted(whose, attended))
    does = rules.outcome(facts, rules.told(before.says) if before else None)
    minutes = rules.hours_words(facts["minutes"])
    return DueLine(
        name=whose.name,
        school=whose.school,
        attended=f"{rules.count_words(facts['lines'])}, {minutes}" if facts["lines"] else "no meeting",
        does=OUTCOMES[does],
        makes=does in rules.MAKES,
        href=f"{home}/certificates/{before.id}" if before else "",
    )

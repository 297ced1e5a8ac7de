"""Somebody else leads one date, for that day alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.meetings.handing_over import clash_of
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken_date, spoken_hours
from app.pages._parts import Choice, Field, Form
from app.store.meetings import events, groups, handing_over


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Who leads this date instead; what stands against whoever was chosen is said beside the choice."""

    template: ClassVar[str] = "meetings/lead.html"
    what: str
    when: str
    lead: str
    back: str
    form: Form


async def lead_page(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, to: str, faults: Sequence[Fault] = ()
) -> LeadPage:
    """The form, with whoever was chosen; raises NotFoundError, also for what the viewer may not change."""
    whole = await events.one(db, member, event_id)
    if whole is None:
        raise NotFoundError
    row = whole.row
    target = Target(member.hub_id, frozenset({whole.lead_id}), row.group_id, frozenset({row.urn}))
    if not decide(viewer, Can.EDIT_EVENTS, target):
        raise NotFoundError
    able = await handing_over.able(db, member.hub_id)
    others = [one for one in await groups.people(db, member) if one.id != whole.lead_id]
    people = {str(one.id): one.name for one in sorted(others, key=lambda one: one.id not in able)}
    ahead = await handing_over.one_date(db, event_id)
    taker = (await handing_over.takers(db, member.hub_id, [uuid.UUID(to)])).get(uuid.UUID(to)) if to in people else None
    clash = clash_of(taker, ahead) if taker else None
    said = next((fault.because for fault in faults), "")
    fields = [
        Field(
            name="to",
            label="Who leads it instead?",
            kind="select",
            value=to,
            fault=said or (clash.because if clash else ""),
            choices=(Choice("", "Choose somebody"), *(Choice(key, name) for key, name in people.items())),
        )
    ]
    if clash and not clash.hard:
        same = (Choice("yes", "They lead it all the same"),)
        fields.append(Field(name="same", label="If you know better", kind="checkboxes", choices=same))
    here = f"/hubs/{member.hub_code}/events/{event_id}"
    form = Form(
        action=f"{here}/lead",
        submit="Change who leads this date",
        fields=tuple(fields),
        faults=tuple(replace(fault, path="to") for fault in faults),
        kept=(("version", str(whole.version)),),
    )
    when = f"{spoken_date(row.day)}, {spoken_hours(row.starts_at, row.ends_at)}"
    return LeadPage(ahead.heading, when, row.lead, here, form)

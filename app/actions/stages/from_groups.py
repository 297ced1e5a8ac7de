"""Schools of Work Groups are enrolled, once somebody has looked at the list and said so."""

import uuid
from collections.abc import Collection
from datetime import date

from app.actions.access import Actor
from app.actions.stages.enrolling import today
from app.domain.access import Can
from app.domain.stages import moves as rules
from app.domain.stages.ladder import Did, State
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import spoken_date, spoken_year, year_span
from app.models.stages import Enrolment
from app.store.stages import enrolments, gate, steps, unenrolled
from app.store.stages.steps import Taken
from app.store.stages.unenrolled import Unenrolled

Place = tuple[uuid.UUID, int]  # a Work Group and a school in it


async def enrol_from_groups(actor: Actor, year: int, chosen: Collection[Place], *, since_meeting: bool) -> int:
    """These schools take part since 1 September, or since the day their Work Group first met; returns how many.

    Those that are enrolled by now are passed over, and so are those that a move has to bring there. Raises
    ForbiddenError, BadInputError when none is chosen, ConflictError before the year has begun.
    """
    actor.require(Can.EDIT_STAGES)
    begins = year_span(year).first
    if today(actor) < begins:
        raise ConflictError(f"{spoken_year(year)} begins on {spoken_date(begins)}. Enrol them from that day on.")
    if not chosen:
        because = "Tick at least one school."
        raise BadInputError(because, (Fault("schools", because),))
    there = await unenrolled.of_year(actor.db, actor.member.hub_id, year)
    wanted = [one for one in there if (one.group_id, one.urn) in chosen]
    histories = await unenrolled.histories(actor.db, actor.member.hub_id, [one.urn for one in wanted])
    made = []
    for one in wanted:
        if rules.may_enter(histories.get(one.urn, []), one.programme, one.school):
            continue
        day = rules.first_day(year, one.met, since_meeting=since_meeting)
        row = await enrolments.add(actor.db, one.programme, one.urn, state=State.ACTIVE, day=day, group_id=one.group_id)
        if row is not None:
            made.append((one, row, day))
    await _recorded(actor, made)
    return len(made)


async def _recorded(actor: Actor, made: list[tuple[Unenrolled, Enrolment, date]]) -> None:
    taken = await gate.snapshots(actor.db, actor.member.hub_id, [row for _, row, _ in made], actor.now)
    for one, row, day in made:
        criteria_id, snapshot = taken[row.id]
        step = Taken(
            row.hub_id,
            row.urn,
            Did.BEGAN,
            day,
            actor.now,
            actor.person_id,
            row.id,
            because=f"In Work Group {one.group}.",
            criteria_id=criteria_id,
            snapshot=snapshot,
        )
        await steps.add(actor.db, step)
        about = f"{one.school} in {one.programme.name} of {spoken_year(row.year)}"
        await actor.record("Began", about, urn=row.urn, enrolment=str(row.id))

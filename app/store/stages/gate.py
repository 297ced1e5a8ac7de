"""Enrolments held against the criteria in use, and the snapshot that a step or a proposal keeps."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.stages.gate import Judged, as_data
from app.domain.stages.judging import judge
from app.kit.periods import in_london
from app.models.stages import Enrolment
from app.store.stages import criteria, facts


async def verdicts(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Enrolment], now: datetime, *, proofs: bool = True
) -> dict[uuid.UUID, Judged]:
    """What each has met and what is left, by enrolment: a fixed number of statements, whatever the count.

    Long lists leave the proofs out.
    """
    today = in_london(now).date()
    used = await criteria.in_use(db, hub_id)
    known = await facts.of(db, hub_id, enrolments, today)
    judged = {}
    for one in enrolments:
        stored_id, wanted = used[one.kind]
        judged[one.id] = Judged(stored_id, wanted.version, judge(wanted, known[one.id], today, proofs=proofs))
    return judged


async def snapshot(
    db: AsyncSession, hub_id: uuid.UUID, enrolment: Enrolment, now: datetime
) -> tuple[uuid.UUID, dict[str, Any]]:
    """The version of the criteria in use, stored if it only ships, and the evidence as it stands; it names nobody."""
    return (await snapshots(db, hub_id, [enrolment], now))[enrolment.id]


async def snapshots(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Enrolment], now: datetime
) -> dict[uuid.UUID, tuple[uuid.UUID, dict[str, Any]]]:
    """The same of many at once, by enrolment: a fixed number of statements for each kind of programme."""
    stored = {kind: await criteria.kept(db, hub_id, kind, now) for kind in sorted({one.kind for one in enrolments})}
    judged = await verdicts(db, hub_id, enrolments, now)
    return {
        one.id: (
            stored[one.kind],
            {
                "at": now.isoformat(),
                "criteria": str(stored[one.kind]),
                "version": judged[one.id].version,
                "all_met": judged[one.id].all_met,
                "verdicts": as_data(judged[one.id].verdicts),
            },
        )
        for one in enrolments
    }

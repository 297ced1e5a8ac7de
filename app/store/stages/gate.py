"""Enrolments held against the criteria in use, and the snapshot that a step or a proposal keeps."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.stages.criteria import CriteriaOf
from app.domain.stages.facts import Facts
from app.domain.stages.gate import Judged, Standing, as_data
from app.domain.stages.judging import judge, standings
from app.kit.periods import in_london
from app.models.stages import Enrolment
from app.store.stages import criteria, facts
from app.store.stages.facts_asked import Taking


@dataclass(frozen=True, slots=True)
class Held:
    """Enrolments with all that their criteria ask, as of a day: judged one by one, as far as somebody looks at them.

    `proofs`: each verdict with what shows it, and with what once did.
    """

    used: Mapping[str, tuple[uuid.UUID | None, CriteriaOf]]
    known: Mapping[uuid.UUID, Facts]
    today: date
    proofs: bool

    def standings(self, one: Taking) -> tuple[tuple[Standing, date | None], ...]:
        """How far each criterion is, without a word, and by when the rest could be met."""
        return standings(self.used[one.kind][1], self.known[one.id], self.today)

    def judged(self, one: Taking) -> Judged:
        """The verdicts in full."""
        stored_id, wanted = self.used[one.kind]
        return Judged(stored_id, wanted.version, judge(wanted, self.known[one.id], self.today, proofs=self.proofs))


async def held(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Taking], now: datetime, *, proofs: bool = True
) -> Held:
    """These enrolments with what is known of them, whatever the count: thirteen statements, twelve without proofs."""
    today = in_london(now).date()
    used = await criteria.in_use(db, hub_id)
    return Held(used, await facts.of(db, hub_id, enrolments, today, superseded=proofs), today, proofs)


async def verdicts(
    db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Taking], now: datetime
) -> dict[uuid.UUID, Judged]:
    """What each has met and what is left, by enrolment: thirteen statements, whatever the count."""
    found = await held(db, hub_id, enrolments, now)
    return {one.id: found.judged(one) for one in enrolments}


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

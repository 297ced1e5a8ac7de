"""A plan while it is made: how far it is, the best so far and the bound of each stage, told again and again."""

import uuid
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.seen import StageSeen, stages_seen
from app.kit.errors import NotFoundError
from app.store.schedule import proposals

OPEN = frozenset({"waiting", "solving"})


class Solving(Protocol):
    """What must be known of a proposal to tell how far it is."""

    @property
    def status(self) -> str:
        """Its state."""

    @property
    def progress(self) -> dict[str, Any]:
        """What the solver said last, and the series of what was seen."""

    @property
    def stop_at(self) -> object | None:
        """Whether somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Live:
    """A plan on its way. `share` is how much is done (0 to 1); `stream` tells it live, `stop` is where it is ended."""

    share: float
    says: str
    stream: str
    stop: str
    stages: tuple[StageSeen, ...]


def live(row: Solving, address: str) -> Live | None:
    """How far the proposal at this address is; nothing when it is done."""
    if row.status not in OPEN:
        return None
    stop = "" if row.stop_at else f"{address}/stop"
    return Live(_share(row), _says(row), f"{address}/progress", stop, stages_seen(row.progress))


async def news(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> dict[str, Any]:
    """How far the planning is: {"share", "says", "done", "stages"}. Raises NotFoundError."""
    row = await proposals.seen(db, member.hub_id, proposal_id)
    if row is None:
        raise NotFoundError
    stages = [asdict(stage) for stage in stages_seen(row.progress)]
    return {"share": _share(row), "says": _says(row), "done": row.status not in OPEN, "stages": stages}


def _share(row: Solving) -> float:
    if row.status not in OPEN:
        return 1.0
    if row.status == "waiting" or not row.progress:
        return 0.0
    done, parts = int(row.progress.get("done") or 0), int(row.progress.get("parts") or 0)
    within = int(row.progress.get("part") or 0) / parts if parts else 0.3
    return round(min(0.95, (done + within) / 3), 3)


def _says(row: Solving) -> str:
    if row.status not in OPEN:
        return "Planning has ended."
    if row.stop_at:
        return "Stopping: the best plan so far is kept."
    if row.status == "waiting":
        return "Waiting its turn: a hub's plans are made one after the other."
    if not row.progress:
        return "About to begin."
    done = min(3, int(row.progress.get("done") or 0))
    return f"Placing {row.progress.get('stage', '')}: {done} of 3 steps are done."

"""Groups on their way as the pages read them: found or not, their state in words, the groups after moves by hand."""

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.forming_groups import Groups
from app.kit.errors import ConflictError, NotFoundError
from app.store.stages import formings
from app.store.stages.formings import FormingRow

STATES = {
    "waiting": "Waiting its turn",
    "solving": "Being formed",
    "ready": "Ready to look at",
    "impossible": "No groups are possible",
    "failed": "Broken off",
    "used": "Made into Work Groups",
    "set aside": "Set aside",
}


async def known(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> FormingRow:
    """The one of the member's hub: one statement. Raises NotFoundError."""
    row = await formings.whole(db, member.hub_id, forming_id)
    if row is None:
        raise NotFoundError
    return row


async def ready(
    db: AsyncSession, member: Member, forming_id: uuid.UUID, urn: int | None = None
) -> tuple[FormingRow, Groups]:
    """The same with its groups, where they can be moved and used; with a URN, only where that school is in question.

    Raises NotFoundError, else ConflictError.
    """
    row = await known(db, member, forming_id)
    if urn is not None and not any(key.partition(":")[0] == f"s{urn}" for key in row.names):
        raise NotFoundError
    groups = groups_of(row)
    if row.status != "ready" or groups is None:
        raise ConflictError("There are no groups here to change. Propose groups again.")
    return row, groups


def groups_of(row: FormingRow) -> Groups | None:
    """The groups as they stand; None before there are any."""
    if row.plan is None or row.status not in {"ready", "used", "set aside"}:
        return None
    return Groups(row.problem, row.names, row.plan).after(row.steps)


async def progress(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> dict[str, Any]:
    """How far it is: {"share", "says", "done"}."""
    return told(await known(db, member, forming_id))


def told(row: FormingRow) -> dict[str, Any]:
    """How far forming is in one sentence."""
    if row.status not in {"waiting", "solving"}:
        return {"share": 1.0, "says": STATES[row.status], "done": True}
    cost, bound = row.progress.get("cost"), row.progress.get("bound")
    if row.status == "waiting" or cost is None:
        return {"share": 0.1, "says": "Looking for the first groups.", "done": False}
    if not bound:
        return {"share": 0.3, "says": "There are groups. Looking for better ones.", "done": False}
    share = min(0.95, max(0.3, bound / cost))
    gap = round(100 * (cost - bound) / cost)
    says = f"There are groups. Others could cost at most {max(1, gap)}% less: looking for those."
    return {"share": share, "says": says, "done": False}


def urn_of(key: str) -> int:
    """The URN in the id of a school: sURN, or sURN:KIND where it comes for a second programme."""
    return int(key.partition(":")[0].removeprefix("s"))


def href_of(home: str, key: str) -> str:
    """Where a school of the groups at `home` is moved."""
    kind = key.partition(":")[2]
    return f"{home}/schools/{urn_of(key)}" + (f"?kind={kind}" if kind else "")


def key_of(groups: Groups, urn: int, kind: str) -> str:
    """The id of a school with this URN that comes for this kind of programme. Raises NotFoundError."""
    found = next((key for key in (f"s{urn}:{kind}", f"s{urn}") if key in groups.forming.school), None)
    if found is None or groups.forming.school[found].left_out:
        raise NotFoundError
    return found

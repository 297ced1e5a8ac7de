"""Forming groups outside a request, in a child process, with its progress written down as it goes."""

import uuid
from typing import Any

from app.actions.schedule.apart import at_work, heard
from app.actions.stages.formings import begin, fail, finish
from app.domain.schedule.forming_plan import Formation, read_formation
from app.kit.clock import Clock
from app.solver.schedule.forming_apart import SECONDS, formed_apart
from app.store.database import Database
from app.store.stages import formings

BROKEN_OFF = "Forming groups broke off. Nothing was changed; propose groups again."
NOT_FOUND = (
    "No groups were found within a minute, and none were ruled out. Say that schools may wait, or that somebody can "
    "lead more groups, and form anew."
)


async def form_in_background(
    database: Database, clock: Clock, of: tuple[uuid.UUID, uuid.UUID], seconds: float = SECONDS
) -> None:
    """Take up groups on their way (`of`: hub and forming), form and keep them; one set aside meanwhile is left."""
    async with database.transaction(of[0]) as db:
        problem = await begin(db, *of)
    if problem is None:
        return
    try:
        found = await _formed_apart(database, of, problem, seconds)
    except EOFError:  # the child died without an answer
        async with database.transaction(of[0]) as db:
            await fail(db, of, BROKEN_OFF, clock())
        return
    async with database.transaction(of[0]) as db:
        if found is None:
            await fail(db, of, NOT_FOUND, clock())
        else:
            await finish(db, of, found, clock())


async def _formed_apart(
    database: Database, of: tuple[uuid.UUID, uuid.UUID], problem: dict[str, Any], seconds: float
) -> Formation | None:
    """What a child process has formed; None when time ended with nothing found. Raises EOFError when it died."""
    async with at_work(formed_apart, problem, seconds) as mother:
        while True:
            kind, value = await heard(mother)
            if kind != "progress":
                return read_formation(value) if kind == "groups" else None
            async with database.transaction(of[0]) as db:
                await formings.progress(db, of[1], value)

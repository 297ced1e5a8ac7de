"""What was done in the hub, when and by whom."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime

from app.domain.access import Can
from app.pages.api import Shelf
from app.routers.api.doors import List, Narrow, api_router, shelved
from app.routers.api.shapes import AskedText, Named, Some, Told
from app.routers.deps import Through
from app.routers.guard import allow

router = api_router("trail")


class TrailEntry(Told):
    """One thing that was done."""

    id: uuid.UUID
    at: datetime
    did: str
    about: str
    facts: dict[str, Any]
    by: Named | None


@dataclass
class NarrowTrail(Narrow):
    """What the trail can be narrowed by."""

    since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None
    did: AskedText = None


@router.get("/trail", response_model=Some[TrailEntry], summary="The trail")
@allow(Can.SEE_TRAIL)
async def trail(door: Through, asking: List, narrow: Annotated[NarrowTrail, Depends()]) -> Response:
    """Newest first."""
    return await shelved(door, TrailEntry, Shelf.TRAIL, asking.only(narrow))

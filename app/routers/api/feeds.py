"""How your own calendar feeds do."""

from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic import Field

from app.pages import api
from app.routers.api.doors import api_router, single
from app.routers.api.shapes import Told
from app.routers.deps import Through
from app.routers.guard import signed_in

router = api_router("feeds", of_a_hub=False)


class Fetch(Told):
    """A kind of calendar program that fetches a feed."""

    client: str
    fetched_at: datetime
    revision: datetime = Field(description="The newest revision that it has seen.")


class Feed(Told):
    """One private feed; its address is shown once, where it is made."""

    purpose: str
    active: bool = Field(description="False when it was revoked.")
    made_at: datetime
    revision: datetime = Field(description="When its content last changed.")
    alarm_minutes: int | None
    fetches: list[Fetch]


class Feeds(Told):
    """All your feeds."""

    feeds: list[Feed]


@router.get("/my/feeds", response_model=Feeds, summary="Your calendar feeds")
@signed_in("everyone may see how their own feeds do")
async def feeds(door: Through) -> Response:
    """When each of your feeds last changed, and which programs have fetched it."""
    account: Any = door.viewer.account_id
    return single(door, Feeds, {"feeds": await api.own_feeds(door.db, account)})

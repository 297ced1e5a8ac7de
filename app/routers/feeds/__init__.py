"""The feed's own door, and the pages around it."""

from app.routers.feeds import calendar, inviting
from app.routers.feeds.door import FeedDoor

ROUTERS = (calendar.router, inviting.router)

__all__ = ["ROUTERS", "FeedDoor"]

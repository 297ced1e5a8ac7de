"""The feed's own door, and the pages around it."""

from app.routers.feeds import calendar
from app.routers.feeds.door import FeedDoor

ROUTERS = (calendar.router,)

__all__ = ["ROUTERS", "FeedDoor"]

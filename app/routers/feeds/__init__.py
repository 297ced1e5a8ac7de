"""The feed's own door, and the pages around it."""

from app.routers.feeds.door import FeedDoor

__all__ = ["FeedDoor"]

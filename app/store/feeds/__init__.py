"""Feeds in the database: what others call when an event changes, and the rows behind each feed."""

from app.store.feeds.changes import event_changed, facts_changed, look_again, people_changed

__all__ = ["event_changed", "facts_changed", "look_again", "people_changed"]

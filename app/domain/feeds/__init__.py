"""The rules of calendar feeds: what an event is to a calendar, how long it stays, and what a request is answered."""

from app.domain.feeds.clients import CLIENTS, Client, Fetched, Habits, Health, client_of, health, latest
from app.domain.feeds.event import FeedEvent, Status, cleaned, raised, same_to_readers
from app.domain.feeds.requests import ANY_TAG, Asked, asked_for, entity_tag, http_date, wants_gzip, zipped_tag
from app.domain.feeds.saying import Facts, Place, feed_event, shown_digest
from app.domain.feeds.telling import Before, told_at_once
from app.domain.feeds.times import (
    CANCELLED_STAYS,
    in_window,
    leaves_at,
    next_revision,
    valid_until,
    whole_second,
)

__all__ = [
    "ANY_TAG",
    "CANCELLED_STAYS",
    "CLIENTS",
    "Asked",
    "Before",
    "Client",
    "Facts",
    "FeedEvent",
    "Fetched",
    "Habits",
    "Health",
    "Place",
    "Status",
    "asked_for",
    "cleaned",
    "client_of",
    "entity_tag",
    "feed_event",
    "health",
    "http_date",
    "in_window",
    "latest",
    "leaves_at",
    "next_revision",
    "raised",
    "same_to_readers",
    "shown_digest",
    "told_at_once",
    "valid_until",
    "wants_gzip",
    "whole_second",
    "zipped_tag",
]

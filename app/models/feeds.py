"""A person's private calendar feed, kept as the bytes that were last served."""

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.models._columns import link, maybe_moment, moment


class Feed(SQLModel, table=True):
    """One per account; the token's hash is all that is kept of it."""

    account_id: uuid.UUID = link("account.id", primary=True)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True, nullable=True)  # none: revoked
    revision: datetime = moment()  # whole seconds, only ever rises; the Last-Modified header
    valid_until: datetime | None = maybe_moment()
    stale: bool = True  # the body must be made anew before it is served
    body: bytes = Field(default=b"", sa_type=LargeBinary)
    body_gzip: bytes = Field(default=b"", sa_type=LargeBinary)
    etag: str = ""
    newest_change: datetime | None = maybe_moment()
    alarm_minutes: int | None = None
    made_at: datetime = moment()


class FeedFetch(SQLModel, table=True):
    """When each kind of calendar program last fetched a feed, and which revision it has seen."""

    __tablename__ = "feed_fetch"
    account_id: uuid.UUID = link("account.id", primary=True)
    client: str = Field(primary_key=True)
    fetched_at: datetime = moment()
    revision: datetime = moment()

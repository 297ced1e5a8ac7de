"""A person's private calendar feeds, kept as the bytes that were last served."""

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models._columns import key, link, maybe_moment, moment


class Feed(SQLModel, table=True):
    """One for each account and purpose (a phone, a colleague's screen); its token is kept only as a hash."""

    __table_args__ = (UniqueConstraint("account_id", "purpose"),)
    id: uuid.UUID = key()
    account_id: uuid.UUID = link("account.id")
    purpose: str
    hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True, nullable=True)  # none: revoked
    revision: datetime = moment()  # whole seconds, only ever rises; the Last-Modified header
    valid_until: datetime | None = maybe_moment()
    stale: bool = True  # the body must be made anew before it is served
    body: bytes = Field(default=b"", sa_type=LargeBinary)
    body_gzip: bytes = Field(default=b"", sa_type=LargeBinary)
    etag: str = ""
    alarm_minutes: int | None = None
    made_at: datetime = moment()


class FeedFetch(SQLModel, table=True):
    """When each kind of calendar program last fetched a feed, and which revision it has seen."""

    __tablename__ = "feed_fetch"
    feed_id: uuid.UUID = link("feed.id", primary=True)
    client: str = Field(primary_key=True)
    fetched_at: datetime = moment()
    revision: datetime = moment()

"""Idempotency keys of the API, with the answer that was given to each."""

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.models._columns import link, moment


class OnceKey(SQLModel, table=True):
    __tablename__ = "once_key"
    account_id: uuid.UUID = link("account.id", primary=True)
    key: str = Field(primary_key=True)
    request_hash: bytes = Field(sa_type=LargeBinary)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = moment()

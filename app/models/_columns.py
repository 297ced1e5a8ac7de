"""Column kinds that every table shares."""

from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, Integer, SQLModel

from app.kit.ids import new_id

# Rows are written by the program and read from the database: no table's own validator is ever asked, so none is built.
SQLModel.model_config["defer_build"] = True


def key() -> Any:
    """A UUIDv7 primary key."""
    return Field(default_factory=new_id, primary_key=True)


def hub_key() -> Any:
    """The hub a row belongs to: the column the wall in the database is built on."""
    return Field(foreign_key="hub.id", ondelete="CASCADE", index=True)


def link(target: str, *, primary: bool = False) -> Any:
    """A foreign key; the row goes when its target goes."""
    return Field(foreign_key=target, ondelete="CASCADE", primary_key=primary, index=not primary)


def held_link(target: str) -> Any:
    """A foreign key whose target cannot go while this row names it."""
    return Field(foreign_key=target, ondelete="RESTRICT", index=True)


def maybe_link(target: str) -> Any:
    """A foreign key that may be empty, and is emptied when its target goes."""
    return Field(default=None, foreign_key=target, ondelete="SET NULL", index=True, nullable=True)


def moment() -> Any:
    """An instant, stored in UTC."""
    return Field(sa_type=DateTime(timezone=True))


def maybe_moment(*, index: bool = False) -> Any:
    """An instant that may be missing."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True, index=index)


def document(default: type = dict) -> Any:
    """A JSON document that is always read and written whole."""
    return Field(default_factory=default, sa_type=JSONB, nullable=False)


def maybe_document() -> Any:
    """A JSON document that may be missing."""
    return Field(default=None, sa_type=JSONB(none_as_null=True), nullable=True)


def numbers(*default: int) -> Any:
    """A short list of whole numbers."""
    return Field(default_factory=lambda: list(default), sa_type=ARRAY(Integer), nullable=False)


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

"""The ledger, to read: statements and their lines. What is done with them is done by people, on the pages."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import Field

from app.domain.access import Can
from app.pages import api
from app.pages.api import Shelf
from app.routers.api.doors import Key, List, Narrow, api_router, shelved, single
from app.routers.api.shapes import AskedId, AskedText, AskedUrn, AskedYear, Named, NamedSchool, Some, Told
from app.routers.deps import Through, known_id
from app.routers.guard import allow

router = api_router("funding")
StatementState = Literal["open", "closed", "approved", "submitted", "part_paid", "paid", "reconciled"]
LineKind = Literal["derived", "correction", "adjustment", "brought"]


class Statement(Told):
    """What is claimed for one school, or for the hub, in a period of one grant year. Amounts are in pence."""

    id: uuid.UUID
    reference: str
    year: int
    first: date
    last: date
    school: NamedSchool | None = Field(description="Null: the hub's own.")
    state: StatementState = Field(description="Once it is not open nothing in it changes.")
    pence: int = Field(description="As it was closed; of an open one what its lines come to now.")
    lines: int
    digest: str = Field(description="SHA-256 of the frozen bytes; empty while it is open.")
    paid: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: Named | None
    approved_by: Named | None
    version: int


class InStatement(Told):
    """The statement that a line is in."""

    id: uuid.UUID
    reference: str
    state: StatementState


class LedgerLine(Told):
    """What is paid to whose school, and because of what. Amounts are in pence."""

    id: uuid.UUID
    statement: InStatement
    school: NamedSchool
    key: str = Field(description="With the school: what is paid. A correction bears the key of what it corrects.")
    payee: Literal["participant", "specialist", "readiness"] = Field(description="Whose school it is.")
    rate: str
    programme: str
    group: str
    day: date
    quantity: int = Field(description="So many `of` units.")
    of: int
    rate_pence: int
    pence: int = Field(description="Taken off when negative.")
    because: str
    evidence: list[str]
    kind: LineKind
    corrects: uuid.UUID | None
    card_version: int = Field(description="Of the year's rate card.")
    queried: bool = Field(description="A query holds it: it stays out of what is closed.")


@dataclass
class NarrowStatements(Narrow):
    """What statements can be narrowed by."""

    year: AskedYear = None
    school: AskedUrn = None
    state: Annotated[StatementState | None, Query()] = None


@dataclass
class NarrowLines(Narrow):
    """What lines can be narrowed by."""

    year: AskedYear = None
    school: AskedUrn = None
    statement: AskedId = None
    rate: AskedText = None
    kind: Annotated[LineKind | None, Query()] = None


@router.get("/statements", response_model=Some[Statement], summary="Statements")
@allow(Can.SEE_FUNDING)
async def statements(door: Through, asking: List, narrow: Annotated[NarrowStatements, Depends()]) -> Response:
    """Statements of every grant year, the earliest opened first."""
    return await shelved(door, Statement, Shelf.STATEMENTS, asking.only(narrow))


@router.get("/statements/{statement_id}", response_model=Statement, summary="One statement")
@allow(Can.SEE_FUNDING)
async def statement(door: Through, statement_id: Key) -> Response:
    """One statement; its lines are under `lines`."""
    return single(door, Statement, await api.one(door.db, door.member, Shelf.STATEMENTS, id=known_id(statement_id)))


@router.get("/lines", response_model=Some[LedgerLine], summary="Lines of the ledger")
@allow(Can.SEE_FUNDING)
async def lines(door: Through, asking: List, narrow: Annotated[NarrowLines, Depends()]) -> Response:
    """Lines of open and closed statements, in order of their ids."""
    return await shelved(door, LedgerLine, Shelf.LINES, asking.only(narrow))


@router.get("/lines/{line_id}", response_model=LedgerLine, summary="One line")
@allow(Can.SEE_FUNDING)
async def line(door: Through, line_id: Key) -> Response:
    """One line of the ledger."""
    return single(door, LedgerLine, await api.one(door.db, door.member, Shelf.LINES, id=known_id(line_id)))

"""Kinds of values that go in and out of the API, with limits that the database can hold."""

import re
import uuid
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Item = TypeVar("Item")
NO_NUL = r"^[^\x00]*$"


class Told(BaseModel):
    """What the API tells."""


class Sent(BaseModel):
    """What the API is sent: a name that is not known is refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def left_out() -> Any:
    """A field that a change may leave out: then it stays as it is."""
    return Field(default_factory=lambda: None)


def sent(body: BaseModel) -> dict[str, Any]:
    """The fields that were sent, as plain values."""
    return body.model_dump(exclude_unset=True)


def _written_day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("Write the day like 2026-11-26.")
    if not isinstance(value, str | date):
        raise ValueError("Write the day like 2026-11-26, in quotation marks.")  # noqa: TRY004  pydantic hears ValueError
    return value


Day = Annotated[
    date, BeforeValidator(_written_day), Field(ge=date(1990, 1, 1), le=date(2150, 12, 31), examples=["2026-11-26"])
]
Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="A time of day in London, like 09:15.", examples=["09:15"]),
]
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=5000, pattern=NO_NUL)]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$"), Field(examples=["a@school.example"])
]
Phone = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^[-+0-9 ().extEXT]*$"), Field(examples=["07700 900123"])
]
Urn = Annotated[int, Field(strict=True, ge=1, le=99_999_999, description="A school's number in GIAS.")]
Year = Annotated[
    int, Field(strict=True, ge=2000, le=2100, description="The academic year that begins in September of this year.")
]
HalfTerm = Annotated[int, Field(strict=True, ge=0, le=5, description="0 Autumn 1, 1 Autumn 2, .. 5 Summer 2.")]
HalfTerms = Annotated[list[HalfTerm], Field(max_length=6, json_schema_extra={"uniqueItems": True})]
Few = Annotated[int, Field(strict=True, ge=0, le=1000)]
Yes = Annotated[bool, Field(strict=True)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri"]
Slot = Literal["am", "pm"]
Works = Annotated[
    dict[Weekday, Annotated[list[Slot], Field(max_length=2)]],
    Field(description='Half-days of the week, like {"mon": ["am", "pm"]}.', examples=[{"mon": ["am", "pm"]}]),
]
RoleName = Literal[
    "hub_lead",
    "assistant_lead",
    "readiness_lead",
    "specialist",
    "participant",
    "headteacher",
    "coordinator",
    "board",
]
ProgrammeKind = Literal["readiness", "development", "embedding", "sustaining", "introductory"]
EventKind = Literal["meeting", "visit", "observation"]
EventStatus = Literal["tentative", "confirmed", "held", "cancelled"]

# The same in an address, where everything is text.
AskedYear = Annotated[int | None, Query(ge=2000, le=2100, description="Only this academic year.")]
AskedUrn = Annotated[int | None, Query(ge=1, le=99_999_999, description="Only this school.")]
AskedId = Annotated[uuid.UUID | None, Query()]
AskedDay = Annotated[Day | None, Query()]
AskedText = Annotated[str | None, Query(max_length=200, pattern=NO_NUL)]
After = Annotated[str, Query(max_length=500, pattern=NO_NUL, description="`next` of the answer before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many items.")]


class Some(Told, Generic[Item]):
    """Part of a list."""

    items: list[Item]
    next: str | None = Field(description="Send it as `after` to go on; null at the end.")


class Named(Told):
    """Somebody."""

    id: uuid.UUID
    name: str


class NamedSchool(Told):
    """A school."""

    urn: int
    name: str


class NamedDay(Told):
    """A day and why."""

    day: date
    name: str


class Hours(Told):
    """When a half-day begins and ends, in London."""

    starts: Clock
    ends: Clock


class SentHours(Sent):
    """When a half-day begins and ends, in London."""

    starts: Clock
    ends: Clock


class SentHalfDays(Sent):
    """The times of both half-days."""

    am: SentHours
    pm: SentHours


class SentYear(Sent):
    """Names an academic year."""

    year: Year


class SentDays(Sent):
    """Some days, first and last included, and why."""

    first: Day
    last: Day
    name: Line = ""


class HalfDays(Told):
    """The times of the two half-days; null where the hub's own hold."""

    am: Hours | None
    pm: Hours | None


class Wrong(Told):
    """One thing to change."""

    path: str = Field(description="A JSON pointer into what was sent; /query/.. and /header/.. lie outside the body.")
    because: str


class Problem(Told):
    """Why something was not done, and what to do about it (RFC 9457)."""

    type: str = Field(description="Which kind of problem: an address under /docs.")
    title: str
    status: int
    detail: str


class InputProblem(Problem):
    """What was sent cannot be taken."""

    errors: list[Wrong]


class Version(Told):
    """A version of a thing: its ETag, and the thing itself where it is the newest."""

    etag: str
    document: dict[str, Any] | None


class StaleProblem(Problem):
    """Somebody else changed it first."""

    yours: Version | None = Field(None, description="Null where both were sent at the same moment: read it again.")
    newest: Version | None = None

"""Lines of a span of days to a file, for a command and for exports that make themselves."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.funding.selection import Totals, Wanted
from app.kit.errors import BadInputError
from app.kit.periods import Span, spoken_date
from app.render.funding.files import Sink, sink
from app.render.funding.forms import Filled, FormFile
from app.store.funding import explained, forms
from app.store.funding import selecting as rows
from app.store.funding.forms import Stored
from app.store.funding.selecting import Selecting


@dataclass(frozen=True, slots=True)
class Asked:
    """Which hub's lines, of which days, written how (xlsx, csv, json), and in which form of the funder, if in one."""

    hub_id: uuid.UUID
    span: Span
    format: str
    form: Stored | None = None


async def export(db: AsyncSession, asked: Asked, to: IO[bytes], now: datetime) -> Totals:
    """Write the file, some lines at a time: what they come to. Raises BadInputError for too many for a sheet."""
    period = f"{spoken_date(asked.span.first)} to {spoken_date(asked.span.last)}"
    chosen = await rows.selecting(db, asked.hub_id, Wanted(span=asked.span, period=period))
    made = await _begin(db, chosen, asked, to, now)
    try:
        async for kept in rows.parts(db, chosen, await rows.rate_names(db, asked.hub_id)):
            await asyncio.to_thread(made.add, kept)
        await asyncio.to_thread(made.end)
    except BaseException:
        made.drop()
        raise
    return made.totals


async def _begin(db: AsyncSession, chosen: Selecting, asked: Asked, to: IO[bytes], now: datetime) -> Sink:
    if asked.form is None:
        about = await explained.about(db, chosen, explained.Asked(reasons=asked.format != "csv"), now)
        return sink(asked.format, to, about)
    if not asked.form.export.columns:
        raise BadInputError(f"The form {asked.form.export.name} has no column yet: open it and add some.")
    given = await forms.given(db, chosen, await rows.rate_names(db, asked.hub_id))
    return FormFile(to, asked.format, Filled(asked.form.export, given, asked.span.first))

"""A hub taken out of an installation whole, and brought into another whole."""

import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import BadInputError, ConflictError, NotFoundError
from app.render.hubs import HubFile, HubFileWriter
from app.store import hubs, migrations, trail
from app.store.database import see_hubs
from app.store.hubs import moving


async def export_hub(db: AsyncSession, code: str, path: Path, now: datetime) -> int:
    """Write everything of the hub to a ZIP file: how many rows. Raises NotFoundError."""
    hub = await hubs.find(db, code)
    if hub is None:
        raise NotFoundError(f"There is no hub with the code {code} here.")
    writer = HubFileWriter(path)
    try:
        counts = {}
        for table in moving.tables():
            rows = [row async for row in moving.rows(db, table)]
            writer.write(table, rows)
            counts[table] = len(rows)
        note = {"code": hub.code, "name": hub.name, "made": now.isoformat(), "version": migrations.newest()}
        writer.finish({**note, "rows": counts})
    except BaseException:
        writer.give_up()
        raise
    return sum(counts.values())


async def import_hub(db: AsyncSession, path: Path, now: datetime) -> tuple[str, int]:
    """Bring a hub in, all or nothing: its code, and how many rows. Raises BadInputError or ConflictError."""
    file = HubFile(path)
    rows = list(file.rows("hub"))
    if len(rows) != 1:
        raise BadInputError(f"{path.name} holds {len(rows)} hubs. Use a file that `halfterm hub export` wrote.")
    if file.note.get("version") != migrations.newest():
        because = (
            f"{path.name} was written by another version ({file.note.get('version')}; here: {migrations.newest()})"
        )
        raise BadInputError(f"{because}. Bring both installations to the same version, then export once more.")
    hub_id, code = uuid.UUID(rows[0]["id"]), str(rows[0]["code"])
    if await hubs.find(db, code):
        raise ConflictError(f"There is a hub with the code {code} here already. Nothing was changed.")
    await see_hubs(db, hub_id)
    if await moving.is_here(db, hub_id):
        raise ConflictError("This hub is here already, under another code. Nothing was changed.")
    count, accounts = 0, dict[str, str]()
    for table in moving.tables():
        count += await moving.put(db, table, file.rows(table), accounts)
    await trail.record(
        db, trail.Deed(hub_id, now, "Brought in", f"the hub from {path.name}", facts={"hub": str(hub_id)})
    )
    return code, count

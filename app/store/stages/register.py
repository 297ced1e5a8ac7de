"""The national register watched: a school that closed, or that another continues, is one open task of each hub.

Set by set, in a fixed number of statements, in the transaction of the import that says so.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.store.database import seeing_every_hub
from app.store.stages.register_rows import AT, HEIRS, POINTING, SUCCESSION

_HEIR = HEIRS.format(urn="found.urn") + " LIMIT 1"
_WITH = f"WITH {AT}, {POINTING}, {SUCCESSION}"
# What was settled for the same cause is not raised again: the same school came to an end only once.
_RAISE = (
    _WITH
    + """
    INSERT INTO school_change (id, hub_id, urn, kind, successor_urn, found_at, state, because, moved, version)
    SELECT gen_random_uuid(), found.hub_id, found.urn, CASE WHEN lower(own.status) = 'closed' THEN 'closed'
        ELSE 'replaced' END, heir.urn, at.t, 'open', '', '{}', 1
    FROM (SELECT DISTINCT hub_id, urn FROM pointing WHERE urn IN (SELECT urn FROM <cause>)) AS found
    JOIN school own ON own.urn = found.urn CROSS JOIN at
    LEFT JOIN LATERAL (<heir>) AS heir ON true
    WHERE <unless>
    ON CONFLICT (hub_id, urn) WHERE state = 'open' DO NOTHING
    """.replace("<heir>", _HEIR)
)
CLOSED = text(
    _RAISE.replace(
        "<cause>",
        "school WHERE lower(status) = 'closed' AND urn NOT IN (SELECT urn FROM closed_before)",
    ).replace("<unless>", "true")
)
LINKED = text(
    _RAISE.replace(
        "<cause>",
        """(SELECT CASE WHEN lower(kind) LIKE 'successor%' THEN urn ELSE other_urn END AS urn FROM
        (SELECT kind, urn, other_urn FROM school_link EXCEPT TABLE links_before) AS fresh
        WHERE lower(kind) LIKE 'successor%' OR lower(kind) LIKE 'predecessor%') AS linked""",
    ).replace(
        "<unless>",
        """heir.urn IS NOT NULL AND NOT EXISTS (SELECT FROM school_change s WHERE s.hub_id = found.hub_id
            AND s.urn = found.urn AND s.state <> 'open' AND s.successor_urn = heir.urn)""",
    )
)
# A task that waits for its successor's name learns it from whichever file comes second; one that closed says so.
LEARN = text(
    _WITH
    + """
    UPDATE school_change c SET successor_urn = coalesce(c.successor_urn, heir.urn), version = c.version + 1,
        kind = CASE WHEN lower(own.status) = 'closed' THEN 'closed' ELSE c.kind END
    FROM school_change found JOIN school own ON own.urn = found.urn
    LEFT JOIN LATERAL (<heir>) AS heir ON true
    WHERE c.id = found.id AND found.state = 'open' AND (
        (found.successor_urn IS NULL AND heir.urn IS NOT NULL)
        OR (found.kind <> 'closed' AND lower(own.status) = 'closed'))
    """.replace("<heir>", _HEIR)
)


async def remember_closed(db: AsyncSession) -> None:
    """Before schools are written: which have closed already, so that only what closes now is a task."""
    await db.execute(text("DROP TABLE IF EXISTS pg_temp.closed_before"))
    kept = "CREATE TEMP TABLE closed_before ON COMMIT DROP AS SELECT urn FROM school WHERE lower(status) = 'closed'"
    await db.execute(text(kept))


async def remember_links(db: AsyncSession) -> None:
    """Before links are written: which there are already, so that only new ones are a task."""
    await db.execute(text("DROP TABLE IF EXISTS pg_temp.links_before"))
    await db.execute(
        text("CREATE TEMP TABLE links_before ON COMMIT DROP AS SELECT kind, urn, other_urn FROM school_link")
    )


async def schools_changed(db: AsyncSession, now: datetime | None) -> None:
    """After schools were written: every hub in which something points to one that closed has a task."""
    async with seeing_every_hub(db):
        await db.execute(CLOSED, {"now": now})
        await db.execute(LEARN, {"now": now})


async def links_changed(db: AsyncSession, now: datetime | None) -> None:
    """After links were written: every hub in which something points to a school with a new successor has a task."""
    async with seeing_every_hub(db):
        await db.execute(LINKED, {"now": now})
        await db.execute(LEARN, {"now": now})

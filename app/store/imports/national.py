"""GIAS schools and links into their tables: new rows are copied straight in, others are compared and changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.schools.gias import GiasSchool, SchoolLink
from app.kit import grid
from app.store.imports.copying import Cells, Cursor, Shape, copy_in

SCHOOLS = Shape(
    table="school",
    texts=(
        "name", "la_name", "kind", "status", "phase", "ofsted", "street", "locality", "address3", "town", "county",
        "postcode", "website", "phone",
    ),
    others=(
        "urn", "la_code", "low_age", "high_age", "pupils", "ofsted_on", "opened_on", "closed_on", "easting",
        "northing", "latitude", "longitude",
    ),
    key=("urn",),
)  # fmt: skip
LINKS = Shape("school_link", ("kind",), ("urn", "other_urn", "since"), key=("kind", "urn", "other_urn"))
SHOWN_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows an import made and changed; the first few changes in words."""

    created: int = 0
    updated: int = 0
    changes: tuple[str, ...] = ()


async def write_schools(db: AsyncSession, schools: Iterator[GiasSchool]) -> Written:
    """Make or change these schools (each URN once). Other imports of schools wait until this transaction ends."""
    await db.execute(text("LOCK TABLE school IN SHARE ROW EXCLUSIVE MODE"))
    known = frozenset((await db.execute(text("SELECT coalesce(array_agg(urn), '{}') FROM school"))).scalar_one())
    comparing = _Comparing(SCHOOLS, _CHANGED_SCHOOLS)

    def split(block: list[GiasSchool]) -> tuple[list[Cells], list[Cells]]:
        placed = _placed(block)
        return [row for row in placed if row[_URN] not in known], [row for row in placed if row[_URN] in known]

    created = await copy_in(db, SCHOOLS, schools, split, comparing.compare)
    return Written(created, comparing.updated, tuple(comparing.changes[:SHOWN_CHANGES]))


async def write_links(db: AsyncSession, links: Iterator[SchoolLink]) -> Written:
    """Make or change these links (each pair and kind once)."""
    await db.execute(text("LOCK TABLE school_link IN SHARE ROW EXCLUSIVE MODE"))
    kept = await db.execute(text("SELECT kind, urn, other_urn FROM school_link"))
    known = frozenset(tuple(row) for row in kept)
    comparing = _Comparing(LINKS)

    def split(block: list[SchoolLink]) -> tuple[list[Cells], list[Cells]]:
        rows: list[Cells] = [(link.kind, link.urn, link.linked_urn, link.since) for link in block]
        return [row for row in rows if row[:3] not in known], [row for row in rows if row[:3] in known]

    return Written(await copy_in(db, LINKS, links, split, comparing.compare), comparing.updated)


@dataclass(slots=True)
class _Comparing:
    """Changes kept rows where the staged ones say otherwise; tells the first changes in words."""

    shape: Shape
    told_by: str = ""
    updated: int = 0
    changes: list[str] = field(default_factory=list)

    async def compare(self, cursor: Cursor) -> None:
        if self.told_by and len(self.changes) < SHOWN_CHANGES:
            await cursor.execute(self.told_by.encode())
            told = [row[0] for row in await cursor.fetchall()]
            self.changes += told
            if not told:
                return  # one look at the rows is enough where nothing is other
        await cursor.execute(self.shape.update.encode())
        self.updated += cursor.rowcount


def _placed(schools: Sequence[GiasSchool]) -> list[Cells]:
    """Each school's cells with its latitude and longitude behind."""
    on_grid = [school for school in schools if school.easting is not None]
    found = grid.points([s.easting or 0 for s in on_grid], [s.northing or 0 for s in on_grid])
    # Six decimal places are ten centimetres.
    at = ((f"{latitude:.6f}", f"{longitude:.6f}") for latitude, longitude in found)
    nowhere = (None, None)
    return [(*school, *(nowhere if school.easting is None else next(at))) for school in schools]


_URN = SCHOOLS.columns.index("urn")
_CHANGED_SCHOOLS = f"""
    SELECT kept.name || ' (' || kept.urn || '): ' || (
        SELECT string_agg(replace(was.key, '_', ' ') || ' ' || coalesce(nullif(was.value, ''), 'empty') || ' becomes '
                          || coalesce(nullif(becomes.value, ''), 'empty'), ', ' ORDER BY was.key)
        FROM jsonb_each_text(to_jsonb(kept)) was JOIN jsonb_each_text(to_jsonb(staged)) becomes USING (key)
        WHERE was.value IS DISTINCT FROM becomes.value)
    FROM school kept, staged WHERE {SCHOOLS.other} ORDER BY kept.urn LIMIT {SHOWN_CHANGES}
"""

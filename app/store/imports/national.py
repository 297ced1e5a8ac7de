"""GIAS schools and links into their tables: new rows are copied straight in, others are compared and changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.schools.gias import GiasSchool, SchoolLink
from app.kit import grid
from app.store.imports.copying import Cells, Shape, copy_in

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
)  # fmt: skip
LINKS = Shape("school_link", ("kind",), ("urn", "other_urn", "since"))
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

    def split(block: list[GiasSchool]) -> tuple[list[Cells], list[Cells]]:
        placed = _placed(block)
        return [row for row in placed if row[_URN] not in known], [row for row in placed if row[_URN] in known]

    copied = await copy_in(db, SCHOOLS, schools, split)
    if not copied.staged:
        return Written(copied.fresh)
    changes = tuple((await db.execute(text(_CHANGED_SCHOOLS))).scalars())
    updated = len(changes) and await _count(db, _UPDATE_SCHOOLS)
    return Written(copied.fresh, updated, changes)


async def write_links(db: AsyncSession, links: Iterator[SchoolLink]) -> Written:
    """Make or change these links (each pair and kind once)."""
    await db.execute(text("LOCK TABLE school_link IN SHARE ROW EXCLUSIVE MODE"))
    kept = await db.execute(text("SELECT kind, urn, other_urn FROM school_link"))
    known = frozenset(tuple(row) for row in kept)

    def split(block: list[SchoolLink]) -> tuple[list[Cells], list[Cells]]:
        rows: list[Cells] = [(link.kind, link.urn, link.linked_urn, link.since) for link in block]
        return [row for row in rows if row[:3] not in known], [row for row in rows if row[:3] in known]

    copied = await copy_in(db, LINKS, links, split)
    return Written(copied.fresh, await _count(db, _UPDATE_LINKS) if copied.staged else 0)


async def _count(db: AsyncSession, statement: str) -> int:
    """Run it and say how many rows it touched."""
    counted = f"WITH touched AS ({statement} RETURNING 1) SELECT count(*) FROM touched"
    return int((await db.execute(text(counted))).scalar_one())


def _placed(schools: Sequence[GiasSchool]) -> list[Cells]:
    """Each school's cells with its latitude and longitude behind."""
    on_grid = [school for school in schools if school.easting is not None]
    found = grid.points([s.easting or 0 for s in on_grid], [s.northing or 0 for s in on_grid])
    # Six decimal places are ten centimetres.
    at = ((f"{latitude:.6f}", f"{longitude:.6f}") for latitude, longitude in found)
    nowhere = (None, None)
    return [(*school, *(nowhere if school.easting is None else next(at))) for school in schools]


def _differs(columns: Iterable[str]) -> str:
    """True where a stored row differs from the staged one."""
    names = list(columns)
    return f"({', '.join(f'kept.{c}' for c in names)}) IS DISTINCT FROM ({', '.join(f'staged.{c}' for c in names)})"


_URN = SCHOOLS.columns.index("urn")
_FACTS = tuple(column for column in SCHOOLS.columns if column != "urn")
_UPDATE_SCHOOLS = (
    f"UPDATE school kept SET {', '.join(f'{column} = staged.{column}' for column in _FACTS)} "
    f"FROM staged WHERE kept.urn = staged.urn AND {_differs(_FACTS)}"
)
_CHANGED_SCHOOLS = f"""
    SELECT kept.name || ' (' || kept.urn || '): ' || (
        SELECT string_agg(replace(was.key, '_', ' ') || ' ' || coalesce(nullif(was.value, ''), 'empty') || ' becomes '
                          || coalesce(nullif(becomes.value, ''), 'empty'), ', ' ORDER BY was.key)
        FROM jsonb_each_text(to_jsonb(kept)) was JOIN jsonb_each_text(to_jsonb(staged)) becomes USING (key)
        WHERE was.value IS DISTINCT FROM becomes.value)
    FROM school kept JOIN staged USING (urn) WHERE {_differs(_FACTS)} ORDER BY kept.urn LIMIT {SHOWN_CHANGES}
"""
_UPDATE_LINKS = (
    "UPDATE school_link kept SET since = staged.since FROM staged WHERE kept.urn = staged.urn "
    "AND kept.other_urn = staged.other_urn AND kept.kind = staged.kind AND kept.since IS DISTINCT FROM staged.since"
)

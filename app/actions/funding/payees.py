"""Finance references of schools: entered one by one or many at once, and brought in as a table after a preview."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.payees import Entry, read_reference, read_table, shared_told, told
from app.domain.imports import Limits, Rejected
from app.kit.errors import BadInputError, ConflictError, Fault, StaleError
from app.kit.periods import academic_year, in_london
from app.kit.typed import Reader, Typed
from app.models.funding import Payee
from app.render.sheets import open_sheet
from app.store.funding import payees

LIMITS = Limits(file_bytes=2_000_000, rows=6_000, columns=50)
CHANGED = "Somebody else changed one of these references while you had the page open. Look at them and save again."
MOVED_ON = "References have changed since you looked. Bring the table in again to see what it would change now."
NOTHING = "Paste a table or choose a file: URN, reference and, where it differs, the name."
FIELD = "reference."  # and the URN
WAS = "was."  # what stood there when the page was made


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a table would do: each entry, what stood there before, the schools' names, and what cannot be taken."""

    entries: tuple[Entry, ...]
    before: Mapping[int, str]
    names: Mapping[int, str]
    schools: Mapping[int, str]
    rejected: tuple[Rejected, ...]

    @property
    def changes(self) -> tuple[Entry, ...]:
        """Those that say something else than what stands; a table without names leaves them as they are."""
        return tuple(
            one
            for one in self.entries
            if self.before.get(one.urn, "") != one.reference or one.name not in {"", self.names.get(one.urn, "")}
        )

    @property
    def shared(self) -> tuple[str, ...]:
        """What to know of references that several schools would then have."""
        return shared_told({**self.before, **{one.urn: one.reference for one in self.entries}}, self.schools)

    @property
    def text(self) -> str:
        """The changes as the confirmation sends them."""
        return told(self.changes)

    @property
    def stamp(self) -> str:
        """What stood there, for the confirmation to be held to."""
        return "|".join(f"{one.urn}={self.before.get(one.urn, '')}" for one in self.changes)


async def save(actor: Actor, typed: Typed) -> int:
    """Keep every reference that was typed; an emptied one is removed. Returns how many changed.

    Raises BadInputError with what to change, or StaleError when one changed meanwhile.
    """
    actor.require(Can.EDIT_RATES)
    reader = Reader(typed)
    wanted: dict[int, str] = {}
    for name in typed.values:
        urn = name.removeprefix(FIELD)
        if not name.startswith(FIELD) or not (urn.isascii() and urn.isdigit() and len(urn) <= 7):
            continue
        text = typed.text(name)
        if text == typed.text(f"{WAS}{urn}"):
            continue
        said = reader.read(name, read_reference) if text else ""
        if said is not None:
            wanted[int(urn)] = said
    reader.finish()
    known = {one.urn for one in await payees.listed(actor.db, actor.member.hub_id, _year(actor))}
    wanted = {urn: said for urn, said in wanted.items() if urn in known}
    held = await payees.locked(actor.db, actor.member.hub_id, wanted)
    if any(_now(held, urn) != typed.text(f"{WAS}{urn}") for urn in wanted):
        raise StaleError(CHANGED)
    return await _write(actor, held, [Entry(urn, said, _name(held, urn)) for urn, said in wanted.items()])


def _year(actor: Actor) -> int:
    return academic_year(in_london(actor.now).date())


def _now(held: Mapping[int, Payee], urn: int) -> str:
    return held[urn].reference if urn in held else ""


def _name(held: Mapping[int, Payee], urn: int) -> str:
    return held[urn].name if urn in held else ""


async def _write(actor: Actor, held: Mapping[int, Payee], entries: Iterable[Entry]) -> int:
    before, after = {}, {}
    for one in entries:
        before[str(one.urn)], after[str(one.urn)] = _now(held, one.urn), one.reference
        if one.reference and not await payees.put(actor.db, actor.member.hub_id, held.get(one.urn), one):
            raise StaleError(CHANGED)
        if not one.reference and one.urn in held:
            await actor.db.delete(held[one.urn])
    changed = len(after)
    if changed:
        schools = "a school" if changed == 1 else f"{changed:,} schools"
        await actor.record("Changed", f"the finance reference of {schools}", before=before, after=after)
    return changed


async def preview(actor: Actor, name: str, data: bytes) -> Previewed:
    """What the table would do; nothing changes. Raises BadInputError for what is no table."""
    actor.require(Can.EDIT_RATES)
    if not data.strip():
        raise BadInputError(NOTHING, (Fault("table", NOTHING),))
    known = {one.urn: one for one in await payees.listed(actor.db, actor.member.hub_id, _year(actor))}
    schools = {urn: one.school for urn, one in known.items()}
    try:
        entries, wrong = read_table(_rows(name, data), schools)
    except BadInputError as problem:
        raise BadInputError(problem.because, (Fault("table", problem.because),)) from problem
    before = {urn: one.reference for urn, one in known.items()}
    return Previewed(entries, before, {urn: one.name for urn, one in known.items()}, schools, wrong)


def _rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Every row of the file, its headings too, if the first has any."""
    with tempfile.TemporaryDirectory(prefix="halfterm-payees-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(data)
        sheet = open_sheet(path, name=name, limits=LIMITS)
        return [(sheet.header_row, list(sheet.header)), *sheet.rows]


async def confirm(actor: Actor, text: str, stamp: str) -> int:
    """Do what was previewed, all of it or nothing; returns how many changed. Raises StaleError or ConflictError."""
    actor.require(Can.EDIT_RATES)
    rows = [(number, line.split("\t")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    known = {one.urn: one for one in await payees.listed(actor.db, actor.member.hub_id, _year(actor))}
    entries, wrong = read_table(rows, {urn: one.school for urn, one in known.items()})
    if wrong or not entries:
        raise ConflictError(wrong[0].because if wrong else "There is nothing to change.")
    held = await payees.locked(actor.db, actor.member.hub_id, [one.urn for one in entries])
    looked_at = "|".join(f"{one.urn}={_now(held, one.urn)}" for one in entries)
    if looked_at != stamp:
        raise StaleError(MOVED_ON)
    return await _write(actor, held, [replace(one, name=one.name or _name(held, one.urn)) for one in entries])

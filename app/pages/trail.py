"""What was done in a hub, when and by whom, and whether the record of it is whole."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.imports import read_date
from app.domain.trail import KINDS, Checked, FieldChange, origin_in_words, told
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import spoken
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store import hubs, trail
from app.store.database import Database

COLUMNS = (Column("", "When"), Column("", "Who"), Column("", "What"))
CSV_HEADER = ("number", "at", "who", "from", "did", "about", "kind", "before", "after", "facts", "previous", "hash")
MOST_CHECKED = 10_000  # entries that are walked while somebody waits: a second or two


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry in words; `source` says where it came from, `changes` what was there before and after."""

    number: int | None
    at: str
    when: str
    who: str
    did: str
    about: str
    source: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class TrailPage:
    """The trail, the latest first; nothing in it is ever changed.

    `check` is the address that checks it now, empty for more entries than anybody waits for.
    """

    template: ClassVar[str] = "trail/list.html"
    listing: Listing
    deeds: tuple[TrailLine, ...]
    of_one: str
    state: str
    fault: str
    check: str
    everything: str


async def trail_page(db: AsyncSession, member: Member, asked: Asked) -> TrailPage:
    """One page of the trail: six statements, and a walk along the chain where it was asked for."""
    checks = asked.value("check") == "now"
    asked = replace(asked, query={name: value for name, value in asked.query.items() if name != "check"})
    sought, faults = read_sought(asked)
    total = await trail.count(db, member.hub_id, sought)
    found = await trail.deeds(db, member.hub_id, sought, (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    names = await trail.names(db, member.hub_id, [change for one in found for change in (one.before, one.after)])
    last, _ = await trail.end(db, member.hub_id)
    is_short = last <= MOST_CHECKED
    checked = await trail.check(db, member.hub_id) if checks and is_short else None
    empty = Empty("Everything that is done in the hub will be here, with who did it and when.")
    filters = await _filters(db, member, asked, faults)
    return TrailPage(
        listing=listing(asked, "What was done", COLUMNS, total=total, empty=empty, filters=filters),
        deeds=tuple(
            TrailLine(
                one.number,
                one.at.isoformat(),
                spoken(one.at),
                one.who or "Forgotten, as the law asks",
                one.did,
                one.about,
                origin_in_words(one.source, one.browser),
                told(one.before, one.after, names),
            )
            for one in found
        ),
        of_one=(found[0].about if found else "one thing") if sought.thing else "",
        state=in_words(checked) if checked else _unchecked(last, is_short=is_short),
        fault=checked.fault if checked else "",
        check=asked.link(check="now", page="") if is_short and last else "",
        everything=asked.link(thing="", kind="", page="") if sought.thing else "",
    )


def history_of(member: Member, kind: str, thing: object) -> str:
    """The address of what happened to one thing, empty for those who may not see the trail."""
    if not member.reaches(Can.SEE_TRAIL):
        return ""
    return Asked(f"/hubs/{member.hub_code}/trail").link(kind=kind, thing=str(thing))


def in_words(checked: Checked) -> str:
    """How far the trail was checked, in a sentence; units: entries."""
    if not checked.whole:
        return f"Not whole. The entries up to {checked.number:,} fit." if checked.number else "Not whole."
    gone = f" The words of {checked.forgotten:,} were forgotten, as the law asks." if checked.forgotten else ""
    return f"Whole, checked up to entry {checked.number:,}.{gone}"


def _unchecked(last: int, *, is_short: bool) -> str:
    if is_short:
        return f"{last:,} entries, each holding the one before it."
    return f"{last:,} entries: too many to check while you wait. Whoever runs the server types halfterm trail verify."


async def _filters(db: AsyncSession, member: Member, asked: Asked, faults: dict[str, str]) -> tuple[Filter, ...]:
    verbs = tuple(Choice(verb, verb) for verb in await trail.verbs(db, member.hub_id))
    doers = tuple(Choice(name, name) for name in await trail.doers(db, member.hub_id))
    kinds = tuple(Choice(kind, words) for kind, words in KINDS.items())
    since = "From, such as 24/9/2026" + (f" ({faults['since']})" if "since" in faults else "")
    until = "Until, such as 18/12/2026" + (f" ({faults['until']})" if "until" in faults else "")
    return (
        Filter("q", "Words", asked.value("q")),
        Filter("who", "Who", asked.value("who"), doers),
        Filter("did", "What was done", asked.value("did"), verbs),
        *(() if asked.value("thing") else (Filter("kind", "To what", asked.value("kind"), kinds),)),
        Filter("since", since, asked.value("since")),
        Filter("until", until, asked.value("until")),
    )


def read_sought(asked: Asked) -> tuple[trail.Sought, dict[str, str]]:
    """What the address narrows the trail by, and which of its days cannot be read."""
    days: dict[str, date | None] = {}
    faults: dict[str, str] = {}
    for name in ("since", "until"):
        try:
            days[name] = read_date(asked.value(name)) if asked.value(name) else None
        except ValueError:
            days[name], faults[name] = None, "that was no day, so it narrows nothing"
    sought = trail.Sought(
        words=asked.value("q"),
        did=asked.value("did"),
        who=asked.value("who"),
        kind=asked.value("kind"),
        thing=asked.value("thing"),
        since=days["since"],
        until=days["until"],
    )
    return sought, faults


async def trail_csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every entry that the filters leave, as rows under CSV_HEADER."""
    found = await trail.deeds(db, member.hub_id, read_sought(asked)[0], (None, 0))
    return (
        (
            one.number,
            one.at,
            one.who,
            origin_in_words(one.source, one.browser),
            one.did,
            one.about,
            KINDS.get(one.kind or "", ""),
            _json(one.before),
            _json(one.after),
            _json(one.facts),
            one.previous,
            one.hash,
        )
        for one in found
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


async def check_hub(db: AsyncSession, member: Member) -> Checked:
    """Walk the member's hub's trail; raises ConflictError when that takes longer than anybody waits."""
    last, _ = await trail.end(db, member.hub_id)
    if last > MOST_CHECKED:
        raise ConflictError(_unchecked(last, is_short=False))
    return await trail.check(db, member.hub_id)


async def check_hubs(database: Database, code: str = "") -> AsyncIterator[tuple[str, Checked]]:
    """Walk every hub's trail, or that of the one with this code: its code and how far it holds.

    Raises NotFoundError for an unknown code.
    """
    is_found = False
    for hub_id in await database.every_hub():
        async with database.transaction(hub_id) as db:
            hub = await hubs.one(db, hub_id)
            if code in {"", hub.code}:
                is_found = True
                yield hub.code, await trail.check(db, hub_id)
    if code and not is_found:
        raise NotFoundError(f"There is no hub with the code {code} here.")

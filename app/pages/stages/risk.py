"""The schools that a rule of risk speaks of, each with a sentence and the way to what mends it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.ladder import Stage
from app.domain.stages.risk import BY_KEY, RULES, Flag, flags
from app.kit.periods import in_london, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.schools import reading
from app.store.stages import flags as rows
from app.store.stages import watching
from app.store.stages.entitlement import taking_part
from app.store.stages.watching import Seen

COLUMNS = (Column("name", "School"), Column("stage", "Stage"), Column("group", "Work Group"), Column("", "What shows"))
CSV_HEADER = ("URN", "School", "Stage", "Work Groups", "Rule", "What shows")
MENDS: dict[str, tuple[str, str]] = {  # words of the link, and where it leads below the hub
    "absences": ("See who came", "attendance?view=absences&group={about}"),
    "nobody": ("See who came", "events/{about}/attendance"),
    "no_visit": ("See its visits", "this-half-term?lead=all&q={urn}"),
    "behind": ("See its visits", "entitlement?q={urn}"),
    "left": ("Name somebody", "groups/{about}"),
    "barrier": ("Open the barrier", "barriers/{about}"),
    "head": ("See who came", "events/{about}/attendance"),
    "agreement": ("Open the agreement", "enrolments/{about}/agreement"),
    "record": ("Open the visit", "events/{about}"),
}


@dataclass(frozen=True, slots=True)
class FlagLine:
    """What one rule says of a school, and where it is mended."""

    rule: str
    says: str
    mend: str
    href: str


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A school as a row."""

    school: str
    href: str
    look: str
    stage: str
    groups: str
    flags: tuple[FlagLine, ...]


@dataclass(frozen=True, slots=True)
class RiskPage:
    """The page: one page of the schools of which a rule says something."""

    template: ClassVar[str] = "stages/risk.html"
    year: str
    years: tuple[YearLink, ...]
    says: str
    listing: Listing
    lines: tuple[RiskLine, ...]
    rules_href: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A school with its flags; none for one that no rule speaks of."""

    seen: Seen
    flags: tuple[Flag, ...]


async def known(db: AsyncSession, member: Member, year: int, now: datetime) -> list[Flagged]:
    """Every school of the year that the member may see, by name, with what the rules say: 21 statements."""
    taking = await taking_part(db, member.hub_id, year, now)
    seen = await watching.seen(db, member, taking)
    found = await rows.watched_of(db, member.hub_id, year, now, taking)
    standing, day = await rows.rules(db, member.hub_id), rows.seen_from(year, now)
    return [Flagged(one, flags(found[one.urn], standing, day)) for one in seen]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> RiskPage:
    """The page, in a fixed number of statements whatever the number of schools."""
    year = asked_year(asked, in_london(now).date())
    every = await known(db, member, year, now)
    chosen = ordered(every, asked)
    first = (asked.page - 1) * PAGE_SIZE
    home = f"/hubs/{member.hub_code}"
    says = "No rule speaks of a school now." if every else f"Schools of {spoken_year(year)} will be watched here."
    return RiskPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        says=_says(every),
        listing=listing(
            asked, "Schools", COLUMNS, total=len(chosen), empty=Empty(says), filters=_filters(asked, every)
        ),
        lines=tuple(_line(home, one, asked.value("rule")) for one in chosen[first : first + PAGE_SIZE]),
        rules_href=f"{home}/rules",
    )


def _says(every: Sequence[Flagged]) -> str:
    count = sum(bool(one.flags) for one in every)
    return f"The rules say something of {count:,} of {len(every):,} schools." if count and len(every) > 1 else ""


def ordered(every: Sequence[Flagged], asked: Asked) -> list[Flagged]:
    """The schools with a flag that fit the address, in its order."""
    column, down = asked.order(("name", "stage", "group"))
    found = [one for one in every if _fits(one, asked)]
    if column == "stage":
        return sorted(found, key=lambda one: list(Stage).index(one.seen.stage) if one.seen.stage else 9, reverse=down)
    if column == "group":
        return sorted(found, key=_groups, reverse=down)
    return list(reversed(found)) if down else found


def _fits(one: Flagged, asked: Asked) -> bool:
    rule = asked.value("rule")
    said = f"{one.seen.school} {one.seen.town} {one.seen.urn}".casefold()
    return (
        any(rule in {"", flag.key} for flag in one.flags)
        and all(word in said for word in asked.value("q").casefold().split())
        and asked.value("stage") in {"", one.seen.stage.value if one.seen.stage else "none"}
        and (not asked.value("group") or asked.value("group") in {code for _, code in one.seen.groups})
    )


def csv_rows(found: Sequence[Flagged], rule: str) -> list[tuple[object, ...]]:
    """A row for each flag, under `CSV_HEADER`."""
    return [
        (
            one.seen.urn,
            one.seen.school,
            one.seen.stage.says if one.seen.stage else "",
            _groups(one),
            BY_KEY[flag.key].name,
            flag.says,
        )
        for one in found
        for flag in one.flags
        if rule in {"", flag.key}
    ]


def _groups(one: Flagged) -> str:
    return ", ".join(code for _, code in one.seen.groups)


def _line(home: str, one: Flagged, rule: str) -> RiskLine:
    stage = one.seen.stage
    return RiskLine(
        school=one.seen.school,
        href=f"{home}/schools/{one.seen.urn}/journey",
        look=stage.value if stage else "",
        stage=stage.says if stage else "",
        groups=_groups(one),
        flags=tuple(_flag(home, one.seen.urn, flag) for flag in one.flags if rule in {"", flag.key}),
    )


def _flag(home: str, urn: int, flag: Flag) -> FlagLine:
    mend, where = MENDS[flag.key]
    about: uuid.UUID | str = flag.about or ""
    return FlagLine(BY_KEY[flag.key].name, flag.says, mend, f"{home}/{where.format(about=about, urn=urn)}")


def _filters(asked: Asked, every: Sequence[Flagged]) -> tuple[Filter, ...]:
    """The fields above the list; what no school has is not offered."""
    if not any(one.flags for one in every):
        return ()
    stages = [one for one in Stage if any(known.seen.stage is one for known in every)]
    groups = sorted({code for one in every for _, code in one.seen.groups})
    said = {flag.key for one in every for flag in one.flags}
    rules = tuple(Choice(one.key, one.name) for one in RULES if one.key in said)
    return (
        Filter("q", "Name, town or URN", asked.value("q")),
        Filter("rule", "Rule", asked.value("rule"), rules),
        Filter("stage", "Stage", asked.value("stage"), tuple(Choice(one.value, one.says) for one in stages)),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(one, one) for one in groups)),
    )

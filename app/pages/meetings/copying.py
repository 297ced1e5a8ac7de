"""A year copied forward: everything that could be, ticked, with what is left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings import copying as rules
from app.domain.meetings.copying import NewYear, OldGroup, OldSchool, OldYear
from app.domain.meetings.copying_choice import Wanted, everything, others, school_key
from app.domain.meetings.groups import weekdays_in_words
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken_year
from app.pages._parts import Choice, Field
from app.store.meetings import copying

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays")


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick; where `because` is given it is left out for that reason."""

    name: str
    value: str
    label: str
    hint: str = ""
    ticked: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class GroupTick:
    """A Work Group with its schools; `code` is what it is called in the next year, `fault` what is wrong with it."""

    tick: Tick
    code_name: str
    code: str
    fault: str
    says: str
    leader: Field | None
    schools: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class CopyPage:
    """What of a year can be copied into the next. `dates` is where its dates can be kept afterwards."""

    template: ClassVar[str] = "meetings/copying.html"
    old: str
    new: str
    address: str
    back: str
    dates: str
    begins: bool
    general: tuple[Tick, ...]
    programmes: tuple[Tick, ...]
    groups: tuple[GroupTick, ...]
    faults: tuple[Fault, ...]


async def copy_page(
    db: AsyncSession, member: Member, year: int, wanted: Wanted | None = None, faults: Sequence[Fault] = ()
) -> CopyPage:
    """What is offered, all of it ticked unless something is wanted. Raises NotFoundError."""
    old = await copying.old_year(db, member.hub_id, year)
    if old is None:
        raise NotFoundError
    new = await copying.new_year(db, member.hub_id, year + 1)
    ticked = wanted or everything(old, new)
    home = f"/hubs/{member.hub_code}/years"
    because = {fault.path: fault.because for fault in faults}
    return CopyPage(
        old=spoken_year(year),
        new=spoken_year(year + 1),
        address=f"{home}/{year}/copy",
        back=f"{home}/{year}",
        dates=f"{home}/{year + 1}/kept-dates" if new.is_open else "",
        begins=not new.is_open,
        general=_general(old, new, ticked),
        programmes=tuple(_programme(old, new, kind, ticked) for kind in old.programmes),
        groups=tuple(_group(group, old, new, ticked, because) for group in old.groups),
        faults=tuple(faults),
    )


def _general(old: OldYear, new: NewYear, ticked: Wanted) -> tuple[Tick, ...]:
    cap = old.meetings_per_day
    most = f"At most {cap} meetings on one day" if cap else "Any number of meetings on one day"
    own = f"{len(old.weights)} costs of the hub's own" if old.weights else "the usual costs"
    left = others(old, new)
    many = f"{len(left)} school{'' if len(left) == 1 else 's'} of the hub's list in no Work Group"
    listed = [
        Tick("others", "yes", many, "They come into the list with their maths, hosting and notes.", ticked.others)
    ]
    return (
        Tick(
            "settings",
            "yes",
            "Planning settings",
            f"{most}, {own}.",
            ticked.settings,
            rules.why_no_settings(old, new),
        ),
        Tick("people", "yes", "Everybody who takes part and has not left", "", ticked.people),
        Tick("visits", "yes", "Who visits each school, and in which half terms", "", ticked.visits),
        Tick(
            "weekdays",
            "yes",
            "The weekday of each Work Group",
            "Where all its meetings, or its pinned ones, lay on one weekday, that one is preferred.",
            ticked.weekdays,
        ),
        *(listed if left else ()),
    )


def _programme(old: OldYear, new: NewYear, kind: str, ticked: Wanted) -> Tick:
    terms = old.programmes[kind]
    hint = f"{terms.meetings} meetings, {terms.visits} visits, {terms.least_gap} days apart or more."
    because = rules.why_no_programme(old, new, kind)
    return Tick("programme", kind, terms.name, hint, kind in ticked.programmes, because)


def _group(group: OldGroup, old: OldYear, new: NewYear, ticked: Wanted, because: Mapping[str, str]) -> GroupTick:
    key, change = str(group.id), group.change
    code = ticked.groups.get(key, rules.next_name(change.code, old.year))
    name = f"{change.code}: {change.name}" if change.name else change.code
    weekday = rules.kept_weekday(group)
    days = f"Its meetings lay on {WEEKDAYS[weekday]}" if weekday is not None else weekdays_in_words(change.weekday_cost)
    why = rules.why_no_group(group, old, new)
    return GroupTick(
        tick=Tick("group", key, name, "", key in ticked.groups, why),
        code_name=f"code_{key}",
        code=code,
        fault=because.get(f"code_{key}", ""),
        says=f"Led by {group.leader}{'' if group.leader_stays else ', who has left'}. {days}.",
        leader=None if group.leader_stays else _leader(key, new, ticked, because),
        schools=tuple(_school(school, group, old, new, ticked) for school in group.schools),
    )


def _leader(key: str, new: NewYear, ticked: Wanted, because: Mapping[str, str]) -> Field:
    name = f"leader_{key}"
    people = tuple(Choice(str(person), called) for person, called in new.leaders.items())
    return Field(
        name=name,
        label="Who leads it now",
        kind="select",
        value=ticked.leaders.get(key, ""),
        choices=(Choice("", "Choose a person"), *people),
        fault=because.get(name, ""),
    )


def _school(school: OldSchool, group: OldGroup, old: OldYear, new: NewYear, ticked: Wanted) -> Tick:
    key = school_key(group.id, school.urn)
    stay = [taker.name for taker in school.takers if taker.stays]
    people = f"With {', '.join(stay)}." if stay else "Nobody is named."
    hint = " ".join([people, *rules.notes_of(school, old, new)])
    because = rules.why_no_school(school, group.kind, new)
    return Tick("school", key, school.name, hint, key in ticked.schools, because)


def done_in_words(groups: int, schools: int) -> str:
    """What copying did: "3 Work Groups and 21 schools are copied"."""
    said = [
        f"{many} {word}{'' if many == 1 else 's'}"
        for many, word in ((groups, "Work Group"), (schools, "school"))
        if many
    ]
    if not said:
        return "Settings and programmes are copied."
    done = f"{' and '.join(said)} {'is' if groups + schools == 1 else 'are'} copied."
    return f"{done} A Work Group that is not wanted can be removed on its page." if groups else done

"""My reflections: what the viewer alone reads until they share one, in all their hubs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Viewer
from app.domain.notes.frameworks import Framework
from app.kit.periods import in_london, spoken_date
from app.pages._parts import Empty
from app.store.notes import frameworks, reflections
from app.store.notes.reflections import Own

PATH = "/my/reflections"
CSV_HEADER = ("Hub", "Framework", "Indicator", "Date", "Where", "Reflection")


@dataclass(frozen=True, slots=True)
class FrameworkLink:
    """A framework to reflect on, and when the viewer did last."""

    name: str
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class HubFrameworks:
    """The frameworks of one hub; its name is told to those who are in several."""

    hub: str
    frameworks: tuple[FrameworkLink, ...]


@dataclass(frozen=True, slots=True)
class ReflectionsPage:
    """What the viewer can reflect on."""

    template: ClassVar[str] = "notes/reflections.html"
    hubs: tuple[HubFrameworks, ...]
    csv: str
    empty: Empty


def reflecting(viewer: Viewer) -> tuple[Member, ...]:
    """The memberships in which the viewer may reflect."""
    return tuple(member for member in viewer.members if member.reaches(Can.REFLECT))


async def own(db: AsyncSession, viewer: Viewer, key: str = "") -> list[Own]:
    """All that the viewer wrote, the newest first."""
    return await reflections.of_person(db, [member.person_id for member in viewer.members], key)


async def load(db: AsyncSession, viewer: Viewer) -> ReflectionsPage:
    """The page: two statements."""
    members = reflecting(viewer)
    known = await frameworks.newest(db, [member.hub_id for member in members])
    wrote = await own(db, viewer)
    hubs = tuple(
        HubFrameworks(
            member.hub_name if len(members) > 1 else "",
            _links(member, {key: one.framework for key, one in known[member.hub_id].items()}, wrote),
        )
        for member in members
    )
    empty = Empty("What you can reflect on will be here, once your hub offers a framework.")
    return ReflectionsPage(hubs, f"{PATH}?format=csv" if wrote else "", empty)


def _links(member: Member, known: Mapping[str, Framework], wrote: Sequence[Own]) -> tuple[FrameworkLink, ...]:
    """Those that are offered, and those that the viewer wrote on before."""
    links = []
    for key, framework in known.items():
        mine = [one for one in wrote if one.hub_id == member.hub_id and one.framework.key == key]
        if framework.offered or mine:
            links.append(FrameworkLink(framework.name, _last(mine), f"{PATH}/{member.hub_code}/on/{key}"))
    return tuple(links)


def _last(mine: Sequence[Own]) -> str:
    if not mine:
        return "You have not reflected on it yet."
    times = "Once" if len(mine) == 1 else f"{len(mine):,} times"
    return f"{times}, last on {spoken_date(in_london(mine[0].said_at).date())}."


def rows(viewer: Viewer, wrote: Sequence[Own]) -> list[tuple[str, ...]]:
    """The viewer's own reflections as rows under CSV_HEADER, the newest first."""
    hubs = {member.hub_id: member.hub_name for member in viewer.members}
    return [
        (
            hubs.get(one.hub_id, ""),
            one.framework.name,
            indicator_words(one),
            in_london(one.said_at).date().isoformat(),
            step_words(one),
            one.words,
        )
        for one in wrote
    ]


def indicator_words(one: Own) -> str:
    """What it is about, as it was called then."""
    found = one.framework.indicator(one.indicator)
    return found.label if found else one.indicator


def step_words(one: Own) -> str:
    """Where they stood, as it was called then."""
    found = one.framework.step(one.where)
    return found.label if found else one.where

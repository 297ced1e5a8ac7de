"""One's own path on one framework: each indicator with where one stands, a picture of the way there, and the words."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.notes.frameworks import Framework, Indicator
from app.domain.notes.sharing import is_shared, readers
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_time
from app.pages._parts import Choice, Confirm, Empty, Field, Form
from app.pages.notes.forms import FormConfirmPage
from app.pages.notes.reflections import PATH, indicator_words, own, step_words
from app.store.notes import frameworks, reflections
from app.store.notes.reflections import Own

# The picture, in its own units: steps as lines one above the other, time from left to right.
WIDTH, LEFT, RIGHT, TOP, STEP = 330, 14, 316, 28, 36
OTHER_DAY = "You wrote this on another day, so it stays as it was. You can remove it, or write a new one."


@dataclass(frozen=True, slots=True)
class Guide:
    """A step's line across the picture."""

    y: int
    text_y: int
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One reflection in the picture."""

    x: int
    y: int
    last: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The path on one indicator: `line` joins the dots as SVG points, `says` tells it in words."""

    says: str
    height: int
    dates_y: int
    guides: tuple[Guide, ...]
    line: str
    dots: tuple[Dot, ...]
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator: what it asks, and where the viewer stands by what they said last."""

    label: str
    asks: str
    now: str
    since: str
    picture: Picture | None
    write: str


@dataclass(frozen=True, slots=True)
class Reflected:
    """One reflection as a row; `edit` is empty after its day. `shared` says since when others read it."""

    about: str
    when: str
    where: str
    words: str
    edit: str
    remove: str
    share: str
    shared: str


@dataclass(frozen=True, slots=True)
class PathPage:
    """The viewer's own path on one framework."""

    template: ClassVar[str] = "notes/reflections_path.html"
    name: str
    hub: str
    intro: str
    back: str
    indicators: tuple[Standing, ...]
    reflections: tuple[Reflected, ...]
    empty: Empty
    csv: str


async def framework_of(db: AsyncSession, viewer: Viewer, member: Member, key: str) -> tuple[Framework, list[Own]]:
    """The framework as it is offered, else as the viewer knew it, and what they wrote on it. Raises NotFoundError."""
    versions = await frameworks.versions(db, member.hub_id, key)
    mine = [one for one in await own(db, viewer, key) if one.hub_id == member.hub_id]
    if not versions:
        raise NotFoundError
    framework = versions[0].framework
    if not framework.offered and not mine:
        raise NotFoundError
    return framework, mine


async def load(db: AsyncSession, viewer: Viewer, member: Member, key: str, now: datetime) -> PathPage:
    """The page: two statements. Raises NotFoundError."""
    framework, mine = await framework_of(db, viewer, member, key)
    here = f"{PATH}/{member.hub_code}/on/{key}"
    shown = framework if framework.offered else mine[0].framework
    first = min((one.said_at for one in mine), default=now)
    standings = tuple(
        _standing(shown, indicator, [one for one in mine if one.indicator == indicator.key], (first, now))
        for indicator in shown.indicators
    )
    write = f"{here}/write?indicator=" if framework.offered else ""
    return PathPage(
        name=shown.name,
        hub=member.hub_name if len(viewer.members) > 1 else "",
        intro=shown.intro,
        back=PATH,
        indicators=tuple(
            _writing(one, f"{write}{indicator.key}" if write else "")
            for one, indicator in zip(standings, shown.indicators, strict=True)
        ),
        reflections=tuple(_row(one, now) for one in mine),
        empty=Empty("What you write will be here, the newest first. Choose above what you want to think about."),
        csv=f"{here}?format=csv" if mine else "",
    )


def _writing(standing: Standing, write: str) -> Standing:
    return Standing(standing.label, standing.asks, standing.now, standing.since, standing.picture, write)


def _standing(
    framework: Framework, indicator: Indicator, mine: Sequence[Own], span: tuple[datetime, datetime]
) -> Standing:
    """`mine`: the newest first."""
    now = step_words(mine[0]) if mine else ""
    since = f"said on {_day(mine[0].said_at)}" if mine else ""
    picture = _picture(framework, indicator, list(reversed(mine)), span) if mine else None
    return Standing(indicator.label, indicator.asks, now, since, picture, "")


def _picture(
    framework: Framework, indicator: Indicator, mine: Sequence[Own], span: tuple[datetime, datetime]
) -> Picture | None:
    """`mine`: the oldest first. Steps that the framework no longer has are in the list, not in the picture."""
    many = len(framework.steps)
    levels = {step.key: TOP + STEP * (many - 1 - n) for n, step in enumerate(framework.steps)}
    drawn = [one for one in mine if one.where in levels]
    if not drawn:
        return None
    whole = max((span[1] - span[0]).total_seconds(), 86_400)
    dots = tuple(
        Dot(
            round(LEFT + (RIGHT - LEFT) * (one.said_at - span[0]).total_seconds() / whole),
            levels[one.where],
            last=one is drawn[-1],
        )
        for one in drawn
    )
    steps = [f"{step_words(one)} on {_day(one.said_at)}" for one in drawn]
    bottom = TOP + STEP * (many - 1)
    return Picture(
        says=f"{indicator.label}: {', then '.join(steps)}.",
        height=bottom + 30,
        dates_y=bottom + 24,
        guides=tuple(Guide(levels[step.key], levels[step.key] - 11, step.label) for step in framework.steps),
        line=" ".join(_corners(dots)),
        dots=dots,
        begins=_short_day(span[0]),
        ends=_short_day(span[1]),
    )


def _corners(dots: Sequence[Dot]) -> list[str]:
    """One stays where one was until one says otherwise; the last place reaches to today."""
    points: list[str] = []
    for n, dot in enumerate(dots):
        if n:
            points.append(f"{dot.x},{dots[n - 1].y}")
        points.append(f"{dot.x},{dot.y}")
    return [*points, f"{RIGHT},{dots[-1].y}"]


def _day(moment: datetime) -> str:
    return spoken_date(in_london(moment).date())


def _short_day(moment: datetime) -> str:
    day = in_london(moment).date()
    return f"{day.day} {day:%b %Y}"


def same_day(said_at: datetime, now: datetime) -> bool:
    """Whether both are on one London day: until its end a reflection can be written anew."""
    return in_london(said_at).date() == in_london(now).date()


def _row(one: Own, now: datetime) -> Reflected:
    here = f"{PATH}/{one.id}"
    at = in_london(one.said_at)
    return Reflected(
        about=indicator_words(one),
        when=f"{spoken_date(at.date())}, {spoken_time(at.time().replace(second=0, microsecond=0))}",
        where=step_words(one),
        words=one.words,
        edit=f"{here}/edit" if same_day(one.said_at, now) else "",
        remove=f"{here}/remove",
        share=f"{here}/share",
        shared=_shared(one, now),
    )


def _shared(one: Own, now: datetime) -> str:
    return f"Shared since {_day(one.shared_at)}" if one.shared_at and is_shared(one.shared_at, now) else ""


@dataclass(frozen=True, slots=True)
class ReflectionFormPage:
    """Writes a reflection, or writes one of today's anew."""

    template: ClassVar[str] = "notes/reflection_form.html"
    title: str
    back: str
    form: Form


async def load_form(db: AsyncSession, viewer: Viewer, member: Member, key: str, indicator: str) -> ReflectionFormPage:
    """An empty form: two statements. Raises NotFoundError for what is not offered."""
    framework, _ = await framework_of(db, viewer, member, key)
    if not framework.offered:
        raise NotFoundError
    here = f"{PATH}/{member.hub_code}/on/{key}"
    choices = tuple(Choice(one.key, one.label, hint=one.asks) for one in framework.indicators)
    about = Field(name="indicator", label="What do you think about?", kind="radios", value=indicator, choices=choices)
    fields = (about, *_answers(framework))
    form = Form(action=f"{here}/write", submit="Keep it for myself", fields=fields)
    return ReflectionFormPage(framework.name, here, form)


def _answers(framework: Framework, where: str = "", words: str = "") -> tuple[Field, ...]:
    steps = tuple(Choice(one.key, one.label) for one in framework.steps)
    return (
        Field(name="where", label="Where are you with it now?", kind="radios", value=where, choices=steps),
        Field(
            name="words",
            label="What makes you say so?",
            kind="textarea",
            value=words,
            hint="An example from a lesson helps you most when you read this again. Call pupils A, B and C.",
        ),
    )


async def _one(db: AsyncSession, viewer: Viewer, key: uuid.UUID) -> tuple[Own, str]:
    """One of the viewer's own, and where its path is. Raises NotFoundError."""
    found = next((one for one in await own(db, viewer) if one.id == key), None)
    member = viewer.member(found.hub_id) if found else None
    if found is None or member is None:
        raise NotFoundError
    return found, f"{PATH}/{member.hub_code}/on/{found.framework.key}"


async def load_edit(db: AsyncSession, viewer: Viewer, key: uuid.UUID, now: datetime) -> ReflectionFormPage:
    """The form of one of today's: one statement. Raises NotFoundError, or ConflictError after its day."""
    found, back = await _one(db, viewer, key)
    if not same_day(found.said_at, now):
        raise ConflictError(OTHER_DAY)
    fields = _answers(found.framework, found.where, found.words)
    form = Form(action=f"{PATH}/{key}/edit", submit="Save", fields=fields)
    return ReflectionFormPage(indicator_words(found), back, form)


async def path_of(db: AsyncSession, viewer: Viewer, key: uuid.UUID) -> str:
    """The page on which this reflection stands: one statement. Raises NotFoundError."""
    return (await _one(db, viewer, key))[1]


async def load_remove(db: AsyncSession, viewer: Viewer, key: uuid.UUID) -> FormConfirmPage:
    """What removing it would do: one statement. Raises NotFoundError."""
    found, back = await _one(db, viewer, key)
    return FormConfirmPage(
        Confirm(
            question=f"Remove what you wrote on {_day(found.said_at)}?",
            happens=(
                f"It is about “{indicator_words(found)}”. It is gone for good, and leaves your path.",
                "Nobody else reads it any more, if you shared it.",
            ),
            action=f"{PATH}/{key}/remove",
            submit="Remove it",
            back=back,
        )
    )


async def load_share(db: AsyncSession, viewer: Viewer, key: uuid.UUID, now: datetime) -> FormConfirmPage:
    """What sharing it, or taking it back, would do: two statements. Raises NotFoundError or ConflictError."""
    found, back = await _one(db, viewer, key)
    about = f"It is about “{indicator_words(found)}”, written on {_day(found.said_at)}."
    if is_shared(found.shared_at, now):
        says = (about, "Nobody but you can read it from then on. Whoever has read it has read it.")
        asks = Confirm(
            question="Take it back?",
            happens=says,
            action=f"{PATH}/{key}/take-back",
            submit="Take it back",
            back=back,
            harm=False,
        )
        return FormConfirmPage(asks)
    member = viewer.member(found.hub_id)
    leads = await reflections.leads_of(db, member.person_id, academic_year(in_london(now).date())) if member else []
    if not leads:
        raise ConflictError("You take part in no Work Group this year, so there is nobody to share it with.")
    who = readers(leads)
    asks = Confirm(
        question="Share this reflection?",
        happens=(
            about,
            f"{who} can read this one reflection, with your name. Your others stay yours alone.",
            "You can take it back at any time. Nobody reads it after the academic year has ended, or when you leave.",
        ),
        action=f"{PATH}/{key}/share",
        submit="Share it",
        back=back,
        harm=False,
    )
    return FormConfirmPage(asks)

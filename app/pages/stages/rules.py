"""The rules of risk in words, how often each was right last year, and what a changed one would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.stages.risk import BY_KEY, OFF, ON, Kept, Rule, flagged, read_change
from app.domain.stages.risk_history import Became, Right, ever_flagged, right
from app.domain.stages.watched import Watched
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import Asked, Choice, Field, Form, filled
from app.pages.schools.detail import Fact
from app.store.stages import flags as rows
from app.store.stages import watching

SHOWN = 100  # schools named on a page


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the hub has it, what it says now, and how often it was right."""

    name: str
    href: str
    words: str
    why: str
    state: str
    now: str
    right: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    """All the rules."""

    template: ClassVar[str] = "stages/rules.html"
    last_year: str
    lines: tuple[RuleLine, ...]
    can_change: bool
    risk_href: str


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """A school that a rule speaks of, and what it says now."""

    name: str
    href: str
    says: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule, or what a changed one would say; `save` is there once a change was looked at."""

    template: ClassVar[str] = "stages/rule.html"
    name: str
    back: str
    here: str
    words: str
    why: str
    changed: bool
    facts: tuple[Fact, ...]
    right: str
    last_year: str
    table: tuple[tuple[str, int, int], ...]
    now: str
    schools: tuple[SchoolLink, ...]
    look: Form | None
    save: Form | None


@dataclass(frozen=True, slots=True)
class _Known:
    """This year's schools that the member may see, and last year's with what became of them."""

    now: Mapping[int, Watched]
    names: Mapping[int, str]
    before: list[Became] | None
    rules: tuple[Kept, ...]
    today: datetime


def sees_others(member: Member) -> bool:
    """Whether the viewer may know what became of schools beside their own: a head may not."""
    return bool(member.reaches(Can.SEE_STAGES) & {Reach.HUB, Reach.GROUP})


async def _known(db: AsyncSession, member: Member, now: datetime) -> _Known:
    year = academic_year(in_london(now).date())
    found = await rows.watched(db, member.hub_id, year, now)
    names = await watching.names(db, member, found)
    return _Known(
        {urn: one for urn, one in found.items() if urn in names},
        names,
        await rows.became(db, member.hub_id, year - 1, now) if sees_others(member) else None,
        await rows.rules(db, member.hub_id),
        now,
    )


async def load(db: AsyncSession, member: Member, now: datetime) -> RulesPage:
    """The page: 36 statements, whatever the number of schools."""
    known = await _known(db, member, now)
    home = f"/hubs/{member.hub_code}"
    return RulesPage(
        last_year=spoken_year(academic_year(in_london(now).date()) - 1),
        lines=tuple(_line(home, known, one) for one in known.rules),
        can_change=bool(member.reaches(Can.EDIT_CRITERIA)),
        risk_href=f"{home}/risk",
    )


def _line(home: str, known: _Known, one: Kept) -> RuleLine:
    count = len(_flagged(known, one.rule, one.number)) if one.active else 0
    now = f"It speaks of {_schools(count)} now." if one.active else "It is off: it speaks of no school."
    return RuleLine(
        name=one.rule.name,
        href=f"{home}/rules/{one.rule.key}",
        words=one.rule.words(one.number),
        why=one.rule.why,
        state="On" if one.active else "Off",
        now=now,
        right=right(known.before, one.rule, one.number).says if known.before is not None else "",
    )


def _flagged(known: _Known, rule: Rule, number: int) -> list[int]:
    today = in_london(known.today).date()
    return [urn for urn, one in known.now.items() if flagged(one, rule, number, today)]


def _schools(count: int) -> str:
    return "no school" if not count else "1 school" if count == 1 else f"{count:,} schools"


async def one(
    db: AsyncSession, member: Member, key: str, asked: Asked, now: datetime, faults: tuple[Fault, ...] = ()
) -> RulePage:
    """One rule; with `active` and `number` in the address what it would say so. Raises NotFoundError."""
    if key not in BY_KEY:
        raise NotFoundError
    known = await _known(db, member, now)
    kept = next(one for one in known.rules if one.rule.key == key)
    asks = "active" in asked.query and bool(member.reaches(Can.EDIT_CRITERIA))
    tried = kept
    if asks:
        change = read_change(kept.rule, active=asked.value("active"), typed=asked.value("number"))
        faults = faults or tuple(Fault(path, because) for path, because in change.faults.items())
        tried = kept if faults else Kept(kept.rule, change.active, change.number)
    return _page(member, known, kept, tried, asked, faults)


def _page(member: Member, known: _Known, kept: Kept, tried: Kept, asked: Asked, faults: tuple[Fault, ...]) -> RulePage:
    home, rule = f"/hubs/{member.hub_code}", kept.rule
    here = f"{home}/rules/{rule.key}"
    changed = tried != kept
    now = _flagged(known, rule, tried.number) if tried.active else []
    was = right(known.before, rule, tried.number) if known.before is not None else None
    can = bool(member.reaches(Can.EDIT_CRITERIA))
    return RulePage(
        name=rule.name,
        back=f"{home}/rules",
        here=here,
        words=rule.words(tried.number),
        why=rule.why,
        changed=changed,
        facts=_facts(known, kept, tried) if changed else (),
        right=was.says if was else "",
        last_year=spoken_year(academic_year(in_london(known.today).date()) - 1),
        table=_table(was) if was else (),
        now=_now(tried, len(now)),
        schools=_links(home, known, rule, tried.number, now),
        look=_look(here, kept, asked, faults) if can else None,
        save=_save(here, tried) if can and changed else None,
    )


def _now(tried: Kept, count: int) -> str:
    if not tried.active:
        return "It is off: it speaks of no school."
    return f"It speaks of {_schools(count)} now."


def _facts(known: _Known, kept: Kept, tried: Kept) -> tuple[Fact, ...]:
    """What a change would do, beside what stands."""
    before, after = (len(_flagged(known, one.rule, one.number)) if one.active else 0 for one in (kept, tried))
    last = [_last_year(known, kept.rule, one.number) if one.active else 0 for one in (kept, tried)]
    return (
        Fact("As it stands", f"{_state(kept)}. {_told(before, last[0])}"),
        Fact("As you would have it", f"{_state(tried)}. {_told(after, last[1])}"),
    )


def _last_year(known: _Known, rule: Rule, number: int) -> int:
    return sum(ever_flagged(one.watched, rule, number) for one in known.before or ())


def _told(now: int, last_year: int) -> str:
    return f"Speaks of {_schools(now)} now, and of {_schools(last_year)} last year."


def _state(one: Kept) -> str:
    number = f", {one.rule.asks.lower()}: {one.number}" if one.rule.least is not None else ""
    return ("On" if one.active else "Off") + number


def _table(was: Right) -> tuple[tuple[str, int, int], ...]:
    return (
        ("Flagged at the end of any half term", was.flagged_lost, was.flagged - was.flagged_lost),
        ("Never flagged", was.rest_lost, was.rest - was.rest_lost),
    )


def _links(home: str, known: _Known, rule: Rule, number: int, urns: list[int]) -> tuple[SchoolLink, ...]:
    today = in_london(known.today).date()
    found = []
    for urn in sorted(urns, key=lambda one: known.names[one].casefold())[:SHOWN]:
        flag = rule.finds(known.now[urn], today, number)
        found.append(SchoolLink(known.names[urn], f"{home}/schools/{urn}/journey", flag.says if flag else ""))
    return tuple(found)


def _look(here: str, kept: Kept, asked: Asked, faults: tuple[Fault, ...]) -> Form:
    """The rule's form: it is looked at before it is kept."""
    state = Field(
        name="active",
        label="Is this rule on?",
        kind="radios",
        value=ON if kept.active else OFF,
        choices=(Choice(ON, "On"), Choice(OFF, "Off")),
    )
    rule = kept.rule
    hint = f"From {rule.least} to {rule.most}; it ships with {rule.number}."
    number = Field(name="number", label=rule.asks, kind="number", value=str(kept.number), hint=hint, width="4")
    fields = (state, number) if rule.least is not None else (state,)
    form = Form(action=here, submit="See what it would say", fields=fields)
    typed = {name: asked.value(name) for name in ("active", "number") if name in asked.query}
    return filled(form, typed, faults)


def _save(here: str, tried: Kept) -> Form:
    kept = (("active", ON if tried.active else OFF), ("number", str(tried.number)))
    return Form(action=here, submit="Keep it so", fields=(), kept=kept)

"""Two pictures beside each other, in plain sentences and a table: who came, left and moved, and what the counts say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.stages.ladder import Stage, State
from app.domain.stages.picture import NOT_ENROLLED, Picture, School
from app.kit.periods import spoken_date, spoken_year


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one school between two days."""

    urn: int
    school: str
    what: str  # came, left, moved, changed
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of both days, and how much more or less it became."""

    counts: str
    before: int
    after: int

    @property
    def change(self) -> str:
        """+3, -2, or no change."""
        return f"{self.after - self.before:+d}" if self.after != self.before else "no change"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, the earlier day first; `as_asked` when that is the one that was named first."""

    as_asked: bool
    says: tuple[str, ...]
    changes: tuple[Change, ...]
    counts: tuple[Difference, ...]


def compare(one: Picture, other: Picture) -> Comparison:
    """What changed from the earlier of two pictures to the later, whichever is named first."""
    before, after = sorted((one, other), key=lambda picture: (picture.day, picture.year))
    changes = tuple(_changes(before, after))
    return Comparison(before is one, _says(before, after, changes), changes, _counts(before, after))


def _changes(before: Picture, after: Picture) -> Iterable[Change]:
    was, now = _by_urn(before), _by_urn(after)
    every = sorted({**was, **now}.items(), key=lambda item: (item[1].name.casefold(), item[0]))
    for urn, school in every:
        old, new = was.get(urn), now.get(urn)
        what = _what(old, new)
        if what:
            yield Change(urn, school.name, what, _stands(old), _stands(new))


def _by_urn(picture: Picture) -> dict[int, School]:
    return {school.urn: school for school in picture.schools}


def _what(old: School | None, new: School | None) -> str:
    was, now = bool(old and old.in_year), bool(new and new.in_year)
    if now and not was:
        return "came"
    if was and not now:
        return "left"
    if old and new and was and old.stage != new.stage:
        return "moved"
    return "changed" if old and new and (old.state, old.group) != (new.state, new.group) else ""


def _stands(school: School | None) -> str:
    """Where a school stands, in a few words."""
    if school is None:
        return "not in the hub's year"
    stage = school.stage
    says = f"{stage.says}, {State(school.state).says}" if stage and school.state else NOT_ENROLLED
    return f"{says}, {school.group}" if school.group else says


def _says(before: Picture, after: Picture, changes: Sequence[Change]) -> tuple[str, ...]:
    """Sentences: how many, then which, those that did the same together."""
    days = f"From {_when(before, after)} to {_when(after, before)}"
    if not changes:
        return (f"{days} no school came, left or moved.",)
    words = {
        "came": ("1 school came", "{} schools came"),
        "left": ("1 left", "{} left"),
        "moved": ("1 moved to another stage", "{} moved to another stage"),
        "changed": ("1 changed its state or Work Group", "{} changed their state or Work Group"),
    }
    counted = {what: sum(change.what == what for change in changes) for what in words}
    parts = [one if counted[what] == 1 else many.format(counted[what]) for what, (one, many) in words.items()]
    said = [part for part, count in zip(parts, counted.values(), strict=True) if count]
    return (f"{days}: {', '.join(said)}.", *_named(before, after, changes))


def _when(one: Picture, other: Picture) -> str:
    """A picture's day, with its year where the other one is of another."""
    day = spoken_date(one.day)
    return day if one.year == other.year else f"{spoken_year(one.year)} as it stood on {day}"


def _named(before: Picture, after: Picture, changes: Sequence[Change]) -> Iterable[str]:
    was, now = _by_urn(before), _by_urn(after)
    together: dict[str, list[str]] = {}
    for change in changes:
        old, new = _stage(was.get(change.urn)), _stage(now.get(change.urn))
        did = {"came": f"Came into {new}", "left": f"Left {old}", "moved": f"Moved from {old} to {new}"}.get(
            change.what
        )
        if did:
            together.setdefault(did, []).append(change.school)
    return (f"{what}: {', '.join(schools)}." for what, schools in sorted(together.items()))


def _stage(school: School | None) -> str:
    return school.stage.says if school and school.stage else "no stage"


COUNTED: tuple[tuple[str, Callable[[Picture], int]], ...] = (
    ("Schools that take part", lambda picture: sum(school.in_year for school in picture.schools)),
    ("Work Groups", lambda picture: len(picture.groups)),
    ("Meetings held", lambda picture: sum(count.held for group in picture.groups for count in group.meetings)),
    ("Visits held", lambda picture: sum(one.held for one in picture.visits)),
    ("Visits overdue", lambda picture: sum(one.overdue for one in picture.visits)),
    ("Schools whose visits are at risk", lambda picture: sum(one.at_risk for one in picture.visits)),
    ("Open barriers", lambda picture: sum(one.count for one in picture.barriers)),
    ("Schools with a flag", lambda picture: len({one.urn for one in picture.flags})),
)


def _counts(before: Picture, after: Picture) -> tuple[Difference, ...]:
    found = [Difference(f"In {stage.says}", _at(before, stage), _at(after, stage)) for stage in Stage]
    kept = [one for one in found if one.before or one.after]
    first, *others = (Difference(counts, count(before), count(after)) for counts, count in COUNTED)
    return (first, *kept, *others)


def _at(picture: Picture, stage: Stage) -> int:
    return sum(school.in_year and school.stage is stage for school in picture.schools)

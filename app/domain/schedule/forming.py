"""The problem of forming Work Groups, format halfterm/forming-problem/1 (docs/rules/forming.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from app.domain.schedule.forming_weights import FormingWeights, read_forming_weights
from app.domain.schedule.problem import ALL_SIX, Person, Point, check_once, read_person, read_point, read_span
from app.domain.schedule.reading import Value, whole

FORMAT = "halfterm/forming-problem/1"
OLDEST = 13  # year groups 0 (Reception) to 13


@dataclass(frozen=True, slots=True)
class Programme:
    """What a stage asks of its groups: schools, half terms with a meeting, days in each on which all can meet."""

    id: str
    fewest: int
    most: int
    half_terms: tuple[int, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Joining:
    """A school that signed up, what it brings and when; `may_wait`: the hub lets it be without a group."""

    id: str
    programme: str
    at: Point | None
    half_terms: tuple[tuple[date, date], ...]
    closed: frozenset[date]
    years: frozenset[int]
    people: tuple[str, ...]
    own_specialist: bool
    asked: bool
    may_wait: bool

    @property
    def left_out(self) -> bool:
        """Whether it needs no group: it has a specialist of its own and nobody asked (F5)."""
        return self.own_specialist and not self.asked


@dataclass(frozen=True, slots=True)
class Specialist:
    """A person who can lead up to `most` groups, of these programmes (none named: of all)."""

    person: str
    most: int
    programmes: frozenset[str]

    def leads(self, programme: str) -> bool:
        """Whether the person may lead a group of the programme."""
        return not self.programmes or programme in self.programmes


@dataclass(frozen=True)
class Forming:
    """Everything that groups are formed from."""

    closures: frozenset[date]
    programmes: tuple[Programme, ...]
    schools: tuple[Joining, ...]
    people: tuple[Person, ...]
    specialists: tuple[Specialist, ...]
    together: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    led_by: tuple[tuple[str, str], ...]
    weights: FormingWeights

    @cached_property
    def school(self) -> dict[str, Joining]:
        """Schools by id."""
        return {each.id: each for each in self.schools}

    @cached_property
    def person(self) -> dict[str, Person]:
        """People by id."""
        return {each.id: each for each in self.people}

    @cached_property
    def programme(self) -> dict[str, Programme]:
        """Programmes by id."""
        return {each.id: each for each in self.programmes}

    @cached_property
    def specialist(self) -> dict[str, Specialist]:
        """Specialists by the id of the person."""
        return {each.person: each for each in self.specialists}

    @cached_property
    def leader_of(self) -> dict[str, frozenset[str]]:
        """Whom the pins name as leader of a school; more than one contradict each other."""
        return {
            school.id: frozenset(leader for pinned, leader in self.led_by if pinned == school.id)
            for school in self.schools
        }

    def in_programme(self, programme: str) -> list[Joining]:
        """The schools that want a group of the programme, by id."""
        found = (each for each in self.schools if each.programme == programme and not each.left_out)
        return sorted(found, key=lambda each: each.id)

    def days_needed(self, programme: str, leader: str) -> int:
        """Days of each half term a group needs (F3): with as many as its leader's groups, each finds one of its own."""
        return max(self.programme[programme].days, self.specialist[leader].most)


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids that later parts of the file may name."""

    programmes: frozenset[str]
    people: frozenset[str]
    schools: frozenset[str] = frozenset()
    specialists: frozenset[str] = frozenset()


def read_forming(data: object) -> Forming:
    """A forming problem from parsed JSON; raises BadInputError naming the path of every bad value."""
    return whole(data, "problem", _forming)


def _forming(top: Value) -> Forming:
    required = ("format", "programmes", "schools", "people", "specialists")
    part = top.keys(required, ("closures", "together", "apart", "led_by", "weights"))
    if part["format"].raw != FORMAT:
        raise part["format"].wrong(f"must be {FORMAT!r}")
    programmes, people = part["programmes"].each(_programme), part["people"].each(read_person)
    known = _Known(frozenset(each.id for each in programmes), frozenset(each.id for each in people))
    schools = part["schools"].each(lambda v: _joining(v, known))
    specialists = part["specialists"].each(lambda v: _specialist(v, known))
    named: tuple[tuple[str, Iterable[str], str], ...] = (
        ("programmes", (each.id for each in programmes), "id"),
        ("people", (each.id for each in people), "id"),
        ("schools", (each.id for each in schools), "id"),
        ("specialists", (each.person for each in specialists), "person"),
    )
    for key, ids, kind in named:
        check_once(part[key], ids, kind)
    leaders = frozenset(each.person for each in specialists)
    known = _Known(known.programmes, known.people, frozenset(each.id for each in schools), leaders)
    return Forming(
        closures=frozenset(part["closures"].each(Value.day)) if "closures" in part else frozenset(),
        programmes=programmes,
        schools=schools,
        people=people,
        specialists=specialists,
        together=part["together"].each(lambda v: _several(v, known)) if "together" in part else (),
        apart=part["apart"].each(lambda v: _several(v, known)) if "apart" in part else (),
        led_by=part["led_by"].each(lambda v: _led_by(v, known)) if "led_by" in part else (),
        weights=read_forming_weights(part["weights"]) if "weights" in part else FormingWeights(),
    )


def _name(value: Value) -> str:
    name = value.text()
    if "/" in name:
        raise value.wrong("must hold no '/', because groups are named LEADER/NUMBER")
    return name


def _programme(value: Value) -> Programme:
    part = value.keys(("id", "fewest", "most"), ("half_terms", "days"))
    fewest, most = part["fewest"].number(1), part["most"].number(1)
    if most < fewest:
        raise part["most"].wrong(f"must be {fewest} or more, like the fewest schools, but is {most}")
    terms = part["half_terms"].unlike(lambda v: v.number(0, 5)) if "half_terms" in part else ALL_SIX
    days = part["days"].number(0) if "days" in part else 3
    return Programme(part["id"].text(), fewest, most, tuple(sorted(terms)), days)


def _joining(value: Value, known: _Known) -> Joining:
    optional = ("at", "closed", "years", "people", "own_specialist", "asked", "may_wait")
    part = value.keys(("id", "programme", "half_terms"), optional)
    spans = part["half_terms"].each(read_span)
    if len(spans) != 6:
        raise part["half_terms"].wrong(f"must hold six half terms, but holds {len(spans)}")
    for before, after in pairwise(spans):
        if after[0] <= before[1]:
            raise part["half_terms"].wrong(f"must be in order and not overlap, but {after[0]} is not after {before[1]}")
    people = part["people"].unlike(lambda v: v.named(known.people, "the person")) if "people" in part else ()
    return Joining(
        id=part["id"].text(),
        programme=part["programme"].named(known.programmes, "the programme"),
        at=part["at"].maybe(read_point) if "at" in part else None,
        half_terms=spans,
        closed=frozenset(part["closed"].each(Value.day)) if "closed" in part else frozenset(),
        years=frozenset(part["years"].unlike(lambda v: v.number(0, OLDEST))) if "years" in part else frozenset(),
        people=people,
        own_specialist=_flag(part, "own_specialist"),
        asked=_flag(part, "asked"),
        may_wait=_flag(part, "may_wait"),
    )


def _flag(part: dict[str, Value], key: str) -> bool:
    return part[key].flag() if key in part else False


def _specialist(value: Value, known: _Known) -> Specialist:
    part = value.keys(("person",), ("most", "programmes"))
    who = part["person"].named(known.people, "the person")
    _name(part["person"])
    programmes = part.get("programmes")
    named = programmes.unlike(lambda v: v.named(known.programmes, "the programme")) if programmes else ()
    return Specialist(who, part["most"].number(0) if "most" in part else 1, frozenset(named))


def _several(value: Value, known: _Known) -> tuple[str, ...]:
    found = value.unlike(lambda v: v.named(known.schools, "the school"))
    if len(found) < 2:
        raise value.wrong("must name two schools or more")
    return found


def _led_by(value: Value, known: _Known) -> tuple[str, str]:
    part = value.keys(("school", "leader"))
    return (
        part["school"].named(known.schools, "the school"),
        part["leader"].named(known.specialists, "the specialist"),
    )

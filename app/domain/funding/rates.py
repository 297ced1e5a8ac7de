"""The rate card: what a hub pays in one academic year, to whose school, for what, on which conditions.

Amounts are the hub's own data in whole pence. A card that lines rest on never changes: a change is its next version
(docs/rules/money.md, "The rate card").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.funding import conditions as known
from app.domain.funding.conditions import AgreementSigned, Condition, LeastMinutes, MeetingsAttended, NotOnline
from app.domain.funding.facts import Attended, Fact, Led, NoShow, Observed, Payee, Released, Travelled, Visited
from app.kit.periods import year_span


class Per(StrEnum):
    """What one amount is for."""

    YEAR = "year"
    HALF_DAY = "half_day"
    DAY = "day"
    VISIT = "visit"
    MILE = "mile"
    NO_SHOW = "no_show"


class For(StrEnum):
    """What earns it."""

    TAKING_PART = "taking_part"
    ATTENDED = "attended"
    RELEASED = "released"
    LED = "led"
    VISITED = "visited"
    OBSERVED = "observed"
    TRAVELLED = "travelled"
    NO_SHOW = "no_show"


class Each(StrEnum):
    """Whether two people of one school at one thing earn once or twice."""

    SCHOOL = "school"
    PERSON = "person"


class ProRata(StrEnum):
    """What is paid of a unit that is not whole."""

    WHOLE = "whole"
    MEETINGS = "meetings"
    MONTHS = "months"
    DAYS = "days"
    HALVES = "halves"
    MINUTES = "minutes"


class OnChange(StrEnum):
    """Which URN is paid for a year in which the school changed it."""

    LAST = "last"
    DAYS = "days"


FACT_OF: dict[For, type[Fact]] = {
    For.ATTENDED: Attended,
    For.RELEASED: Released,
    For.LED: Led,
    For.VISITED: Visited,
    For.OBSERVED: Observed,
    For.TRAVELLED: Travelled,
    For.NO_SHOW: NoShow,
}
EARNS: dict[Per, tuple[For, ...]] = {
    Per.YEAR: (For.TAKING_PART, For.LED),
    Per.HALF_DAY: (For.ATTENDED, For.RELEASED, For.LED, For.VISITED, For.OBSERVED),
    Per.DAY: (For.ATTENDED, For.RELEASED, For.LED),
    Per.VISIT: (For.VISITED, For.OBSERVED),
    Per.MILE: (For.TRAVELLED,),
    Per.NO_SHOW: (For.NO_SHOW,),
}
PRO_RATA: dict[Per, tuple[ProRata, ...]] = {
    Per.YEAR: (ProRata.WHOLE, ProRata.MEETINGS, ProRata.MONTHS, ProRata.DAYS),
    Per.HALF_DAY: (ProRata.WHOLE, ProRata.MINUTES),
    Per.DAY: (ProRata.WHOLE, ProRata.HALVES),
    Per.VISIT: (ProRata.WHOLE,),
    Per.MILE: (ProRata.WHOLE,),
    Per.NO_SHOW: (ProRata.WHOLE,),
}
BY_SCHOOLS = frozenset({For.TAKING_PART, For.ATTENDED, For.RELEASED, For.NO_SHOW})  # paid to a participant's school
BY_LEADERS = frozenset({For.LED, For.VISITED, For.OBSERVED})  # paid to the school of whoever leads
PER_WORDS = {
    Per.YEAR: "a year",
    Per.HALF_DAY: "a half-day",
    Per.DAY: "a day",
    Per.VISIT: "a visit",
    Per.MILE: "a mile",
    Per.NO_SHOW: "a time",
}
FOR_WORDS = {
    For.TAKING_PART: "taking part",
    For.ATTENDED: "coming to a meeting",
    For.RELEASED: "freeing somebody from class",
    For.LED: "leading a meeting",
    For.VISITED: "a visit",
    For.OBSERVED: "a lesson observation",
    For.TRAVELLED: "travel",
    For.NO_SHOW: "a place that was not used",
}
EACH_WORDS = {Each.SCHOOL: "once for each school, however many came", Each.PERSON: "for each person"}
PRO_RATA_WORDS = {
    ProRata.WHOLE: "all of it or nothing",
    ProRata.MEETINGS: "by meetings attended",
    ProRata.MONTHS: "by months until the school withdrew",
    ProRata.DAYS: "by days until the school withdrew",
    ProRata.HALVES: "half for half a day",
    ProRata.MINUTES: "by minutes of the meeting",
}
CHANGE_WORDS = {
    OnChange.LAST: "all of it to the URN at the end of the year",
    OnChange.DAYS: "shared by the days each URN was borne",
}


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """So many pence from this day on, until a later amount."""

    since: date
    pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One thing that is paid; a no-show charge is an amount that is taken off.

    `programmes`: codes, empty for every programme. `meetings`: a full year's, for pro rata by meetings. `most`: units
    paid of it to one school in the year, `most_pence`: pence of it; empty for no limit.
    """

    key: str
    name: str
    payee: Payee
    per: Per
    earned_by: For
    amounts: tuple[Amount, ...]
    programmes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    each: Each = Each.SCHOOL
    pro_rata: ProRata = ProRata.WHOLE
    meetings: int = 6
    on_change: OnChange = OnChange.DAYS
    most: int | None = None
    most_pence: int | None = None

    def on(self, day: date) -> int:
        """The amount in force on the day in pence; 0 before the first."""
        begun = [one for one in self.amounts if one.since <= day]
        return max(begun).pence if begun else 0

    def takes(self, programme: str) -> bool:
        """Whether it pays in this programme."""
        return not self.programmes or programme in self.programmes


@dataclass(frozen=True, slots=True)
class RateCard:
    """All that a hub pays in one academic year, in one version."""

    hub: str
    year: int
    version: int
    rates: tuple[Rate, ...]

    def rate(self, key: str) -> Rate | None:
        """The rate with this key."""
        return next((one for one in self.rates if one.key == key), None)


def to_data(card: RateCard) -> dict[str, Any]:
    """As it is stored and sent."""
    rates = [_rate_data(one) for one in card.rates]
    return {"hub": card.hub, "year": card.year, "version": card.version, "rates": rates}


def _rate_data(one: Rate) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "payee": one.payee.value,
        "per": one.per.value,
        "earned_by": one.earned_by.value,
        "amounts": [{"since": amount.since.isoformat(), "pence": amount.pence} for amount in one.amounts],
        "programmes": list(one.programmes),
        "conditions": known.to_data(one.conditions),
        "each": one.each.value,
        "pro_rata": one.pro_rata.value,
        "meetings": one.meetings,
        "on_change": one.on_change.value,
        "most": one.most,
        "most_pence": one.most_pence,
    }


def from_data(stored: Mapping[str, Any]) -> RateCard:
    """The card out of what `to_data` made; raises KeyError or ValueError for what it never makes."""
    return RateCard(stored["hub"], stored["year"], stored["version"], tuple(map(_rate, stored["rates"])))


def _rate(one: Mapping[str, Any]) -> Rate:
    return Rate(
        key=one["key"],
        name=one["name"],
        payee=Payee(one["payee"]),
        per=Per(one["per"]),
        earned_by=For(one["earned_by"]),
        amounts=tuple(Amount(date.fromisoformat(each["since"]), each["pence"]) for each in one["amounts"]),
        programmes=tuple(one["programmes"]),
        conditions=known.from_data(one["conditions"]),
        each=Each(one["each"]),
        pro_rata=ProRata(one["pro_rata"]),
        meetings=one["meetings"],
        on_change=OnChange(one["on_change"]),
        most=one["most"],
        most_pence=one["most_pence"],
    )


def _usual(key: str, name: str, payee: Payee, earned_by: For, per: Per) -> Rate:
    return Rate(key=key, name=name, payee=payee, earned_by=earned_by, per=per, amounts=())


_SCHOOL, _SPECIALIST, _READINESS = Payee.PARTICIPANT, Payee.SPECIALIST, Payee.READINESS
USUAL: tuple[Rate, ...] = (
    replace(
        _usual("supply", "Supply contribution", _SCHOOL, For.TAKING_PART, Per.YEAR),
        conditions=(AgreementSigned(), MeetingsAttended(5, 6)),
    ),
    replace(
        _usual("release", "Release for meetings", _SCHOOL, For.RELEASED, Per.DAY),
        conditions=(AgreementSigned(),),
        pro_rata=ProRata.HALVES,
    ),
    replace(
        _usual("attendance", "Half-day at a meeting", _SCHOOL, For.ATTENDED, Per.HALF_DAY),
        conditions=(AgreementSigned(), NotOnline(), LeastMinutes(60)),
    ),
    _usual("specialist", "Leading a Work Group meeting", _SPECIALIST, For.LED, Per.HALF_DAY),
    _usual("specialist-visit", "Specialist's visit", _SPECIALIST, For.VISITED, Per.VISIT),
    _usual("observation", "Lesson observation", _SPECIALIST, For.OBSERVED, Per.VISIT),
    _usual("specialist-miles", "Specialist's mileage", _SPECIALIST, For.TRAVELLED, Per.MILE),
    _usual("readiness-group", "Leading a Readiness meeting", _READINESS, For.LED, Per.HALF_DAY),
    _usual("readiness-visit", "Readiness visit", _READINESS, For.VISITED, Per.VISIT),
    _usual("readiness-miles", "Readiness Lead's mileage", _READINESS, For.TRAVELLED, Per.MILE),
    replace(_usual("no-show", "No-show charge", _SCHOOL, For.NO_SHOW, Per.NO_SHOW), each=Each.PERSON),
)


def empty_card(hub: str, year: int) -> RateCard:
    """The card that ships: the usual kinds of rates, every amount nought until the hub writes its own."""
    nothing = (Amount(year_span(year).first, 0),)
    return RateCard(hub, year, 1, tuple(replace(one, amounts=nothing) for one in USUAL))

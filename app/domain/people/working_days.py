"""Working days as people write them ("Mon Tue Wed am") to half-days of the week, and back.

One rule settles what a trailing half-day means: "am" and "pm" belong to the day or the range just before them, so
"Mon Tue Wed am" is Monday, Tuesday and Wednesday morning; the plural ("Mon Tue mornings") belongs to all of them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.kit.periods import WEEKDAYS

Week = dict[str, tuple[str, ...]]

EXAMPLE = "Mon Tue Wed am"
WHOLE: tuple[str, ...] = ("am", "pm")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday")
_SHORT = {
    "mon": "mo mon mons monday mondays m",
    "tue": "tu tue tues tuesday tuesdays",
    "wed": "we wed weds wednesday wednesdays w",
    "thu": "th thu thur thurs thursday thursdays",
    "fri": "fr fri fris friday fridays f",
}
_DAYS = {word: day for day, words in _SHORT.items() for word in words.split()}
_HALVES = {"am": ("am",), "morning": ("am",), "pm": ("pm",), "afternoon": ("pm",), "wholly": WHOLE}
_PLURAL = {"mornings": ("am",), "afternoons": ("pm",)}
_ALL = {"everyday", "every", "weekdays", "fulltime", "ft", "allweek", "daily"}
_LESS = {"not", "except", "excluding"}
_TO = {"to", "-", "until", "till", "through"}
_PASSED_OVER = {"and", "on", "only", "the", "works", "day", "days", "plus", "also"}
_WEEKEND = {"sat", "saturday", "saturdays", "sun", "sunday", "sundays", "weekend", "weekends"}
_PHRASES = (
    (r"\ba\.m\.?", " am "),
    (r"\bp\.m\.?", " pm "),
    (r"\b((full|whole)[ -]?days?|all[ -]?day)\b", " wholly "),
    (r"\bfull[ -]?time\b", " fulltime "),
    (r"\b(all|whole|full) week\b|\bthe week\b", " allweek "),
    (r"\b(every|each|all) ?(week|working|school)? ?days?\b", " everyday "),
    (r"\b(every|each|all)\b", " every "),
    (r"\b(but not|apart from|other than)\b", " not "),
    (r"\bno (?=\w)", " not "),
    (r"[\u2010-\u2015\u2212]", "-"),
    (r"-", " - "),
    (r"[,;/&+()\[\].|:]", " "),
)


@dataclass(slots=True)
class _Group:
    """Some days written together, and the half-days said of them (none said yet: whole days)."""

    days: tuple[str, ...]
    halves: tuple[str, ...] = ()
    less: bool = False


@dataclass(slots=True)
class _Reading:
    """What has been understood so far."""

    text: str
    groups: list[_Group] = field(default_factory=list)
    open_from: int = 0
    ahead: tuple[str, ...] = ()
    less: bool = False


def read_working_days(text: str) -> Week:
    """Half-days by weekday, Monday first; days not worked are absent. Raises ValueError with an example."""
    words = _words(text)
    if not words:
        raise _unreadable(text, "it is empty")
    reading = _Reading(text)
    place = 0
    while place < len(words):
        place = _take(reading, words, place)
    return _week(reading)


def in_words(week: Mapping[str, Sequence[str]]) -> str:
    """The shortest text that reads back to the same week: "Mon Tue Wed am"."""
    said = []
    for day in WEEKDAYS:
        halves = tuple(week.get(day, ()))
        if halves:
            said.append(day.capitalize() if len(halves) == 2 else f"{day.capitalize()} {halves[0]}")
    return " ".join(said)


def whole_week() -> Week:
    """Monday to Friday, mornings and afternoons."""
    return dict.fromkeys(WEEKDAYS, WHOLE)


def mornings() -> Week:
    """Monday to Friday, mornings."""
    return dict.fromkeys(WEEKDAYS, ("am",))


def _words(text: str) -> list[str]:
    tidy = unicodedata.normalize("NFKC", text).casefold()
    tidy = re.sub(r"\b(am|pm) ?[/&+] ?(am|pm)\b", " wholly ", tidy)
    for pattern, replacement in _PHRASES:
        tidy = re.sub(pattern, replacement, tidy)
    return [word for word in tidy.split() if word not in _PASSED_OVER]


def _take(reading: _Reading, words: list[str], place: int) -> int:
    word = words[place]
    if word in _DAYS:
        return _take_days(reading, words, place)
    if word in _ALL:
        reading.groups.append(_Group(WEEKDAYS, less=reading.less))
    elif word in _HALVES or word in _PLURAL:
        _say(reading, word, fresh=place == 0 or words[place - 1] not in (_HALVES | _PLURAL))
    elif word in _LESS:
        reading.less = True
        reading.open_from = len(reading.groups)
    elif word in _WEEKEND:
        raise _unreadable(reading.text, "schools meet Monday to Friday")
    elif word == "t":
        raise _unreadable(reading.text, "T may be Tuesday or Thursday")
    else:
        raise _unreadable(reading.text, f"“{word}” is not a day or a half-day")
    return place + 1


def _take_days(reading: _Reading, words: list[str], place: int) -> int:
    first = _DAYS[words[place]]
    if place + 1 < len(words) and words[place + 1] in _TO:
        end = words[place + 2] if place + 2 < len(words) else ""
        if end not in _DAYS:
            raise _unreadable(reading.text, "a range needs its last day")
        start, stop = WEEKDAYS.index(first), WEEKDAYS.index(_DAYS[end])
        if start > stop:
            raise _unreadable(reading.text, "the range runs backwards")
        reading.groups.append(_Group(WEEKDAYS[start : stop + 1], less=reading.less))
        return place + 3
    reading.groups.append(_Group((first,), less=reading.less))
    return place + 1


def _say(reading: _Reading, word: str, *, fresh: bool) -> None:
    halves = _HALVES.get(word) or _PLURAL[word]
    open_groups = reading.groups[reading.open_from :]
    if not open_groups and not fresh and reading.groups:
        open_groups = reading.groups[-1:]
    if not open_groups:
        if reading.groups or (reading.ahead and fresh):
            raise _unreadable(reading.text, f"“{word}” belongs to no day")
        reading.ahead = _joined(reading.ahead, halves)
        return
    for group in open_groups if word in _PLURAL else open_groups[-1:]:
        group.halves = _joined(group.halves, halves)
    reading.open_from = len(reading.groups)


def _joined(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(half for half in WHOLE if half in one or half in other)


def _week(reading: _Reading) -> Week:
    groups = reading.groups
    if not any(not group.less for group in groups):
        groups.insert(0, _Group(WEEKDAYS))
    worked: dict[str, tuple[str, ...]] = {}
    for group in groups:
        halves = group.halves or (WHOLE if group.less else reading.ahead or WHOLE)
        for day in group.days:
            had = worked.get(day, ())
            if group.less:
                worked[day] = tuple(half for half in had if half not in halves)
            elif set(had) & set(halves) and len(group.days) == 1:
                raise _unreadable(reading.text, f"{_NAMES[WEEKDAYS.index(day)].capitalize()} is there twice")
            else:
                worked[day] = _joined(had, halves)
    week = {day: worked[day] for day in WEEKDAYS if worked.get(day)}
    if not week:
        raise _unreadable(reading.text, "no half-day is left")
    return week


def _unreadable(text: str, why: str) -> ValueError:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return ValueError(
        f"“{shown}” cannot be read as working days, because {why}: write for example {EXAMPLE}, or Mon-Fri."
    )

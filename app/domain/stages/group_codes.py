"""Codes for new Work Groups that go on from those a hub has: NCP26-11-03 is followed by NCP27-11-01 a year later."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CODE = re.compile(r"(?P<stem>.*?)(?P<number>\d{1,3})")


@dataclass(frozen=True, slots=True)
class Known:
    """A code that is in use, the academic year of its Work Group and the kind of its programme."""

    code: str
    year: int
    kind: str


def proposed(known: Iterable[Known], year: int, kinds: Sequence[str]) -> list[str]:
    """A code for each new group of these kinds of programme, none of which is in use, in their order."""
    every = list(known)
    used = {one.code.casefold() for one in every if one.year == year}
    made = []
    for kind in kinds:
        stem = _stem([one for one in every if one.kind == kind], year) or f"{kind[:3].upper()}{year % 100:02}-"
        number = next(n for n in range(1, len(used) + 2) if f"{stem}{n:02}".casefold() not in used)
        used.add(f"{stem}{number:02}".casefold())
        made.append(f"{stem}{number:02}")
    return made


def _stem(known: Sequence[Known], year: int) -> str:
    """What most codes of this year, else of the newest year before it, begin with; the year in them is moved on."""
    years = [one.year for one in known if one.year <= year]
    if not years:
        return ""
    newest = max(years)
    stems = Counter(
        found["stem"] for one in sorted(known, key=lambda one: one.code) if (found := _parts(one, newest)) is not None
    )
    if not stems:
        return ""
    stem: str = stems.most_common(1)[0][0]
    return stem.replace(f"{newest % 100:02}", f"{year % 100:02}", 1) if newest != year else stem


def _parts(one: Known, year: int) -> re.Match[str] | None:
    found = CODE.fullmatch(one.code) if one.year == year else None
    return found if found and found["stem"] else None

"""A row of the GIAS extract `edubasealldata` as the facts this product keeps. Heads' names are never read."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app.domain.imports import Layout, Rejected, Row, Values, read_date, read_urn, rejected

_COLUMNS = {
    "la_code": "LA (code)",
    "la_name": "LA (name)",
    "type_name": "TypeOfEstablishment (name)",
    "status_code": "EstablishmentStatus (code)",
    "status_name": "EstablishmentStatus (name)",
    "phase": "PhaseOfEducation (name)",
    "low_age": "StatutoryLowAge",
    "high_age": "StatutoryHighAge",
    "pupils": "NumberOfPupils",
    "ofsted_rating": "OfstedRating (name)",
    "ofsted_date": "OfstedLastInsp",
    "street": "Street",
    "locality": "Locality",
    "address3": "Address3",
    "town": "Town",
    "county": "County (name)",
    "postcode": "Postcode",
    "easting": "Easting",
    "northing": "Northing",
    "open_date": "OpenDate",
    "close_date": "CloseDate",
    "website": "SchoolWebsite",
    "phone": "TelephoneNum",
}
LAYOUT = Layout("a GIAS extract of schools", ("URN", "EstablishmentName"), tuple(_COLUMNS.values()))
LINKS_LAYOUT = Layout("a GIAS file of school links", ("URN", "LinkURN", "LinkType"), ("LinkEstablishedDate",))

_LA = LAYOUT.known.index("LA (code)")
_STATUS = {"1": "open", "2": "closed", "3": "open but proposed to close", "4": "proposed to open"}
_GRID_EAST, _GRID_NORTH = 700_000, 1_300_000
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|BFPO ?[0-9]{1,4}")


class GiasSchool(NamedTuple):
    """One establishment: ages in years, position in British National Grid metres; empty is None or ""."""

    name: str
    la_name: str
    type_name: str
    status: str
    phase: str
    ofsted_rating: str
    street: str
    locality: str
    address3: str
    town: str
    county: str
    postcode: str
    website: str
    phone: str
    urn: int
    la_code: int
    low_age: int | None
    high_age: int | None
    pupils: int | None
    ofsted_date: date | None
    open_date: date | None
    close_date: date | None
    easting: int | None
    northing: int | None


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """One school continues another: `kind` is GIAS's own word, such as Predecessor or Successor."""

    urn: int
    linked_urn: int
    kind: str
    since: date | None


def read_school(row: Row) -> GiasSchool | list[Rejected]:
    """The school of a row, or every cell of it that cannot be taken."""
    return _read((row.number, tuple(row.cells[column] for column in LAYOUT.known), row.rejected))


def read_schools(rows: Iterable[Values], las: frozenset[str] = frozenset()) -> Iterator[GiasSchool | list[Rejected]]:
    """The schools of the authorities `las` (all when empty), in order; a URN that comes a second time is refused."""
    seen: dict[int, int] = {}
    for values in rows:
        if las and values[1][_LA] not in las:
            continue
        school = _read(values)
        if isinstance(school, GiasSchool):
            first = seen.setdefault(school.urn, values[0])
            if first != values[0]:
                because = f"This school is in row {first} already: keep one of the two rows."
                yield [rejected(values[0], "URN", values[1][0], because)]
                continue
        yield school


def _read(values: Values) -> GiasSchool | list[Rejected]:
    number, cells, told = values
    if told:
        return list(told)
    try:
        return _school(cells)
    except ValueError:
        # Only a bad row pays for being read again cell by cell.
        return list(_faults(Row(number, dict(zip(LAYOUT.known, cells, strict=True)))))


def read_link(row: Row) -> SchoolLink | list[Rejected]:
    """The link of a row of the GIAS links file, or every cell of it that cannot be taken."""
    faults = list(row.rejected)
    urns = []
    for column in ("URN", "LinkURN"):
        try:
            urns.append(read_urn(row.cells[column]))
        except ValueError as problem:
            faults.append(row.reject(column, str(problem)))
    if not row.cells["LinkType"]:
        faults.append(row.reject("LinkType", "Say how the two schools are linked, for example Successor."))
    if not faults and urns[0] == urns[1]:
        faults.append(row.reject("LinkURN", "A school cannot be linked with itself: give the other school's URN."))
    since = None
    try:
        since = _day(row.cells["LinkEstablishedDate"])
    except ValueError as problem:
        faults.append(row.reject("LinkEstablishedDate", str(problem)))
    return faults or SchoolLink(urns[0], urns[1], row.cells["LinkType"], since)


def _school(cells: tuple[str, ...]) -> GiasSchool:
    """The cells in the order of LAYOUT."""
    (
        urn, name, la_code, la_name, kind, status_code, status, phase, low_age, high_age, pupils, rating, rated, street,
        locality, address3, town, county, postcode, easting, northing, opened, closed, website, phone,
    ) = cells  # fmt: skip
    east, north = _metres(easting, _GRID_EAST), _metres(northing, _GRID_NORTH)
    low, high = _age(low_age), _age(high_age)
    if (east is None) != (north is None) or (low is not None and high is not None and low > high):
        raise ValueError(urn)
    # tuple.__new__ saves a Python call for each of a national extract's rows; the order is the class's own.
    return tuple.__new__(
        GiasSchool,
        (
            _name(name), la_name, kind, _status(status_code, status), phase, rating, street, locality, address3, town,
            county, _postcode(postcode), website, phone, _urn(urn), _la_code(la_code), low, high, _count(pupils),
            _day(rated), _day(opened), _day(closed), east, north,
        ),
    )  # fmt: skip


def _urn(text: str) -> int:
    return int(text) if len(text) == 6 and text.isdigit() and text.isascii() and text[0] != "0" else read_urn(text)


def _name(text: str) -> str:
    if not text or len(text) > 200:
        raise ValueError("A school needs a name of at most 200 characters.")
    return text


@lru_cache(maxsize=64)
def _status(code: str, name: str) -> str:
    if code in _STATUS:
        return _STATUS[code]
    told = name.casefold()
    if not code and not told:
        return "open"
    if not code and told.replace(",", "") in _STATUS.values():
        return told.replace(",", "")
    raise ValueError("Write 1 (open), 2 (closed), 3 (open, but proposed to close) or 4 (proposed to open).")


@lru_cache(maxsize=512)
def _la_code(text: str) -> int:
    return _number(text, 9999, "the three figures of a local authority") or 0


@lru_cache(maxsize=20_000)
def _day(text: str) -> date | None:
    # A national extract names few different days many times.
    return read_date(text) if text else None


@lru_cache(maxsize=256)
def _age(text: str) -> int | None:
    return _number(text, 99, "an age in years from 0 to 99")


@lru_cache(maxsize=8_000)
def _count(text: str) -> int | None:
    return _number(text, 20_000, "a number of pupils from 0 to 20,000")


def _metres(text: str, most: int) -> int | None:
    if text.isdigit() and 0 < (metres := int(text)) <= most:
        return metres
    return _number(text, most, f"whole metres on the British National Grid, from 0 to {most:,}") or None


def _number(text: str, most: int, what: str) -> int | None:
    if not text:
        return None
    digits = text.removesuffix(".0")
    number = int(digits) if digits.isascii() and digits.isdigit() else most + 1
    if number > most:
        raise ValueError(f"This must be {what}, or empty.")
    return number


def _postcode(text: str) -> str:
    return text.upper() if len(text) <= 10 else _long_postcode(text)


def _long_postcode(text: str) -> str:
    tidy = " ".join(text.upper().split())
    if not _POSTCODE.fullmatch(tidy):
        raise ValueError("This is not a postcode: write it as TR20 8XR, or leave it empty.")
    return tidy


_CHECKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("URN", _urn),
    ("EstablishmentName", _name),
    ("LA (code)", _la_code),
    ("StatutoryLowAge", _age),
    ("StatutoryHighAge", _age),
    ("NumberOfPupils", _count),
    ("OfstedLastInsp", _day),
    ("Postcode", _postcode),
    ("Easting", lambda text: _metres(text, _GRID_EAST)),
    ("Northing", lambda text: _metres(text, _GRID_NORTH)),
    ("OpenDate", _day),
    ("CloseDate", _day),
)


def _faults(row: Row) -> Iterator[Rejected]:
    fine = True
    for column, check in _CHECKS:
        try:
            check(row.cells[column])
        except ValueError as problem:
            fine = False
            yield row.reject(column, str(problem))
    try:
        _status(row.cells["EstablishmentStatus (code)"], row.cells["EstablishmentStatus (name)"])
    except ValueError as problem:
        fine = False
        yield row.reject("EstablishmentStatus (code)", str(problem))
    if fine:
        yield from _pairs(row)


def _pairs(row: Row) -> Iterator[Rejected]:
    cells = row.cells
    if (_metres(cells["Easting"], _GRID_EAST) is None) != (_metres(cells["Northing"], _GRID_NORTH) is None):
        yield row.reject("Easting", "Easting and Northing go together: give both or neither.")
    low, high = _age(cells["StatutoryLowAge"]), _age(cells["StatutoryHighAge"])
    if low is not None and high is not None and low > high:
        yield row.reject("StatutoryLowAge", f"The lowest age is above the highest, {high}: correct one of them.")

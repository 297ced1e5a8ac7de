"""Makers of files that hubs hand in. Every school and person in them is made up."""

import csv
import io
from collections.abc import Mapping, Sequence

from tests.makers import HALF_TERMS

HALF_TERM_NAMES = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
GIAS_HEADINGS = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "NumberOfPupils",
    "OfstedLastInsp",
    "Street",
    "Town",
    "Postcode",
    "HeadFirstName",
    "HeadLastName",
    "Easting",
    "Northing",
    "OfstedRating (name)",
)


def a_csv(headings: Sequence[str], *rows: Mapping[str, object], encoding: str = "utf-8") -> bytes:
    """A CSV file; what a row does not say is empty."""
    held = io.StringIO()
    writer = csv.DictWriter(held, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue().encode(encoding)


def a_gias_row(urn: int, **cells: object) -> dict[str, object]:
    """A school of an extract."""
    return {
        "URN": urn,
        "LA (code)": 908,
        "LA (name)": "Cornwall",
        "EstablishmentName": f"Fernhill Primary {urn}",
        "EstablishmentStatus (code)": 1,
        "PhaseOfEducation (name)": "Primary",
        "StatutoryLowAge": 4,
        "StatutoryHighAge": 11,
        "NumberOfPupils": 210,
        "OfstedLastInsp": "27-02-2024",
        "Town": "Fernhill",
        "Postcode": "ZZ1 1ZZ",
        "HeadFirstName": "Nobody",
        "HeadLastName": "Atall",
        "Easting": 200000 + urn % 1000,
        "Northing": 60000,
        "OfstedRating (name)": "Good",
        **cells,
    }


def a_gias_file(*rows: Mapping[str, object], encoding: str = "cp1252") -> bytes:
    """An extract as the Department publishes it."""
    return a_csv(GIAS_HEADINGS, *rows, encoding=encoding)


def a_term_dates_file(*names: str, inset: str = "2026-09-02", without: str = "") -> bytes:
    """The term dates of these calendars, all alike."""
    rows: list[dict[str, object]] = []
    for name in names:
        for half_term, (first, last) in zip(HALF_TERM_NAMES, HALF_TERMS, strict=True):
            if half_term != without:
                rows.append({"calendar": name, "kind": "half term", "name": half_term, "from": first, "to": last})
        rows.append({"calendar": name, "kind": "inset", "name": "INSET", "from": inset, "to": inset})
    return a_csv(("calendar", "kind", "name", "from", "to"), *rows)


def a_participant_row(number: int, urn: int, **cells: object) -> dict[str, object]:
    """One teacher in a Work Group."""
    return {
        "group": "NCP26-11-01",
        "programme": "Development",
        "lead_name": "Sam Reed",
        "lead_email": "sam@school.example",
        "lead_days": "Mon Tue Wed",
        "lead_base_urn": urn,
        "school_urn": urn,
        "calendar": "Moorland",
        "maths": "am",
        "hosts": "yes",
        "participant_name": f"Teacher {number}",
        "participant_email": f"teacher{number}@school.example",
        "participant_role": "maths lead",
        "working_days": "Mon Tue Wed am",
        **cells,
    }


def a_participants_file(*rows: Mapping[str, object]) -> bytes:
    """A participant sheet."""
    return a_csv(tuple(a_participant_row(1, 1)), *rows)

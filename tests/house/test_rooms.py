"""A file's name is the feature it serves: one of nine rooms, or a special with a reason."""

from pathlib import PurePath

from tests.house.reading import kept, shown

ROOMS = {"people", "hubs", "schools", "schedule", "meetings", "notes", "stages", "feeds", "funding"}
SPECIALS = {
    "access": "the law on who may do what",
    "trail": "what happened, recorded",
    "jobs": "work outside a request",
    "database": "engine, session, migrations, the embedded server",
    "embedded": "the PostgreSQL of our own",
    "migrations": "bringing tables to what this version needs",
    "once": "an API call repeated is done once",
    "visible": "the law as rows",
    "guard": "the law at the door",
    "deps": "the one named door from routers to the session",
    "places": "where somebody can go: the sections and their pages",
    "answer": "one page as HTML or JSON, one error as either",
    "shield": "headers, and protection against forged requests",
    "watch": "health, readiness and metrics",
    "api": "the API's own doors",
    "_parts": "plain values that pages of several rooms show",
    "_columns": "column kinds that every table shares",
    "imports": "what an import read and did, in every room",
    "html": "templates to bytes",
    "sheets": "CSV and XLSX",
    "mail": "messages",
    "ribbon": "the year ribbon, on every page",
    "words": "how counts and lists are spoken",
    "home": "what needs me today, out of every room",
    "backup": "the whole database as one file",
    "demo": "the fictional hub",
    "sign_in": "who is at the door",
}
FREE = {"kit", "cli"}  # tools with no idea of teachers; commands, named after what a person types
TOP = {"__init__", "__main__", "main", "worker", "settings"}
NEVER = {"util", "utils", "helper", "helpers", "manager", "service", "services", "common", "misc", "base", "core"}


def wrong_room(path: str) -> str | None:
    """Why this module, a path from the top such as app/pages/schools.py, may not have its name."""
    parts = PurePath(path).with_suffix("").parts[1:]
    if bad := NEVER & set(parts):
        return f"{path}: a module named {bad.pop()} says nothing; name the feature"
    if len(parts) == 1:
        return None if parts[0] in TOP else f"{path}: only {', '.join(sorted(TOP))} stand beside the floors"
    floor, room, *_ = parts
    if floor in FREE or room == "__init__" or room in ROOMS or room in SPECIALS:
        return None
    return f"{path}: {room} is neither a room nor a special; a room with several parts is a folder"


def test_every_module_lies_in_a_room() -> None:
    faults = [fault for path in kept("app") if (fault := wrong_room(shown(path)))]
    assert not faults, "\n".join(faults)


def test_templates_lie_in_rooms() -> None:
    known = ROOMS | set(SPECIALS) | {"_parts"}
    strays = [shown(path) for path in kept("templates", suffix=".html") if PurePath(shown(path)).parts[1] not in known]
    assert not strays, "\n".join(strays)


def test_strays_are_found() -> None:
    assert wrong_room("app/pages/dashboards.py")
    assert wrong_room("app/kit/utils.py")
    assert wrong_room("app/schools.py")
    assert wrong_room("app/domain/helpers/dates.py")


def test_rooms_specials_and_their_parts_are_let_in() -> None:
    assert wrong_room("app/domain/schedule/judge.py") is None
    assert wrong_room("app/routers/deps.py") is None
    assert wrong_room("app/main.py") is None
    assert wrong_room("app/kit/periods.py") is None

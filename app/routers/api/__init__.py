"""The API: the same facts and the same actions as the pages, for programs."""

from app.routers.api import (
    attendance,
    calendars,
    describe,
    feeds,
    funding,
    groups,
    hubs,
    meetings,
    moves,
    notes,
    people,
    schedule,
    schools,
    stages,
    trail,
)

ROUTERS = (
    hubs.beside,
    hubs.router,
    people.router,
    schools.beside,
    schools.router,
    calendars.router,
    groups.router,
    meetings.router,
    attendance.router,
    notes.router,
    schedule.router,
    stages.router,
    moves.router,
    feeds.router,
    funding.router,
    trail.router,
    describe.router,
)

"""The API: the same facts and the same actions as the pages, for programs."""

from app.routers.api import (
    attendance,
    calendars,
    describe,
    feeds,
    groups,
    hubs,
    meetings,
    notes,
    people,
    schedule,
    schools,
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
    feeds.router,
    trail.router,
    describe.router,
)

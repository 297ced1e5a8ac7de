"""The doors to what stands in calendars."""

from app.routers.meetings import events, groups

ROUTERS = (groups.router, events.router)

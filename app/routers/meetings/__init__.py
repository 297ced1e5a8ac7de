"""The doors to what stands in calendars."""

from app.routers.meetings import events

ROUTERS = (events.router,)

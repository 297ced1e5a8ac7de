"""The doors to what stands in calendars."""

from app.routers.meetings import attendance_device, events, groups

ROUTERS = (groups.router, events.router, attendance_device.router)

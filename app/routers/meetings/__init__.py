"""The doors to what stands in calendars."""

from app.routers.meetings import attendance, attendance_device, certificates, events, groups

ROUTERS = (groups.router, events.router, attendance.router, attendance_device.router, certificates.router)

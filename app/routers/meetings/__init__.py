"""The doors to what stands in calendars."""

from app.routers.meetings import attendance, attendance_device, certificates, check_in, events, groups

ROUTERS = (
    groups.router,
    events.router,
    attendance.router,
    attendance_device.router,
    check_in.router,
    certificates.router,
)

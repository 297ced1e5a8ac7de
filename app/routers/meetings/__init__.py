"""The doors to what stands in calendars."""

from app.routers.meetings import (
    answers,
    attendance,
    attendance_device,
    certificates,
    check_in,
    copying,
    events,
    groups,
    leading,
)

ROUTERS = (
    copying.router,
    groups.router,
    events.router,
    leading.router,
    answers.router,
    attendance.router,
    attendance_device.router,
    check_in.router,
    certificates.router,
)

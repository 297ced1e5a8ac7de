"""What is done to a hub."""

from app.actions.hubs.changing import (
    Founder,
    HubDetails,
    change_hub,
    change_programme,
    close_days,
    closure_faults,
    create_hub,
    invite_by_itself,
    limit_meetings,
    open_day,
    open_year,
    write_cohort,
)
from app.actions.hubs.moving import export_hub, import_hub

__all__ = [
    "Founder",
    "HubDetails",
    "change_hub",
    "change_programme",
    "close_days",
    "closure_faults",
    "create_hub",
    "export_hub",
    "import_hub",
    "invite_by_itself",
    "limit_meetings",
    "open_day",
    "open_year",
    "write_cohort",
]

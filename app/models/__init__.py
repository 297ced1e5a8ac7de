"""The tables. Importing this package fills the metadata that migrations are compared with."""

from sqlmodel import SQLModel

from app.models import (
    feeds,
    funding,
    hubs,
    imports,
    mail,
    meetings,
    notes,
    once,
    people,
    schedule,
    schools,
    stages,
    trail,
)

TABLES = (feeds, funding, hubs, imports, mail, meetings, notes, once, people, schedule, schools, stages, trail)
metadata = SQLModel.metadata

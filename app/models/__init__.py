"""The tables. Importing this package fills the metadata that migrations are compared with."""

from sqlmodel import SQLModel

from app.models import feeds, hubs, imports, mail, meetings, notes, once, people, schedule, schools, stages, trail

TABLES = (feeds, hubs, imports, mail, meetings, notes, once, people, schedule, schools, stages, trail)
metadata = SQLModel.metadata

"""What is done to people of a hub."""

from app.actions.people.changing import add_person, change_person, note_away, take_back_away
from app.actions.people.leaving import come_back, leave

__all__ = ["add_person", "change_person", "come_back", "leave", "note_away", "take_back_away"]

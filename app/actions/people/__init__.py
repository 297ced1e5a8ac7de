"""What is done to people of a hub."""

from app.actions.people.changing import (
    add_person,
    change_person,
    come_back,
    leave,
    note_away,
    take_back_away,
)

__all__ = ["add_person", "change_person", "come_back", "leave", "note_away", "take_back_away"]

"""Where a date is and what to know before one goes there, as every page shows it."""

from dataclasses import dataclass

from app.store.meetings.dates import Place


@dataclass(frozen=True, slots=True)
class Where:
    """A place in words; `map` leads to a map of it. Empty texts are left out."""

    school: str
    address: str
    map: str
    online: bool
    joining_link: str
    parking: str
    bring: str


def map_link(at: tuple[float, float] | None) -> str:
    """An address at OpenStreetMap for these degrees of latitude and longitude; empty for none."""
    if at is None:
        return ""
    return f"https://www.openstreetmap.org/?mlat={at[0]:.6f}&mlon={at[1]:.6f}#map=17/{at[0]:.6f}/{at[1]:.6f}"


def where(place: Place) -> Where:
    """The place for a page."""
    here = not place.online
    return Where(
        school=place.school,
        address=place.address if here else "",
        map=map_link(place.at) if here else "",
        online=place.online,
        joining_link=place.joining_link if place.online else "",
        parking=place.parking if here else "",
        bring=place.notes,
    )

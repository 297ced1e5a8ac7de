"""What is typed when an API token of a hub is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.access import Scope

LIVES = {30: "30 days", 90: "90 days", 365: "A year"}
USUAL_DAYS = 90
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class WrittenToken:
    """What the token is for, what it may do, and how many days it works."""

    name: str
    scopes: frozenset[Scope]
    days: int

    def expires(self, now: datetime) -> datetime:
        """When it stops to work."""
        return now + timedelta(days=self.days)


def read_scopes(ticked: tuple[str, ...]) -> frozenset[Scope]:
    """The scopes among what was ticked; what is no scope opens nothing."""
    return frozenset(Scope(one) for one in ticked if one in set(Scope))


def token_faults(written: WrittenToken) -> dict[str, str]:
    """What to change in a token as typed, field by field."""
    found = {}
    if not 0 < len(written.name.strip()) <= LONGEST_NAME:
        found["name"] = f"Say what the token is for, in at most {LONGEST_NAME} characters."
    if not written.scopes:
        found["scopes"] = "Tick at least one thing that the token may do."
    if written.days not in LIVES:
        found["days"] = "Choose how long the token works."
    return found

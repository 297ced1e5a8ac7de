"""A school's action plan: aims and actions, drafted from what its visits agreed as next steps; the head agrees it.

Source: docs/rules/school-plans.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from app.domain.notes.defaults_visit import AREAS
from app.domain.notes.forms import NoteForm
from app.domain.notes.paths import read
from app.domain.stages.barriers import LONGEST_OWNER, OTHER, Days, Owner, words
from app.kit.errors import Fault
from app.kit.typed import Reader, Typed

LONGEST_AIMS, LONGEST_WHAT, LONGEST_EVIDENCE = 4000, 1000, 1000
AREA_NAMES = {one.key: one.label for one in AREAS}
STATES = {"open": "Open", "done": "Done", "dropped": "Dropped"}


class Place(Protocol):
    """A place of a submitted version."""

    @property
    def path(self) -> str:
        """Where."""

    @property
    def value(self) -> Any:
        """What."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A next step that a visit's record names for one of the five areas."""

    event_id: UUID
    item: str  # the area: in the record it is the item of the row
    day: date
    what: str

    @property
    def area(self) -> str:
        """The area's name."""
        return AREA_NAMES.get(self.item, self.item)


def next_steps(event_id: UUID, day: date, form: NoteForm, places: Iterable[Place]) -> list[NextStep]:
    """The next steps of the five areas in one version of a visit's record, in the areas' order."""
    fields = {one.key for one in form.fields() if one.feeds == "areas"}
    found = {}
    for one in places:
        path = read(one.path)
        said = one.value.strip() if isinstance(one.value, str) else ""
        if path and path.field in fields and path.part == "next_step" and said:
            found[path.item] = NextStep(event_id, path.item, day, said)
    order = list(AREA_NAMES)
    return sorted(found.values(), key=lambda one: order.index(one.item) if one.item in order else len(order))


def draft(found: Iterable[NextStep], taken: Collection[tuple[UUID, str]], written: Collection[str]) -> list[NextStep]:
    """What is proposed as actions, by area, the newest visit first: nothing taken up before, nothing said twice."""
    order, said = list(AREA_NAMES), {_folded(one) for one in written}
    proposed = []
    for one in sorted(found, key=lambda one: one.day, reverse=True):
        if (one.event_id, one.item) not in taken and _folded(one.what) not in said:
            said.add(_folded(one.what))
            proposed.append(one)
    return sorted(proposed, key=lambda one: order.index(one.item) if one.item in order else len(order))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


@dataclass(frozen=True, slots=True)
class ActionChange:
    """What can be written of an action. Unlike a barrier anybody may own one: a teacher may try something."""

    area: str
    what: str
    owner: Owner
    due: date | None


def read_aims(typed: Typed) -> str:
    """A plan's aims. Raises BadInputError."""
    form = Reader(typed)
    aims = form.read("aims", lambda text: words(text, LONGEST_AIMS, "Write what the school wants to reach this year."))
    form.finish()
    return aims or ""


def read_action(typed: Typed, people: Collection[UUID], days: Days) -> ActionChange:
    """An action as typed; `people` may own it. Raises BadInputError with a fault for each field."""
    form = Reader(typed)
    area = typed.text("area")
    if area and area not in AREA_NAMES:
        form.faults.append(Fault("area", "Choose one of the five areas, or none."))
    what = form.read("what", lambda text: words(text, LONGEST_WHAT, "Write what will be done."))
    due = form.read("due", days.read) if typed.text("due") else None
    owner = _owner(typed, people, form.faults)
    form.finish()
    return ActionChange(area, what or "", owner, due)


def _owner(typed: Typed, people: Collection[UUID], faults: list[Fault]) -> Owner:
    chosen, part = typed.text("owner"), " ".join(typed.text("part").split())
    person = next((one for one in people if str(one) == chosen), None)
    if person:
        return Owner(person)
    if chosen not in {"", OTHER}:
        faults.append(Fault("owner", "Choose who does it, or write their part."))
    if chosen == OTHER and not part:
        faults.append(Fault("part", "Write their part, such as Deputy head."))
    if len(part) > LONGEST_OWNER:
        faults.append(Fault("part", f"Keep the part to {LONGEST_OWNER} characters."))
    return Owner(None, part)


def read_evidence(typed: Typed, otherwise: str) -> str:
    """What shows that an action was done, or why it is dropped. Raises BadInputError with this sentence."""
    form = Reader(typed)
    said = form.read("evidence", lambda text: words(text, LONGEST_EVIDENCE, otherwise))
    form.finish()
    return said or ""


class Stored(Protocol):
    """An action of a plan, as far as counting reads it."""

    @property
    def state(self) -> str:
        """Open, done or dropped."""


def told(aims: str, actions: Sequence[Stored]) -> str:
    """3 of 7 actions done; dropped ones do not count."""
    counted = [one for one in actions if one.state != "dropped"]
    if not counted:
        return "No action yet" if aims else "Nothing is written yet"
    done = sum(one.state == "done" for one in counted)
    return f"{done} of {len(counted)} action{'s' if len(counted) > 1 else ''} done"


def may_agree(aims: str, actions: Sequence[Stored]) -> Fault | None:
    """Why a head cannot agree the plan yet."""
    if aims and any(one.state != "dropped" for one in actions):
        return None
    return Fault("", "There is nothing to agree yet: a plan has aims and at least one action.")

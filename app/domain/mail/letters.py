"""What a person writes to a group: read from a form, filled for each reader; and the templates that ship."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Role
from app.domain.mail.words import PERSONAL, filled, strange
from app.kit.errors import BadInputError, Fault
from app.kit.periods import in_london, spoken_date, spoken_time
from app.kit.typed import Typed

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_NAME = 150, 10_000, 80
EVERYONE = "everyone"
NOT_FIXED = "not fixed yet"
LEAVES_AFTER_MINUTES = 2  # in which it can still be taken back


@dataclass(frozen=True, slots=True)
class Sketch:
    """A template: what it is called, and its words."""

    name: str
    subject: str
    text: str


SHIPPED = {
    "before": Sketch(
        "Before a meeting",
        "Our next meeting is {next meeting}",
        "Hello {name}\n\nOur next meeting of {group} is {next meeting}.\n\n"
        "Please bring a piece of your children's work from the gap task, and tell us by the day before if you cannot "
        "come or if somebody comes in your place.\n\nWe look forward to seeing you.",
    ),
    "after": Sketch(
        "After a meeting",
        "Thank you for coming, and what we try next",
        "Hello {name}\n\nThank you for the discussion at our last meeting of {group}. Until we meet again, please try "
        "what you chose as your gap task with your class, and note down what you noticed.\n\n"
        "Our next meeting is {next meeting}.",
    ),
    "welcome": Sketch(
        "Welcome to a Work Group",
        "Welcome to {group}",
        "Hello {name}\n\nWelcome to the Work Group {group}. We meet once every half term, watch a lesson together and "
        "discuss it. The first date for you is {next meeting}.\n\n"
        "Ask your headteacher to keep these half-days free of other things, and put them into your own calendar: "
        "Halfterm does it for you under My calendar.",
    ),
    "school": Sketch(
        "A word to headteachers",
        "Release for our Work Group meetings",
        "Hello {name}\n\nTeachers of your school take part in one of our Work Groups this year. They need a half-day "
        "of release for each meeting. Your dates are in Halfterm, and in your own calendar if you subscribe to it.\n\n"
        "Tell us early if a date cannot work for your school: the sooner we know, the more easily we can move it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to many before it is sent: to Work Groups, to roles (or everyone), and its words."""

    groups: tuple[uuid.UUID, ...]
    roles: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a message goes to, with what can be said of them."""

    person_id: uuid.UUID
    name: str
    email: str
    group: str = ""
    next_at: datetime | None = None
    next_place: str = ""


def read_draft(typed: Typed, groups: set[uuid.UUID], *, to_roles: bool) -> Draft:
    """What was typed, of what could be chosen; raises BadInputError with what to change beside each field."""
    asked = tuple(one for one in sorted(groups) if str(one) in typed.every("groups"))
    known = {EVERYONE, *(role.stored for role in Role)}
    roles = tuple(one for one in dict.fromkeys(typed.every("roles")) if one in known) if to_roles else ()
    faults = [*_worded(typed)]
    if not asked and not roles:
        says = "Choose at least one Work Group" + (", or a role." if to_roles else ".")
        faults.insert(0, Fault("groups", says))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    return Draft(asked, roles, " ".join(typed.text("subject").split()), typed.text("text"))


def read_sketch(typed: Typed) -> Sketch:
    """A template as typed; raises BadInputError."""
    name, faults = " ".join(typed.text("name").split()), [*_worded(typed)]
    if not name or len(name) > LONGEST_NAME:
        faults.insert(0, Fault("name", f"Give the template a name of at most {LONGEST_NAME} letters."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    return Sketch(name, " ".join(typed.text("subject").split()), typed.text("text"))


def _worded(typed: Typed) -> list[Fault]:
    faults = []
    for field, what, most in (("subject", "a subject", LONGEST_SUBJECT), ("text", "your message", LONGEST_TEXT)):
        said = typed.text(field)
        if not said:
            faults.append(Fault(field, f"Write {what}."))
        elif len(said) > most:
            faults.append(Fault(field, f"Write at most {most:,} letters; these are {len(said):,}."))
        elif wrong := strange(said):
            known = ", ".join("{" + word + "}" for word in PERSONAL)
            faults.append(
                Fault(field, f"Nobody can fill in {{{wrong[0]}}}. The words in braces that work are {known}.")
            )
    return faults


def said_to(draft: Draft, reader: Reader) -> tuple[str, str]:
    """Subject and text as this reader gets them."""
    values = {"name": reader.name, "group": reader.group or "your Work Group", "next meeting": next_meeting(reader)}
    return " ".join(filled(draft.subject, values).split()), filled(draft.text, values)


def next_meeting(reader: Reader) -> str:
    """On Thursday 10 December 2026 at 9.15am, at Ash Vale Primary."""
    if reader.next_at is None:
        return NOT_FIXED
    local = in_london(reader.next_at)
    place = f", {reader.next_place}" if reader.next_place else ""
    return f"on {spoken_date(local.date())} at {spoken_time(local.time())}{place}"

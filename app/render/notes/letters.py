"""Letters about records: who did what, to which record, and where to answer; never a word of what is written in it."""

from dataclasses import dataclass

from app.render.mail import Letter


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody took: `record` as in "the record of the visit at ...", `href` leads to it."""

    who: str
    record: str
    href: str
    version: int


def submitted(to: str, step: Step) -> Letter:
    """To the other side: a version waits for an answer."""
    return _letter(
        to,
        "A record waits for you",
        f"{step.who} has submitted {step.record}, version {step.version}. "
        "Read it and agree, or say what should change first:",
        step.href,
    )


def withdrawn(to: str, step: Step) -> Letter:
    """To the other side: nothing waits any more."""
    told = f"{step.who} has taken back version {step.version} of {step.record}. You need do nothing for now."
    return _letter(to, "A record does not wait for you any more", told, step.href)


def change_asked(to: str, step: Step) -> Letter:
    """To whoever submitted it: what should change is said on the record's page."""
    told = f"{step.who} asks for a change to {step.record}, version {step.version}. Read what should change:"
    return _letter(to, "A change is asked for in a record", told, step.href)


def agreed(to: str, step: Step) -> Letter:
    """To whoever submitted it: it is agreed and locked."""
    told = f"{step.who} has agreed {step.record}, version {step.version}. It is locked now."
    return _letter(to, "A record is agreed", told, step.href)


def correcting(to: str, step: Step) -> Letter:
    """To both sides: an agreed record is open again."""
    told = (
        f"{step.who} has begun a correction of {step.record}. "
        f"Version {step.version} stays as it is, until the correction is submitted. Read why:"
    )
    return _letter(to, "An agreed record is being corrected", told, step.href)


def _letter(to: str, subject: str, told: str, href: str) -> Letter:
    return Letter(to, subject, f"Hello\n\n{told}\n\n{href}\n\nHalfterm\n")

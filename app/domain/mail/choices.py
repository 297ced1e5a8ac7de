"""What becomes of a message: what its kind asks, what its reader wants, and when it may leave."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.mail.kinds import Kind
from app.domain.mail.quiet import Quiet, digest_due, due

NEAR = timedelta(hours=48)
STOPPED = "They do not want this kind of message by mail."


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    GATHERED = "gathered"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants by mail; as made here: everything, at once."""

    digest: bool = False
    stopped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """A message before it is decided on. `starts`: of the event it is about; `whole`: it cannot be joined to others."""

    kind: Kind
    starts: datetime | None = None
    at_once: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message, and not before when."""

    state: State
    due_at: datetime
    because: str = ""


def is_near(piece: Piece, now: datetime) -> bool:
    """Whether it tells of a change or cancellation inside 48 hours, which can neither be stopped nor wait long."""
    if piece.kind not in {Kind.CHANGE, Kind.CANCELLATION}:
        return False
    return piece.at_once or (piece.starts is not None and now < piece.starts <= now + NEAR)


def fate(piece: Piece, choice: Choice, quiet: Quiet, now: datetime) -> Fate:
    """What becomes of a message that is written now."""
    law, near = piece.kind.law, is_near(piece, now)
    if law.can_stop and piece.kind in choice.stopped and not near:
        return Fate(State.STOPPED, now.astimezone(UTC), STOPPED)
    leaves = due(now, quiet, law.can_wait and not piece.at_once, piece.starts)
    if not choice.digest or not law.gathers or near or piece.at_once or piece.whole:
        return Fate(State.WAITING, leaves)
    gathered = digest_due(now, quiet)
    if piece.starts is not None and now < piece.starts <= gathered:
        return Fate(State.WAITING, leaves)
    return Fate(State.GATHERED, gathered)

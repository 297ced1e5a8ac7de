"""The one small tree of errors: each knows its HTTP status, its title and because."""

from dataclasses import dataclass
from typing import ClassVar


class HalftermError(Exception):
    """Something a person can act on; `because` is a sentence that says how."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


class NotFoundError(HalftermError):
    """It does not exist, or the viewer may not know that it does."""

    status = 404
    title = "Page not found"

    def __init__(self, because: str = "Check the address, or go back to where you were.") -> None:
        super().__init__(because)


class ForbiddenError(HalftermError):
    """The viewer may see it, but not do this to it."""

    status = 403
    title = "You cannot do this"


class SignInNeededError(HalftermError):
    """Nobody is signed in."""

    status = 401
    title = "Sign in to go on"


class PasskeyNeededError(SignInNeededError):
    """Somebody is signed in by less than one of their hubs asks for; a device takes it for the end of its session."""

    title = "Your hub asks for a passkey"


class ConflictError(HalftermError):
    """The facts changed since the person looked."""

    status = 409
    title = "This has changed"


class StaleError(HalftermError):
    """A write named a version that is no longer the newest (HTTP If-Match)."""

    status = 412
    title = "Someone else changed this first"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where, and what to do about it."""

    path: str
    because: str


class BadInputError(HalftermError):
    """The person's input cannot be taken; `faults` names each place."""

    status = 422
    title = "There is a problem"

    def __init__(self, because: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(because)
        self.faults = faults


class CallError(HalftermError):
    """A command was called with arguments that make no sense together (exit status 2)."""

    status = 400
    title = "The call is wrong"


class NoPlanError(HalftermError):
    """No plan exists for a scheduling problem (exit status 3)."""

    status = 409
    title = "No plan exists"

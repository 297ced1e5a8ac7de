"""Signing in by a link in an e-mail: ask for it, read that it was sent, press the button behind it."""

from dataclasses import dataclass
from typing import ClassVar

from app.pages._parts import Field, Form

MINUTES = 15


@dataclass(frozen=True, slots=True)
class Way:
    """Another way in: somebody else's sign-in, by its name."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Asks for the e-mail address. `back` is the page to go on to; `ended` says that a session has ended.

    `passkeys`: this server can use them; `providers`: whose sign-in it takes.
    """

    template: ClassVar[str] = "sign_in/ask.html"
    form: Form
    back: str = ""
    ended: bool = False
    demo: bool = False
    passkeys: bool = False
    providers: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class SignInSentPage:
    """Says that a link is on its way, in the same words whether or not we know the address."""

    template: ClassVar[str] = "sign_in/sent.html"
    email: str
    minutes: int = MINUTES


@dataclass(frozen=True, slots=True)
class SignInConfirmPage:
    """Behind the link: one button, so that a scanner that only looks does not use the link up."""

    template: ClassVar[str] = "sign_in/confirm.html"
    token: str
    back: str = ""


def sign_in_form() -> Form:
    """The one field of signing in."""
    email = Field(name="email", label="Your e-mail address", kind="email", width="30", autocomplete="email")
    return Form(action="/sign-in", submit="Send me a link", fields=(email,))

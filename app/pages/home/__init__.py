"""The public front page, and the page of an error."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.errors import Fault, HalftermError


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What Halfterm is, for somebody who has not signed in; `demo` offers the demo people."""

    template: ClassVar[str] = "home/front.html"
    demo: bool


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, because of what, and where; `reference` finds it in the log."""

    template: ClassVar[str] = "home/error.html"
    status: int
    title: str
    because: str
    faults: tuple[Fault, ...] = ()
    reference: str = ""


def error_page(error: HalftermError, reference: str = "") -> ErrorPage:
    """The page of one of our own errors."""
    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    return ErrorPage(error.status, error.title, error.because, faults, reference)

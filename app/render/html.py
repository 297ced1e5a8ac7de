"""Values -> HTML: the one home of Jinja2. A template sees one name, `page`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Protocol

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from app.kit import periods

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `here` when they name the page or section being looked at."""

    text: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence about what has just happened; `good` when it worked."""

    text: str
    good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """What surrounds every page: who looks, where they may go, what has just happened.

    `tabs` are the pages beside this one in its `section`. `csrf` goes into every form; `half_term` (0 to 5) is the
    block that the mark fills, None in a holiday.
    """

    viewer: str | None = None
    hub: str | None = None
    sections: tuple[Link, ...] = ()
    tabs: tuple[Link, ...] = ()
    section: str = ""
    notices: tuple[Notice, ...] = ()
    csrf: str = ""
    path: str = "/"
    demo: bool = False
    half_term: int | None = None
    privacy: str = "/privacy"  # the notice of the hub whose page it is


class HasTemplate(Protocol):
    """A page: a frozen dataclass that names its template as a ClassVar."""

    template: ClassVar[str]


class Shown:
    """A page together with its chrome, as the one name that a template sees."""

    __slots__ = ("_page", "chrome")

    def __init__(self, page: object, chrome: Chrome) -> None:
        self._page = page
        self.chrome = chrome

    def __getattr__(self, name: str) -> object:
        return getattr(self._page, name)


@lru_cache(maxsize=1)
def _manifest(_stamp: int) -> dict[str, str]:
    names: dict[str, str] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    return names


def asset(name: str) -> str | None:
    """The address of a built asset under its hashed name; None where the assets were not built."""
    try:
        stamp = (STATIC / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return None
    hashed = _manifest(stamp).get(name)
    return f"/static/{hashed}" if hashed else None


def plural(count: int, one: str, many: str = "") -> str:
    """1 visit, 2 visits, 1,204 schools; `many` for words that do not just take an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spoken_day(moment: datetime) -> str:
    """Thursday 24 September 2026: the London day of an instant."""
    return periods.spoken_date(periods.in_london(moment).date())


FILTERS: dict[str, Callable[..., str]] = {
    "spoken": periods.spoken,
    "spoken_day": spoken_day,
    "spoken_date": periods.spoken_date,
    "spoken_time": periods.spoken_time,
    "spoken_year": periods.spoken_year,
    "plural": plural,
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The Jinja2 environment: ours, then GOV.UK Frontend's macros; everything is escaped unless marked safe."""
    env = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals["asset"] = asset
    env.globals["spoken_hours"] = periods.spoken_hours
    return env


def render_page(page: HasTemplate, chrome: Chrome) -> str:
    """The whole HTML of a page; raises jinja2.TemplateNotFound for a template that does not exist."""
    return environment().get_template(page.template).render(page=Shown(page, chrome))

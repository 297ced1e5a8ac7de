"""A form about a school: its page, and the fields that several of them share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from app.domain.stages.barriers import OTHER, Owner
from app.kit.errors import Fault
from app.kit.typed import Typed
from app.pages._parts import Choice, Confirm, Field, Form, refilled
from app.store.stages.leaders import Leader


@dataclass(frozen=True, slots=True)
class AskPage:
    """A form about a school. `notes` stand above it, each a sentence."""

    template: ClassVar[str] = "stages/ask.html"
    heading: str
    notes: tuple[str, ...]
    up: tuple[tuple[str, str], ...]
    back: str
    form: Form


@dataclass(frozen=True, slots=True)
class AskFirstPage:
    """A question before something follows."""

    template: ClassVar[str] = "stages/ask_first.html"
    confirm: Confirm


def again(page: AskPage, typed: Typed, faults: Sequence[Fault]) -> AskPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def up_to(home: str, school: str, urn: int, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The way up from a form about a school."""
    here = f"{home}/schools/{urn}"
    return (("Schools", f"{home}/schools"), (school, here), ("Journey", f"{here}/journey"), *more)


def leader_fields(known: Sequence[Leader], owner: Owner | None, end: str = "") -> tuple[Field, Field]:
    """Who sees to it: the head by name, or another leader by their part. Whoever takes part is not on offer."""
    heads = [one for one in known if one.heads and not one.takes_part]
    offered = (*(Choice(str(one.id), f"{one.name}, headteacher") for one in heads), Choice(OTHER, "Another leader"))
    chosen = _chosen(owner) or ("" if heads else OTHER)
    chosen = chosen if any(one.value == chosen for one in offered) else ""  # who was head then may be so no more
    return (
        Field(
            name=f"owner{end}",
            label="Which leader sees to it?",
            kind="select",
            choices=(Choice("", "Choose a leader"), *offered),
            value=chosen,
            hint="Never whoever takes part in a Work Group: what stands in the way is a leader's to deal with.",
        ),
        Field(
            name=f"part{end}",
            label="Another leader, by their part",
            value=owner.part if owner else "",
            hint="Such as Deputy head, or Chair of governors.",
            width="20",
        ),
    )


def anybody_fields(people: Sequence[tuple[UUID, str]], owner: Owner | None) -> tuple[Field, Field]:
    """Who does an action: somebody of the school by name, or anybody by their part."""
    offered = (*(Choice(str(key), name) for key, name in people), Choice(OTHER, "Somebody else"))
    return (
        Field(
            name="owner",
            label="Who does it?",
            kind="select",
            choices=(Choice("", "Nobody yet"), *offered),
            value=_chosen(owner),
        ),
        Field(
            name="part",
            label="Somebody else, by their part",
            value=owner.part if owner else "",
            hint="Such as Deputy head, or Year 3 teachers.",
            width="20",
        ),
    )


def _chosen(owner: Owner | None) -> str:
    if owner is None:
        return ""
    return str(owner.person_id) if owner.person_id else OTHER if owner.part else ""

"""The plain values that templates/_parts draw: lists, forms, what needs me, empty states, confirmations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from app.kit.errors import Fault
from app.kit.typed import Typed

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Empty:
    """What will be here and how to begin; `action` leads to the beginning."""

    says: str
    action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the viewer, with its one action; `when` is a sentence about time."""

    says: str
    action: str
    href: str
    when: str = ""
    urgency: Literal["late", "soon", "calm"] = "calm"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts."""

    counts: str
    number: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list: its path and its query, as the person sent them."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A query value without blanks around it; empty when it is not there."""
        return self.query.get(name, "").strip()

    def link(self, **changes: str) -> str:
        """The same address with these query values changed; an empty value leaves."""
        kept = {name: value for name, value in {**self.query, **changes}.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    @property
    def page(self) -> int:
        """The page of the list, from 1."""
        asked = self.value("page")
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1

    def order(self, allowed: Sequence[str]) -> tuple[str, bool]:
        """Column to sort by and whether downwards: `sort=name` or `sort=-name`, else the first allowed one."""
        asked = self.value("sort")
        column = asked.removeprefix("-")
        return (column, asked.startswith("-")) if column in allowed else (allowed[0], False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading; `href` sorts by it, `sorted` says how it is sorted now."""

    text: str
    href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `hint` explains it."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A field above a list that narrows it: a search without choices, else a list to choose from."""

    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything around a table's rows. `showing` says how much of how many."""

    caption: str
    path: str
    headings: tuple[Heading, ...]
    filters: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    count: int
    total: int
    showing: str
    csv: str
    previous: str
    next: str
    empty: Empty
    narrowed: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: the name that `sort=` takes (empty: cannot be sorted by), its heading, whether numbers."""

    name: str
    text: str
    number: bool = False


def listing(
    asked: Asked,
    caption: str,
    columns: Sequence[Column],
    *,
    total: int,
    empty: Empty,
    filters: Sequence[Filter] = (),
) -> Listing:
    """The listing around one page of `PAGE_SIZE` rows out of `total` (after filters, before paging)."""
    column, down = asked.order([c.name for c in columns if c.name] or [""])
    page = asked.page
    first, last = (page - 1) * PAGE_SIZE + 1, min(page * PAGE_SIZE, total)
    names = {f.name for f in filters} | {"page"}
    return Listing(
        caption=caption,
        path=asked.path,
        headings=tuple(_heading(asked, c, current=c.name == column, down=down) for c in columns),
        filters=tuple(filters),
        kept=tuple((name, value) for name, value in asked.query.items() if name not in names and value),
        count=max(0, last - first + 1),
        total=total,
        showing=f"{first:,} to {last:,} of {total:,}" if total > PAGE_SIZE else f"{total:,} in all",
        csv=asked.link(format="csv", page=""),
        previous=asked.link(page=str(page - 1)) if page > 1 else "",
        next=asked.link(page=str(page + 1)) if last < total else "",
        empty=empty,
        narrowed=any(f.value for f in filters),
    )


def _heading(asked: Asked, column: Column, *, current: bool, down: bool) -> Heading:
    if not column.name:
        return Heading(column.text, number=column.number)
    turned = f"-{column.name}" if current and not down else column.name
    now: Literal["", "ascending", "descending"] = "" if not current else "descending" if down else "ascending"
    return Heading(column.text, asked.link(sort=turned, page=""), now, column.number)


FieldKind = Literal["text", "email", "date", "number", "textarea", "select", "radios", "checkboxes", "file", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form: it keeps what was typed, and says beside itself what to change."""

    name: str
    label: str
    kind: FieldKind = "text"
    value: str = ""
    chosen: tuple[str, ...] = ()
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    fault: str = ""
    width: Literal["", "2", "3", "4", "5", "10", "20", "30"] = ""
    autocomplete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: where it goes, its fields, the words of its button; `faults` name fields by `path`.

    `kept` goes along unseen: the version that was on the page.
    """

    action: str
    submit: str
    fields: tuple[Field, ...]
    faults: tuple[Fault, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    upload: bool = False
    warning: bool = False


def filled(
    form: Form,
    values: Mapping[str, str | Sequence[str]],
    faults: Sequence[Fault] = (),
) -> Form:
    """The form with what the person typed, and beside each field what to change."""
    said = {fault.path: fault.because for fault in reversed(faults)}
    fields = tuple(_kept(one, values.get(one.name), said.get(one.name, "")) for one in form.fields)
    return replace(form, fields=fields, faults=tuple(faults))


def refilled(form: Form, typed: Typed, faults: Sequence[Fault] = ()) -> Form:
    """The same from a sent form: boxes that nobody ticked stay empty."""
    said = {
        one.name: typed.every(one.name) if one.kind == "checkboxes" else typed.text(one.name) for one in form.fields
    }
    return filled(form, said, faults)


def _kept(one: Field, typed: str | Sequence[str] | None, fault: str) -> Field:
    """What was sent under a name; ticks that were not sent are off."""
    sent = () if typed is None else (typed,) if isinstance(typed, str) else tuple(typed)
    if one.kind == "checkboxes":
        return replace(one, chosen=sent, fault=fault)
    return replace(one, value=sent[0] if sent else one.value, fault=fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A question before harm: what will happen, to whom, and the way back."""

    question: str
    happens: tuple[str, ...]
    action: str
    submit: str
    back: str
    kept: tuple[tuple[str, str], ...] = ()
    harm: bool = True
    method: Literal["post", "get"] = "post"

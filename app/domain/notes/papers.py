"""A record's form as rows, for paper and for spreadsheets: each place by its path, with what stands there."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.notes.forms import Field, NoteForm, Option, Part
from app.domain.notes.paths import REMOVED, TAGS, Path
from app.domain.notes.readable import CLOCK_WHEN, Stands
from app.domain.notes.sheet_values import text_of

SPARE = {"list": 3, "clock": 5}  # empty items at the end, to be filled in
MARKS = "Tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place of the form. `item` says which of several things it belongs to; `own`: its writer alone reads it."""

    path: str
    section: str
    question: str
    box: str
    item: str
    hint: str
    kind: str
    options: tuple[Option, ...] = ()
    text: str = ""
    replaces: tuple[uuid.UUID, ...] = ()
    apart: tuple[str, ...] = ()  # different texts stand here: each with who wrote it
    own: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Filler:
    """Whoever fills in the form: their own places are the ones they write in. `names` are those a value may name."""

    person_id: uuid.UUID
    names: Mapping[uuid.UUID, str]
    new_item: Callable[[], str]


@dataclass(slots=True)
class _Held:
    """What stands, by path."""

    places: dict[str, list[Stands]] = field(default_factory=dict)

    def items(self, one: Field, person: uuid.UUID | None) -> list[str]:
        start = f"{Path(one.key, person)}#"
        found = {path.removeprefix(start).partition(".")[0] for path in self.places if path.startswith(start)}
        return sorted(item for item in found if not self.removed(Path(one.key, person, item, REMOVED.key)))

    def removed(self, path: Path) -> bool:
        heads = self.places.get(str(path), ())
        return bool(heads) and all(head.value is True for head in heads)


def rows(form: NoteForm, standing: Iterable[Stands], filler: Filler) -> list[Row]:
    """Every place that this person may fill in, in the form's order, with empty items at the end of lists."""
    held = _Held()
    for head in standing:
        held.places.setdefault(head.path, []).append(head)
    found: list[Row] = []
    for section in form.sections:
        for one in section.fields:
            found += _of_field(section.title, one, held, filler)
    return [*found, _row(MARKS, TAGS, None, Path(TAGS.key), held, filler)]


def _of_field(section: str, one: Field, held: _Held, filler: Filler) -> Iterator[Row]:
    person = None if one.share == "record" else filler.person_id
    if one.kind not in {"list", "rows", "clock", "photos"}:
        yield _row(section, one, None, Path(one.key, person), held, filler)
        return
    for number, (item, label, spare) in enumerate(_items(one, person, held, filler), start=1):
        for part in _parts(one):
            row = _row(section, one, part, Path(one.key, person, item, part.key), held, filler)
            yield replace(row, item=label or str(number), spare=spare)


def _items(one: Field, person: uuid.UUID | None, held: _Held, filler: Filler) -> list[tuple[str, str, bool]]:
    """The items by key, with their labels where they have any, and whether they are empty ones."""
    if one.kind == "rows":
        return [(option.key, option.label, False) for option in one.options]
    known = [(item, "", False) for item in held.items(one, person)]
    return known + [(filler.new_item(), "", True) for _ in range(SPARE.get(one.kind, 0))]


def _parts(one: Field) -> Sequence[Part]:
    """The boxes that can be filled in by hand: a photo cannot."""
    return [part for part in one.parts if part.key not in {"sha", "photo"}]


def _row(section: str, one: Field, part: Part | None, path: Path, held: _Held, filler: Filler) -> Row:
    heads = sorted(held.places.get(str(path), ()), key=lambda head: head.op_id)
    clock = one.kind == "clock" and part is not None and part.key == CLOCK_WHEN
    kind: str = "clock" if clock else part.kind if part else one.kind
    options = part.options if part else one.options
    texts = list(dict.fromkeys(text_of(kind, options, head.value, filler.names) for head in heads))
    apart = tuple(f"{text_of(kind, options, head.value, filler.names)} ({head.name})" for head in heads)
    return Row(
        path=str(path),
        section=section,
        question=one.label,
        box=part.label if part else "",
        item="",
        hint=one.hint,
        kind=kind,
        options=options,
        text=texts[0] if len(texts) == 1 else "",
        replaces=tuple(head.op_id for head in heads),
        apart=apart if len(texts) > 1 else (),
        own=one.share == "own",
    )


def unique_names(people: Iterable[tuple[uuid.UUID, str, str]]) -> dict[uuid.UUID, str]:
    """People (id, name, school) by names that tell them apart: two of one name carry their schools."""
    known = list(people)
    twice = {name for _, name, _ in known if sum(other == name for _, other, _ in known) > 1}
    named = {key: f"{name} ({school})" if name in twice and school else name for key, name, school in known}
    taken: set[str] = set()
    for key, name in named.items():
        if name in taken:
            named[key] = f"{name} ({str(key)[-4:]})"
        taken.add(named[key])
    return named

"""What of a record is shared: the places that a submitted version keeps."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.notes.forms import NoteForm
from app.domain.notes.paths import REMOVED, TAGS, place, read
from app.domain.notes.readable import Stands, where
from app.domain.notes.states import Content


@dataclass(frozen=True, slots=True)
class Shared:
    """The shared places with something in them, by path; `apart` are those where different texts stand."""

    places: tuple[Stands, ...]
    apart: tuple[str, ...]


def shared(form: NoteForm, standing: Iterable[Stands]) -> Shared:
    """Out of what stands: nobody's own notes, no tags, nothing removed, nothing empty."""
    by_path: dict[str, list[Stands]] = {}
    for one in standing:
        by_path.setdefault(one.path, []).append(one)
    kept: list[Stands] = []
    apart: list[str] = []
    for path, heads in sorted(by_path.items()):
        found = place(form, path)
        if found is None or found.field.share == "own" or found.field.key == TAGS.key or found.part is REMOVED:
            continue
        if _removed(path, by_path):
            continue
        first = min(heads, key=lambda one: one.op_id)
        if any(one.value != first.value for one in heads):
            apart.append(path)
        if first.value not in ("", None, []):
            kept.append(first)
    return Shared(tuple(kept), tuple(apart))


def content(form: NoteForm, kept: Shared, before: Iterable[Stands] | None, names: Mapping[uuid.UUID, str]) -> Content:
    """The same as the decider of a submission asks for it; `before` is what the version that stands holds."""
    was = None if before is None else {one.path: one.value for one in before}
    return Content(
        empty=not kept.places,
        unchanged=was == {one.path: one.value for one in kept.places},
        apart=[f"“{where(form, path, names)}”" for path in kept.apart],
    )


def _removed(path: str, by_path: dict[str, list[Stands]]) -> bool:
    found = read(path)
    if found is None or not found.item:
        return False
    heads = by_path.get(str(replace(found, part=REMOVED.key)), [])
    return bool(heads) and all(one.value is True for one in heads)

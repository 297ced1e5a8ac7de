"""The editor of a funder's form: what was typed as an export, and it with a column moved, added or removed."""

from dataclasses import replace

from app.domain.funding.mapping import FORMS, MOST_COLUMNS, SOURCES, Column, Export, Rows
from app.kit.typed import Typed

ADD, UP, DOWN, REMOVE = "add", "up", "down", "remove"
FIRST_SOURCE = "school"
USUAL: dict[Rows, tuple[str, ...]] = {
    Rows.LINE: ("urn", "school", "day", "rate", "quantity", "rate_amount", "amount", "because"),
    Rows.SCHOOL: ("urn", "school", "number", "lines", "amount"),
    Rows.SCHOOL_RATE: ("urn", "school", "rate", "quantity", "amount"),
    Rows.PROGRAMME: ("programme", "lines", "amount"),
}


def begun(name: str, rows: Rows) -> Export:
    """A new form with the usual columns for such rows."""
    return Export(name, rows, tuple(_column(SOURCES[source].label, source) for source in USUAL[rows]))


def _column(name: str, source: str, form: str = "", constant: str = "") -> Column:
    """A column; where its source cannot be written so, as that is usually written."""
    known = SOURCES.get(source)
    forms = FORMS[known.kind] if known else {}
    return Column(name, source, form if form in forms else next(iter(forms), form), constant)


def read(typed: Typed) -> Export:
    """What was typed: a name, what a row is, and columns in order; nothing is judged (mapping.faults_of does)."""
    found = []
    for place in range(MOST_COLUMNS + 1):
        start = f"columns.{place}."
        if not typed.every(f"{start}source"):
            break
        name, source, form, constant = (
            typed.text(f"{start}{field}")[:500] for field in ("name", "source", "form", "constant")
        )
        found.append(_column(name, source, form, constant))
    rows = typed.text("rows")
    chosen = Rows(rows) if rows in Rows._value2member_map_ else Rows.LINE
    return Export(typed.text("name")[:200], chosen, tuple(found))


def changed(export: Export, what: str) -> Export | None:
    """The export after a button: add, up.2, down.2 or remove.2; None for a button that is none of these."""
    verb, _, number = what.partition(".")
    columns = list(export.columns)
    if verb == ADD:
        return replace(export, columns=(*columns, _column("", FIRST_SOURCE)))
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
    if not 0 <= place < len(columns):
        return export if verb in {UP, DOWN, REMOVE} else None
    if verb == REMOVE:
        del columns[place]
    elif verb in {UP, DOWN}:
        there = min(max(place + (1 if verb == DOWN else -1), 0), len(columns) - 1)
        columns.insert(there, columns.pop(place))
    else:
        return None
    return replace(export, columns=tuple(columns))

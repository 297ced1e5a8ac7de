"""How a school is known to whoever pays: a supplier's number, typed or out of a table. Never bank details."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.imports import Rejected, folded, plain, rejected

LONGEST = 40
LONGEST_NAME = 120
_ODD = re.compile(r"[^A-Z0-9]+")  # what a finance system drops of a reference
MOST_ROWS = 5_000
_URNS = frozenset({"urn", "school urn", "school_urn"})
_REFERENCES = frozenset(
    {"reference", "finance reference", "supplier", "supplier number", "supplier no", "vendor", "vendor number"}
)
_NAMES = frozenset({"name", "finance name", "finance_name", "supplier name", "vendor name"})
# A sort code with or without an account behind it, and an IBAN: neither is ever kept.
_BANK = re.compile(r"\d{2}-\d{2}-\d{2}(\D*\d{6,10})?|\d{6}\s+\d{8}|[A-Z]{2}\d{2}[ ]?[A-Z]{4}[\d ]{10,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A school's reference, and its name in the finance system where that differs."""

    urn: int
    reference: str
    name: str = ""


def read_reference(text: str) -> str:
    """A reference without odd blanks. Raises ValueError with a sentence, also for what looks like bank details."""
    tidy = plain(text)
    if not tidy:
        raise ValueError("Enter the school's number in the finance system.")
    if len(tidy) > LONGEST:
        raise ValueError(f"Use at most {LONGEST} letters and numbers.")
    if _BANK.fullmatch(tidy):
        raise ValueError("This looks like bank details, which are never kept here: enter the supplier number instead.")
    return tidy


def read_table(
    rows: Iterable[tuple[int, Sequence[str]]], known: Mapping[int, str]
) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:
    """What a table says, and the cells that cannot be taken; `known` are the hub's schools by URN.

    With headings the columns are found by them (URN, Reference, Name), without any they stand in this order.
    """
    places = (0, 1, 2)
    found: dict[int, Entry] = {}
    wrong: list[Rejected] = []
    for count, (number, cells) in enumerate(rows):
        if count == 0 and (named := _headings(cells)):
            places = named
            continue
        if count > MOST_ROWS:
            wrong.append(rejected(number, "", "", f"At most {MOST_ROWS:,} rows are taken: split the table."))
            break
        urn_text, reference, name = (_cell(cells, place) for place in places)
        if not urn_text and not reference:
            continue
        answer = _entry(number, (urn_text, reference, name), known)
        if isinstance(answer, Rejected):
            wrong.append(answer)
        elif answer.urn in found and found[answer.urn] != answer:
            because = "The table has this school twice, with another reference above: keep one of the two."
            wrong.append(rejected(number, "Reference", reference, because))
        else:
            found[answer.urn] = answer
    return tuple(found.values()), tuple(wrong)


def _cell(cells: Sequence[str], place: int) -> str:
    return plain(cells[place]) if 0 <= place < len(cells) else ""


def _headings(cells: Sequence[str]) -> tuple[int, int, int] | None:
    """Where URN, reference and name stand; nothing where the row has no heading for URN."""
    said = [folded(cell) for cell in cells]

    def place(words: frozenset[str]) -> int:
        return next((at for at, word in enumerate(said) if word in words), -1)

    return (place(_URNS), place(_REFERENCES), place(_NAMES)) if place(_URNS) >= 0 else None


def _entry(number: int, cells: tuple[str, str, str], known: Mapping[int, str]) -> Entry | Rejected:
    urn_text, reference, name = cells
    if not (urn_text.isascii() and urn_text.isdigit() and len(urn_text) <= 7):
        return rejected(number, "URN", urn_text, "Enter the school's URN, a number of six figures.")
    if int(urn_text) not in known:
        because = "No school of this hub has this URN. Look it up on the list of payees."
        return rejected(number, "URN", urn_text, because)
    try:
        return Entry(int(urn_text), read_reference(reference), name[:LONGEST_NAME])
    except ValueError as problem:
        return rejected(number, "Reference", reference, str(problem))


def shared(references: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    """References that several schools (by URN) have, however they are written: the first school's writing, the URNs."""
    found: dict[str, list[int]] = {}
    for urn, reference in sorted(references.items()):
        if reference:
            found.setdefault(_ODD.sub("", reference.upper()), []).append(urn)
    return {references[urns[0]]: tuple(urns) for urns in found.values() if len(urns) > 1}


def shared_told(references: Mapping[int, str], schools: Mapping[int, str]) -> tuple[str, ...]:
    """A sentence for each reference that several schools have, which may be right where one trust is paid for them."""
    return tuple(
        f"{' and '.join(schools.get(urn, str(urn)) for urn in urns)} have the same reference, {reference}. If that is "
        "right, a payment must name the statement: by this number it is not known whose it is."
        for reference, urns in shared(references).items()
    )


def told(entries: Iterable[Entry]) -> str:
    """The entries as a table that `read_table` reads back: what a preview carries on to its confirmation."""
    return "".join(f"{one.urn}\t{one.reference}\t{one.name}\n" for one in entries)

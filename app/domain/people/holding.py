"""How a table is described: whose rows it holds, for how long, what people get to see of it, what erasing them does.

Source: UK GDPR, Articles 5(1)(e), 15 and 17; docs/rules/rights.md.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of somebody's rows in a table when they are erased."""

    DELETED = "goes"
    PSEUDONYM = "stays under a pseudonym"
    FORGOTTEN = "stays without its words"
    NOBODYS = "names nobody by itself"


class Says(StrEnum):
    """What a column with words holds, and so what erasing somebody does to it."""

    CODE = "a word of the program, a hash or a key: nobody is named in it"
    PUBLIC = "public facts of a school"
    TEXT = "written by people: name, address and phone are taken out wherever they stand"
    OWN = "emptied in the person's own rows; name, address and phone are taken out of all others"
    FILE = "bytes that are read, and emptied where they name the person"
    MADE = "made from other columns, and made anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table. `whose` names the person, or with `account` their account; `at` dates a row.

    `says` is what it is called under "What we hold about me", empty where it is not shown, and then `because` says why.
    `record` is the kind of record whose time decides how long it stays; empty: as long as what it belongs to.
    """

    table: str
    says: str = ""
    whose: str = ""
    account: bool = False
    at: str = ""
    record: str = ""
    fate: Fate = Fate.NOBODYS
    because: str = ""
    words: dict[str, Says] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # columns that no copy shows


def codes(names: str, **others: Says) -> dict[str, Says]:
    """Columns that hold words of the program, and others by name."""
    return {**dict.fromkeys(names.split(), Says.CODE), **others}


def texts(names: str, codes: str = "", own: str = "") -> dict[str, Says]:
    """Columns that people write in, those of the program's own words, and those about the row's person alone."""
    return {
        **dict.fromkeys(codes.split(), Says.CODE),
        **dict.fromkeys(names.split(), Says.TEXT),
        **dict.fromkeys(own.split(), Says.OWN),
    }

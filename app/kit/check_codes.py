"""Check codes: twelve symbols that a person can read aloud and type, the last of which tells a slip of the hand.

Eleven symbols are 55 random bits in Crockford's base 32, which has no I, L, O or U. The twelfth makes the sum of all,
each weighted by a power of two in the field of 32 elements, nothing: one wrong symbol, or two that changed places,
never fit.
"""

import secrets
from dataclasses import dataclass

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u2011": None, "\u2013": None})
_FIELD = 0b100101  # x^5 + x^2 + 1


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody typed: the code it means, or why it cannot be one."""

    code: str
    because: str = ""


def new_code() -> str:
    """A code that nobody can guess, without its hyphens."""
    body = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH - 1))
    return body + _check(body)


def shown(code: str) -> str:
    """The code in fours: K7QM-3XR9-T2WA."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(text: str) -> Read:
    """The code that was meant: capitals or not, with or without hyphens, O for 0 and I or L for 1."""
    plain = "".join(text.split()).upper().translate(_MEANT)
    strange = sorted({symbol for symbol in plain if symbol not in SYMBOLS})
    if strange:
        return Read("", f"A code has digits and capital letters without U; this has {', '.join(strange[:3])} in it.")
    if len(plain) != LENGTH:
        return Read("", f"A code has {LENGTH} symbols, in three groups of four; this has {len(plain)}.")
    if plain[-1] != _check(plain[:-1]):
        return Read("", "One symbol is mistyped, or two have changed places. Read the code on the paper again.")
    return Read(plain)


def _check(body: str) -> str:
    total, weight = 0, 1
    for symbol in reversed(body):
        weight = _times(weight, 2)
        total ^= _times(SYMBOLS.index(symbol), weight)
    return SYMBOLS[total]


def _times(one: int, other: int) -> int:
    """The product in the field of 32 elements."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (_FIELD if one & 16 else 0)
        other >>= 1
    return product

"""Amounts in whole pence: how they are rounded, shared out, spoken and read (docs/rules/money.md, "Rounding")."""

import re
from collections.abc import Sequence
from itertools import repeat

MOST_PENCE = 1_000_000_000_00  # a thousand million pounds: more than that is a slip of the finger
_AMOUNT = re.compile(r"(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)?(?:\.(?P<pence>\d{1,2}))?")
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})  # bank files hold typeset minus signs


def half_up(pence: int, of: int) -> int:
    """The pence divided by `of`, rounded; a half goes away from nought: taking back is the mirror of paying."""
    whole, rest = divmod(abs(pence), of)
    rounded = whole + (2 * rest >= of)
    return -rounded if pence < 0 else rounded


def parts(pence: int, weights: Sequence[int]) -> list[int]:
    """The pence shared out by weight, as whole pence that sum to it exactly; weights are not negative.

    Each part is rounded down; the pence left over go, one each, to the largest remainders, the earlier part first.
    Without any weight the first part takes all. Raises ValueError when there is nobody to share with.
    """
    if not weights:
        raise ValueError("an amount is shared among one part or more")
    total = sum(weights)
    if not total:
        return [pence, *repeat(0, len(weights) - 1)]
    sign = -1 if pence < 0 else 1
    shares = [divmod(abs(pence) * weight, total) for weight in weights]
    left = abs(pence) - sum(whole for whole, _ in shares)
    first = set(sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))[:left])
    return [sign * (whole + (place in first)) for place, (whole, _) in enumerate(shares)]


def pounds(pence: int) -> str:
    """£1,234.50, or -£12.00."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{rest:02d}"


def read_pence(text: str) -> int:
    """Pence out of an amount as banks and people write it: 1,234.50, £12, -3.20, (3.20), 3.20-, 3.20 DR or CR.

    Raises ValueError with a sentence, also for a comma in another place than before three digits.
    """
    said = _BLANKS.sub("", text).translate(_MINUS).upper()
    if not said:
        raise ValueError("The amount is empty: enter it in pounds, such as 1,234.50.")
    signs = 0
    if said.startswith("(") and said.endswith(")"):
        said, signs = said[1:-1], 1
    for ending, minus in (("CR", 0), ("DR", 1), ("-", 1), ("+", 0)):
        if said.endswith(ending):
            said, signs = said.removesuffix(ending), signs + minus
            break
    for start in ("£", "GBP", "-", "+", "£", "GBP"):
        if said.startswith(start):
            said, signs = said.removeprefix(start), signs + (start == "-")
    found = _AMOUNT.fullmatch(said)
    if found is None or signs > 1 or not said or said == ".":
        raise ValueError(f"“{text.strip()[:40]}” is not an amount: enter it in pounds, such as 1,234.50 or -12.00.")
    whole = int((found["pounds"] or "0").replace(",", "")[:20])
    pence = whole * 100 + int((found["pence"] or "0").ljust(2, "0"))
    if pence > MOST_PENCE:
        raise ValueError(f"“{text.strip()[:40]}” is more than any payment: look at where its point stands.")
    return -pence if signs else pence

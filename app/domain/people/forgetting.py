"""Who is left of somebody who is erased, and how their name, address and phone are found wherever people wrote them.

The patterns are read alike by PostgreSQL's regular expressions and by Python's. Source: docs/rules/rights.md.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access import Role

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SHORTEST_PHONE = 7
BEFORE = r"(?:(?<!\w)|(?<=\\[nrtbf]))"  # also after a line break as JSON writes it
BETWEEN = r"(?:\s|[._+,-]|\\[nrt]|&nbsp;|%20)+"
APART = r"[\s().-]{0,3}"
INSTEAD = {"name": "[name removed]", "address": "[address removed]", "number": "[number removed]"}


def pseudonym(person_id: uuid.UUID, roles: Iterable[Role]) -> str:
    """Former participant 7F3K: what stays of a name. The same for the same person, and leads back to nobody."""
    digest = hashlib.sha256(person_id.bytes).digest()
    code = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:4])
    kept = set(roles)
    if kept - {Role.PARTICIPANT, Role.HEADTEACHER}:
        return f"Former colleague {code}"
    return f"Former headteacher {code}" if Role.HEADTEACHER in kept else f"Former participant {code}"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: patterns, and of which kind each is (name, address, number)."""

    patterns: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def any(self) -> str:
        """One pattern for all of them."""
        return "|".join(self.patterns)

    def found_in(self, text: str) -> bool:
        """Whether a text names the person."""
        return bool(self.patterns) and re.search(self.any, text, re.IGNORECASE) is not None

    def removed_from(self, text: str) -> str:
        """The text without the person."""
        for pattern, kind in zip(self.patterns, self.kinds, strict=True):
            text = re.sub(pattern, INSTEAD[kind], text, flags=re.IGNORECASE)
        return text


def sought(name: str, emails: Iterable[str], phone: str, also: Iterable[str] = ()) -> Sought:
    """The patterns of somebody; `also` are further words by which they are known."""
    found: list[tuple[str, str]] = []
    found += [("address", _address(one)) for one in dict.fromkeys(one.strip().lower() for one in emails) if one]
    digits = re.sub(r"\D", "", phone)
    if len(digits) >= SHORTEST_PHONE:
        found.append(("number", _number(digits)))
    for words in dict.fromkeys(one.strip() for one in (name, *also) if one.strip()):
        found += [("name", pattern) for pattern in _names(words.split())]
    return Sought(tuple(pattern for _, pattern in found), tuple(kind for kind, _ in found))


def _names(words: list[str]) -> list[str]:
    orders = [words] if len(words) == 1 else [words, [words[-1], *words[:-1]]]
    return [BEFORE + BETWEEN.join("".join(map(_letter, word)) for word in order) + r"(?!\w)" for order in orders]


def _letter(letter: str) -> str:
    """A letter in either case, composed or not, and as JSON and HTML may write it."""
    if letter in "'\u2019":
        return r"(?:'|\u2019|&#39;|&#x27;|&rsquo;)".replace(r"\u2019", "\u2019")
    if letter.isascii():
        return re.escape(letter)
    forms = {letter, letter.lower(), letter.upper()}
    forms |= {unicodedata.normalize(form, one) for one in tuple(forms) for form in ("NFC", "NFD")}
    written = sorted(forms | {_in_json(one) for one in forms}, key=lambda one: (-len(one), one))
    return "(?:" + "|".join(re.escape(one) for one in written) + ")"


def _in_json(text: str) -> str:
    return "".join(one if one.isascii() else f"\\u{ord(one):04x}" for one in text)


def _address(email: str) -> str:
    name, _, domain = email.partition("@")
    at = "(?:@|%40)" if domain else ""
    return r"(?<![\w.+-])" + re.escape(name) + at + re.escape(domain) + r"(?![\w-])"


def _number(digits: str) -> str:
    """A phone number however it is spaced, with or without the country's code."""
    own = digits.removeprefix("0044").removeprefix("44") if digits.startswith(("0044", "44")) else digits
    own = own.removeprefix("0")
    return r"(?<!\d)(?:(?:\+|00)?44" + APART + r"0?|0)?" + APART + APART.join(own) + r"(?!\d)"

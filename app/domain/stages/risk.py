"""Rules of risk: plain sentences about a school that a lead can read, switch off and change. Never about a person.

Source: docs/rules/risk.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """What a rule says of a school: the rule's key, and a sentence that names nobody."""

    key: str
    says: str

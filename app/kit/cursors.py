"""Where a list goes on: the sort values of its last row, as one opaque word."""

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from app.kit.errors import BadInputError, Fault

Value = str | int | uuid.UUID | date | datetime
WHY = "This list cannot go on from here. Send the value of `next` from the answer before, unchanged."


def cursor(values: Sequence[Value]) -> str:
    """The word for these sort values."""
    written = [value if isinstance(value, int) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(written).encode()).decode().rstrip("=")


def read_cursor(word: str, kinds: Sequence[type]) -> tuple[Value, ...]:
    """The sort values of a word; raises BadInputError for any word that `cursor` did not make."""
    try:
        written = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        return tuple(_read(value, kind) for value, kind in zip(list(written), kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadInputError(WHY, (Fault("/query/after", WHY),)) from None


def _read(value: object, kind: type) -> Value:
    if kind is int:
        if not isinstance(value, int) or abs(value) >= 2**31:
            raise ValueError("out of range")
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text")
    value.encode()  # half a surrogate pair is no text
    if kind is uuid.UUID:
        return uuid.UUID(value)
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a time without a zone is refused")
        return moment
    return date.fromisoformat(value) if kind is date else value

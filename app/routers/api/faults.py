"""What was sent and cannot be read, as sentences with a place for each."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from app.kit.errors import BadInputError, Fault

SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "This name is not known here. /docs tells the names that are.",
    "int_parsing": "Write a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_type": "Write a whole number, without quotation marks.",
    "int_from_float": "Write a whole number.",
    "bool_type": "Write true or false, without quotation marks.",
    "bool_parsing": "Write true or false.",
    "string_type": "Write text, in quotation marks.",
    "string_unicode": "This text holds a sign that does not exist.",
    "string_pattern_mismatch": "This is not written as it must be. /docs shows how.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "Use at least {min_length} characters.",
    "too_long": "Use at most {max_length}.",
    "too_short": "Use at least {min_length}.",
    "greater_than_equal": "Use {ge} or more.",
    "less_than_equal": "Use {le} or less.",
    "literal_error": "Use {expected}.",
    "uuid_parsing": "This is no id. Lists tell the ids.",
    "uuid_type": "This is no id. Lists tell the ids.",
    "list_type": "Write a list, in square brackets.",
    "dict_type": "Write names and values, in curly brackets.",
    "model_attributes_type": "Write names and values, in curly brackets.",
    "model_type": "Write names and values, in curly brackets.",
    "json_invalid": "This is not JSON: {error}.",
    "date_parsing": "Write the day like 2026-11-26.",
    "date_from_datetime_parsing": "Write the day like 2026-11-26.",
    "date_from_datetime_inexact": "Write the day like 2026-11-26, without a time.",
    "datetime_parsing": "Write the moment like 2026-11-26T09:15:00Z.",
    "datetime_from_date_parsing": "Write the moment like 2026-11-26T09:15:00Z.",
    "timezone_aware": "Write the moment with its zone, like 2026-11-26T09:15:00Z.",
}


def unreadable(request: Request, error: RequestValidationError) -> BadInputError:
    """The error for whoever sent it: JSON pointers for the API, field names for forms."""
    is_api = request.url.path.startswith("/api/")
    faults = tuple(Fault(_place(one["loc"], is_api=is_api), _because(one)) for one in error.errors())
    return BadInputError("Some of what was sent cannot be read.", faults)


def _place(where: tuple[Any, ...], *, is_api: bool) -> str:
    source, *rest = where or ("body",)
    steps = [str(step) for step in rest]
    if not is_api:
        return ".".join(steps) or "body"
    if source == "body":
        is_offset = len(rest) == 1 and isinstance(rest[0], int)
        return "" if is_offset else "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
    return "/" + "/".join([str(source), *steps])


def _because(one: Mapping[str, Any]) -> str:
    told = one.get("ctx", {})
    if one["type"] == "value_error":
        return str(told.get("error", one["msg"]))
    sentence = SENTENCES.get(one["type"])
    return sentence.format(**told) if sentence else str(one["msg"])

"""Texts typeset as PDF, by Typst: tagged (PDF/UA-1), from templates that get texts as data and never as markup."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import typst

from app.render.html import TEMPLATES

_MISSING = re.compile(r'the text `?"((?:[^"\\]|\\.)*)"`? could not be displayed')
_LETTER = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENDLESS = re.compile(r"\S{60}(?=\S)")


def typeset(template: str, data: dict[str, Any], at: datetime) -> bytes:
    """The document of a template in templates/, made at this time: equal facts and times make equal bytes.

    Characters that no font here draws are told by their names, for PDF/UA has no empty boxes.
    """
    unseen: set[str] = set()
    for _ in range(6):
        try:
            return _compiled(template, _each(data, partial(_named, unseen=frozenset(unseen))), at)
        except typst.TypstError as problem:
            found = _undrawn(problem) - unseen
            if not found:
                raise
            unseen |= found
    return _compiled(template, _each(data, _latin), at)


def _compiled(template: str, data: Any, at: datetime) -> bytes:
    made: Any = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=at.replace(microsecond=0),
    )
    return bytes(made)


def _each(data: Any, change: Callable[[str], str]) -> Any:
    """The same shape with every text changed. Words too long for a line may be broken, or they would leave the page."""
    if isinstance(data, str):
        plain = _NEVER.sub("", data.replace("\r\n", "\n").replace("\r", "\n"))
        return change(_ENDLESS.sub("\\g<0>\u200b", plain))
    if isinstance(data, dict):
        return {key: _each(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_each(value, change) for value in data]
    return data


def _undrawn(problem: typst.TypstError) -> set[str]:
    """The characters that Typst found no font for."""
    told = f"{problem.message}\n{problem.diagnostic}"
    texts = (_LETTER.sub(lambda one: chr(int(one[1], 16)), text) for text in _MISSING.findall(told))
    return {character for text in texts for character in text if not character.isascii()}


def _named(text: str, unseen: frozenset[str]) -> str:
    return "".join(_name(one) if one in unseen else one for one in text) if unseen else text


def _name(character: str) -> str:
    """(grinning face); nothing for joiners and marks that only change others."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Sk", "Co", "Cn"}:
        return ""
    return f"({unicodedata.name(character, 'a character').lower()})"


def _latin(text: str) -> str:
    return "".join(one if one in "\n\t" or " " <= one < "\u0250" else _name(one) for one in text)

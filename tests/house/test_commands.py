"""Every command that a document shows can be typed."""

import re

import pytest
import typer.main

from app.cli import _assemble
from tests.house.reading import kept, shown

SHOWN = re.compile(r"(?:\.venv/bin/|^    |`)halfterm((?: [a-z][a-z-]*)+)", re.MULTILINE)


def unknown(text: str, known: set[tuple[str, ...]]) -> list[str]:
    """Commands the text shows and nobody can type; words after a command are its arguments."""
    told = [tuple(found.split()) for found in SHOWN.findall(text)]
    return [" ".join(words) for words in told if not any(words[: len(one)] == one for one in known)]


@pytest.fixture(scope="module")
def known() -> set[tuple[str, ...]]:
    return set(_paths(typer.main.get_command(_assemble()), ()))


def _paths(command: object, above: tuple[str, ...]) -> list[tuple[str, ...]]:
    below = getattr(command, "commands", None)
    return [above] if not below else [path for name in below for path in _paths(below[name], (*above, name))]


def test_documents_show_only_commands_that_exist(known: set[tuple[str, ...]]) -> None:
    faults = [
        f"{shown(path)}: halfterm {one}" for path in kept(suffix=".md") for one in unknown(path.read_text(), known)
    ]
    assert not faults, "\n".join(faults)


def test_a_command_that_does_not_exist_is_found() -> None:
    assert unknown("Run `halfterm hub rename SW`", {("hub", "create")}) == ["hub rename"]
    assert not unknown("    halfterm hub create SW", {("hub", "create")})

"""Migrations are numbered records that stand on their own: later code must not change what they did."""

import ast
from pathlib import Path

import pytest

from tests.house.reading import ROOT, kept

FOLDER = ROOT / "migrations" / "versions"


def migrations() -> list[Path]:
    return sorted(path for path in kept("migrations/versions") if path.name != "__init__.py")


def set_to(source: str, name: str) -> object:
    """The constant a module sets at its top, or None."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return None


def taken_from_app(source: str) -> list[int]:
    lines = []
    for node in ast.walk(ast.parse(source)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        lines += [node.lineno for name in names if name.split(".")[0] == "app"]
    return lines


def misnumbered(names: list[str], sources: list[str]) -> list[str]:
    """What is wrong with the chain: names in order 0001_..., revision = number, each on the one before."""
    faults = []
    for place, (name, source) in enumerate(zip(names, sources, strict=True), start=1):
        number, before = f"{place:04}", f"{place - 1:04}" if place > 1 else None
        if not name.startswith(f"{number}_"):
            faults.append(f"{name}: should begin with {number}_")
        if set_to(source, "revision") != number:
            faults.append(f"{name}: revision should be {number!r}")
        if set_to(source, "down_revision") != before:
            faults.append(f"{name}: down_revision should be {before!r}")
    return faults


def test_migrations_are_one_numbered_chain() -> None:
    paths = migrations()
    assert not misnumbered([path.name for path in paths], [path.read_text() for path in paths])


def test_head_names_the_last_migration() -> None:
    assert (ROOT / "migrations" / "HEAD").read_text().strip() == migrations()[-1].stem


def test_migrations_import_nothing_from_the_application() -> None:
    assert not [(path.name, line) for path in migrations() for line in taken_from_app(path.read_text())]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("0002_wall.py", 'revision = "0001"\ndown_revision = None\n'),
        ("0001_first.py", 'revision = "abc"\ndown_revision = None\n'),
        ("0001_first.py", 'revision = "0001"\ndown_revision = "0000"\n'),
    ],
)
def test_a_broken_chain_is_found(name: str, source: str) -> None:
    assert misnumbered([name], [source])
    assert not misnumbered(["0001_first.py"], ['revision: str = "0001"\ndown_revision = None\n'])


@pytest.mark.parametrize("source", ["from app.models import School", "import app.models"])
def test_an_import_from_the_application_is_found(source: str) -> None:
    assert taken_from_app(source)

"""What we stand on: pinned, locked with hashes, from no named address, each with its why."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.reading import ROOT, kept, kept_files, shown, syntax

ADDRESS = re.compile(
    r"https?://[^\s\"']*(?:pypi|npmjs|pythonhosted|registry|simple/)|--(?:extra-)?index-url|^registry=", re.MULTILINE
)
LOCKS = ("requirements.lock", "requirements-node.lock")
COMES_ALONG = {"pydantic", "starlette", "psycopg-pool"}  # parts of fastapi and psycopg: a second pin could only clash


def asked() -> dict[str, list[str]]:
    """The packages the project asks for itself, by what for: to run, to develop, to build."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = told["project"]
    return {"run": project["dependencies"], **project["optional-dependencies"], **told["dependency-groups"]}


def pins() -> dict[str, str]:
    """Every package asked for, with its version."""
    return dict(pinned(line) for lines in asked().values() for line in lines)


def pinned(line: str) -> tuple[str, str]:
    """`psycopg[binary]==3.3.9` as name and version; anything but an exact pin is refused."""
    found = re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z,]+\])?==([\w.]+)", line)
    assert found, f"{line} is not an exact pin (name==version)"
    return found[1], found[2]


def locked(text: str) -> dict[str, set[str]]:
    """Name and versions in a lock file; a package may have two, for two Pythons."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)", text, re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def lock_texts() -> str:
    return "\n".join((ROOT / name).read_text() for name in LOCKS)


def foreign(source: str) -> set[str]:
    """The packages outside Python and this project that a module imports, by their first name."""
    names = {module.split(".")[0] for module, _ in syntax(source).imports}
    return names - set(sys.stdlib_module_names) - {"app", "tests", "bench"}


def test_the_lock_holds_every_pin() -> None:
    held = locked(lock_texts())
    stale = [f"{name}=={version}" for name, version in pins().items() if version not in held.get(name, set())]
    assert not stale, f"not in the lock (make lock): {stale}"


def test_every_locked_package_has_hashes() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock_texts().strip())
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_no_file_names_a_registry() -> None:
    own = ROOT / "tests" / "house" / "test_packages.py"
    suffixes = {".lock", ".json", ".toml", ".txt", ".md", ".py", ".mjs", ".js", ".cfg", ".ini", ".html", ".yml", ""}
    readable = [path for path in kept_files() if (path.suffix in suffixes or path.name.startswith(".")) and path != own]
    faults = [shown(path) for path in readable if ADDRESS.search(path.read_text(errors="replace"))]
    assert not faults, f"packages come by name, wherever the machine gets them from: {faults}"


def test_the_application_imports_only_what_it_pins() -> None:
    runtime = {pinned(line)[0] for line in asked()["run"]} | COMES_ALONG
    homes = packages_distributions()
    strays = {
        f"{shown(path)}: {name}"
        for path in kept("app", "migrations")
        for name in foreign(path.read_text())
        if not runtime & {home.lower().replace("_", "-") for home in homes.get(name, [])}
    }
    assert not strays, f"pin these in pyproject.toml, for a package of a package may go: {sorted(strays)}"


def test_every_pin_has_its_why() -> None:
    told = (ROOT / "docs" / "decisions" / "0006-dependencies.md").read_text()
    assert not [name for name in pins() if f"| {name} " not in told]


@pytest.mark.parametrize("line", ["rich", "rich>=15", "rich~=15.0"])
def test_a_loose_pin_is_refused(line: str) -> None:
    with pytest.raises(AssertionError, match="exact pin"):
        pinned(line)


@pytest.mark.parametrize("text", ["https://registry.npmjs.org/sass", "--index-url x", "https://pypi.org/simple"])
def test_an_address_is_found(text: str) -> None:
    assert ADDRESS.search(text)

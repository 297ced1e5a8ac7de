"""The Makefile and the documents that lean on it say the same."""

import re
import subprocess

import pytest

from tests.house.reading import ROOT, kept, shown

MAKEFILE = (ROOT / "Makefile").read_text()
EVERY_SETTING = re.compile(r"^\| `([A-Z_]+)` ", re.MULTILINE)


def targets(text: str) -> set[str]:
    return set(re.findall(r"^([a-z]+):(?!=)", text, re.MULTILINE))


def silent_targets(text: str) -> set[str]:
    """Targets that a person may call but whose line tells nothing."""
    return targets(text) - set(re.findall(r"^([a-z]+):.* ## \w", text, re.MULTILINE))


def commands(text: str) -> set[str]:
    """What a document tells people to `make`: in code, where it is a command."""
    told = re.findall(r"(?:^(?:    |\$ )|`)make ([a-z ]+)", text, re.MULTILINE)
    return {name for names in told for name in names.split()}


def test_every_target_tells_what_it_does() -> None:
    assert not silent_targets(MAKEFILE)
    assert silent_targets("a: b\n\ttrue\n") == {"a"}


def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines()} == targets(MAKEFILE)


def test_documents_name_only_targets_that_exist() -> None:
    faults = [
        f"{shown(path)}: make {name}"
        for path in kept(suffix=".md")
        for name in commands(path.read_text()) - targets(MAKEFILE)
    ]
    assert not faults, "\n".join(faults)
    assert commands("Run `make dmeo` or\n\n    make test\n") == {"dmeo", "test"}


def test_every_rule_that_is_off_carries_its_reason() -> None:
    assert not reasonless((ROOT / "pyproject.toml").read_text())


def reasonless(text: str) -> list[str]:
    """Lines in ruff's lists of ignored rules without a comment that says why."""
    lists = re.findall(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    section = text.partition("[tool.ruff.lint.per-file-ignores]")[2].partition("\n[")[0]
    lines = "\n".join([*lists, section]).splitlines()
    return [line for line in lines if re.search(r'"[A-Z]+\d*"', line) and not re.search(r"""# ["\w]""", line)]


@pytest.mark.parametrize("text", ['ignore = [\n    "D100",\n]\n', '[tool.ruff.lint.per-file-ignores]\n"x" = ["D"]\n'])
def test_a_rule_without_a_reason_is_found(text: str) -> None:
    assert reasonless(text)


def test_a_silenced_line_says_why() -> None:
    quiet = re.compile(r"# noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\s+\W*\w)")
    faults = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in kept("app", "bench", "migrations")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if quiet.search(line)
    ]
    assert not faults, "\n".join(faults)
    assert quiet.search("x = 1  # noqa: E501")
    assert not quiet.search("x = 1  # noqa: E501  one address is one line")


def test_the_floors_hold() -> None:
    held = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert held.returncode == 0, held.stdout + held.stderr


def test_every_setting_is_documented() -> None:
    from app.settings import Settings

    told = set(EVERY_SETTING.findall((ROOT / "docs" / "operations.md").read_text()))
    known = {"PORT" if name == "port" else f"HALFTERM_{name.upper()}" for name in Settings.model_fields}
    assert known <= told, f"not in docs/operations.md: {sorted(known - told)}"


def test_decisions_are_numbered_and_say_what_enforces_them() -> None:
    decisions = sorted(kept("docs/decisions", suffix=".md"))
    numbers = [path.name[:4] for path in decisions]
    assert numbers == [f"{place:04}" for place in range(1, len(decisions) + 1)]
    assert not [path.name for path in decisions if "## Enforced by" not in path.read_text()]


def test_what_enforces_a_decision_exists() -> None:
    faults = [
        f"{path.name}: {name}"
        for path in kept("docs/decisions", suffix=".md")
        for name in re.findall(r"`((?:tests|app|migrations|bench)/[\w/.]+)`", path.read_text())
        if not (ROOT / name).exists()
    ]
    assert not faults, "\n".join(faults)

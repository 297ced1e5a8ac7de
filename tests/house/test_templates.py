"""A template sees one name, `page`; each field it reads exists, each field of a page is shown, nothing is inline."""

import dataclasses
import re
from pathlib import Path

import pytest
from jinja2 import meta

from app.render.html import TEMPLATES, environment
from tests.house.reading import kept, shown
from tests.house.templates import Reading, declared, pages_by_template, parsed, read, unknown_names

OURS = kept("templates", suffix=".html")
NEVER = {
    "a script without a file": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\s(?:on[a-z]+|(?:data-)?hx-on[a-z:-]*)\s*=", re.IGNORECASE),
    "a script in an address": re.compile(r"javascript:|['\"]js:", re.IGNORECASE),
}
SHOWN_ELSEWHERE: dict[str, set[str]] = {  # template -> fields that only JSON and CSV show, with a reason beside each
    "schedule/elsewhere.html": {"days", "on"},  # for the script of the year's grid; the page pages them as `places`
}


def lines(faults: list[str]) -> str:
    return "\n".join(faults)


def test_every_template_parses_and_finds_its_parts() -> None:
    for path in OURS:
        for part in meta.find_referenced_templates(parsed(path.read_text("utf-8"))):
            assert part, f"{shown(path)}: a part whose name is worked out cannot be checked"
            environment().get_template(part)


def test_a_template_sees_one_name() -> None:
    given = {"page", *environment().globals}
    faults = [
        f"{shown(path)}: {name}" for path in OURS for name in sorted(unknown_names(path.read_text("utf-8")) - given)
    ]
    assert not faults, lines(faults)


def test_a_name_from_nowhere_is_found() -> None:
    assert unknown_names("{% set kept = 1 %}{{ page.x }}{{ kept }}{{ lost }}{% macro m(a) %}{{ a }}{% endmacro %}") == {
        "page",
        "lost",
    }


def test_each_field_that_a_template_reads_exists() -> None:
    faults = [fault for path in OURS for fault in read(path).faults]
    assert not faults, lines(faults)


def test_each_field_of_a_page_is_shown() -> None:
    faults = []
    for template, pages in pages_by_template().items():
        if not (TEMPLATES / template).is_file():
            continue  # the next test names it
        used = read(TEMPLATES / template).used | SHOWN_ELSEWHERE.get(template, set())
        for page in pages:
            unused = {field.name for field in dataclasses.fields(page)} - used
            faults += [f"{page.__name__}.{name} is not shown in {template}" for name in sorted(unused)]
    assert not faults, lines(faults)


def test_every_template_belongs_to_a_page_or_is_a_part() -> None:
    names = {path.relative_to(TEMPLATES).as_posix() for path in OURS}
    pages = {name for name in names if not name.startswith("_parts/")}
    included = {part for path in OURS for part in meta.find_referenced_templates(parsed(path.read_text("utf-8")))}
    assert pages - included <= set(pages_by_template()), sorted(pages - included - set(pages_by_template()))
    assert set(pages_by_template()) <= names, sorted(set(pages_by_template()) - names)


@pytest.mark.parametrize("what", NEVER)
def test_nothing_is_inline(what: str) -> None:
    faults = [shown(path) for path in OURS if NEVER[what].search(path.read_text("utf-8"))]
    assert not faults, f"{what}: {lines(faults)}"


def test_every_part_says_what_it_takes() -> None:
    takes = re.compile(r"{% macro (\w+)\([^)]+\) %}")
    faults = []
    for path in (TEMPLATES / "_parts").glob("*.html"):
        source = path.read_text("utf-8")
        faults += [f"{path.name}: {name}" for name in takes.findall(source) if name not in declared(source)]
    assert not faults, lines(faults)


def test_a_field_that_does_not_exist_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.templates.TEMPLATES", tmp_path)
    (tmp_path / "home").mkdir()
    front = tmp_path / "home/front.html"
    front.write_text("{% for need in page.demo %}{% endfor %}{{ page.title }}{{ page.chrome.hubs }}")
    found: Reading = read(front)
    assert found.faults == [
        "home/front.html: line 1: FrontPage has no title",
        "home/front.html: line 1: Chrome has no hubs",
    ]
    assert found.used == {"demo", "title"}


def test_types_are_followed_into_loops_and_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.templates.TEMPLATES", tmp_path)
    part = tmp_path / "part.html"
    part.write_text(
        "{% macro draw(grid) %}\n{# grid: app.pages.meetings.year_grid.YearGrid #}\n"
        "{% for row in grid.rows %}{% for cell in row.cells %}{{ cell.colour }}{% endfor %}{% endfor %}{% endmacro %}"
    )
    assert read(part).faults == ["part.html: line 3: GridCell has no colour"]

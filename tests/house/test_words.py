"""The glossary's "Do not say" table, held against templates and every string that can reach a person."""

import re

import pytest

from tests.house.reading import ROOT, kept, shown, syntax

NOT_SHOWN = re.compile(r"{#.*?#}|<!--.*?-->|\b(?:class|id|name|for|href)=\"[^\"]*\"", re.DOTALL)


def forbidden_words() -> tuple[str, ...]:
    """The first column of the table under "Do not say", in bold."""
    section = (ROOT / "docs" / "glossary.md").read_text().split("## Do not say", 1)[1].split("\n## ", 1)[0]
    return tuple(re.findall(r"^\| \*\*([^*]+)\*\*", section, re.MULTILINE))


def said(text: str, words: tuple[str, ...]) -> list[str]:
    """Which of the words the text says: whole words, also in the plural; `score-card` and `score_id` are names."""
    one_of = "|".join(re.escape(word) for word in words)
    return re.findall(rf"(?<![\w-])(?:{one_of})s?(?![\w-])", text, re.IGNORECASE)


def seen(text: str) -> bool:
    """Whether a string of the code reads like words for a person rather than a key or a column."""
    return " " in text.strip() or text[:1].isupper()


def test_the_glossary_forbids_words() -> None:
    assert {"grade", "score", "rank", "invalid", "entity", "payload"} <= set(forbidden_words())


def test_templates_say_nothing_forbidden() -> None:
    words = forbidden_words()
    faults = [
        f"{shown(path)}: says {word!r}; docs/glossary.md tells what to say"
        for suffix in (".html", ".txt", ".jinja")
        for path in kept("templates", suffix=suffix)
        for word in said(NOT_SHOWN.sub(" ", path.read_text()), words)
    ]
    assert not faults, "\n".join(faults)


def test_the_code_says_nothing_forbidden_to_people() -> None:
    words = forbidden_words()
    faults = [
        f"{shown(path)}:{line}: says {word!r}; docs/glossary.md tells what to say"
        for path in kept("app")
        for text, line in syntax(path.read_text()).strings
        if seen(text)
        for word in said(text, words)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("text", ["Score", "Two scores were given", "That date is Invalid."])
def test_a_forbidden_word_is_found(text: str) -> None:
    assert said(text, ("score", "invalid"))
    assert seen(text)


@pytest.mark.parametrize("text", ["scored", "score_id", "underscore", 'class="score-card"'])
def test_a_word_inside_a_name_is_let_be(text: str) -> None:
    assert not said(text, ("score",))

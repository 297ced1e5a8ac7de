"""Words in braces: the links that a message opens, and what a writer says of each reader."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

WORD = re.compile(r"\{([a-z0-9][a-z0-9 _-]*)\}")
PERSONAL = {
    "name": "the reader's name",
    "group": "their Work Group",
    "next meeting": "when and where their next meeting is",
}

Sign = Callable[[str, str], str]


def addresses(links: Mapping[str, Any], address: str, sign: Sign) -> dict[str, str]:
    """The address behind each word: a page's, or a personal link's as `sign(kind, id)` makes it."""
    return {
        word: address + one["id"]
        if one["kind"] == "page"
        else f"{address}/{one['kind']}/{sign(one['kind'], one['id'])}"
        for word, one in links.items()
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with these words replaced, in one pass; any other stays as it is."""
    return WORD.sub(lambda found: values.get(found[1], found[0]), text)


def strange(text: str, known: Iterable[str] = PERSONAL) -> list[str]:
    """The words in braces that nobody can fill, in order, each once."""
    return [word for word in dict.fromkeys(WORD.findall(text)) if word not in set(known)]


def without_links(text: str, links: Mapping[str, Any]) -> str:
    """The text for other eyes: a personal link is named and not told."""
    return filled(text, {word: "[personal link]" if one["kind"] != "page" else "[link]" for word, one in links.items()})


def joined(pieces: Iterable[tuple[str, str, Mapping[str, Any]]]) -> tuple[str, dict[str, Any]]:
    """Messages (subject, text, links) as one, in order: each under its subject, and its links as its own."""
    texts: list[str] = []
    every: dict[str, Any] = {}
    for number, (subject, text, links) in enumerate(pieces, start=1):
        own = {word: f"{number}-{word}" for word in links}
        every |= {own[word]: one for word, one in links.items()}
        inner = filled(_bare(text), {word: "{" + name + "}" for word, name in own.items()})
        texts.append(f"{subject}\n{'-' * min(len(subject), 60)}\n\n{inner}")
    return "\n\n".join(texts), every


def _bare(text: str) -> str:
    """A letter without its greeting and its close."""
    paragraphs = text.strip().split("\n\n")
    if len(paragraphs) > 1 and re.fullmatch(r"(Hello|Dear)\b[^.\n]{0,80}", paragraphs[0]):
        paragraphs = paragraphs[1:]
    if len(paragraphs) > 1 and paragraphs[-1].strip() == "Halfterm":
        paragraphs = paragraphs[:-1]
    return "\n\n".join(paragraphs)

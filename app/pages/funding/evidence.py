"""Where the evidence of a line is shown, and what it is called. Each door asks again who may come in."""

from dataclasses import dataclass

from app.domain.funding.evidence import KINDS, read


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """One piece of evidence in words; `href` is empty where nothing here shows it."""

    words: str
    href: str


def evidence_href(hub_code: str, name: str, *, office: bool = True) -> str:
    """The page that shows what a fact's id names; empty for what was never kept here.

    What only the `office` opens leads others to the event or enrolment that it is about.
    """
    found = read(name)
    if found is None:
        return ""
    home, first = f"/hubs/{hub_code}", found.ids[0]
    if found.planned and found.kind not in {"attendance", "event"}:
        return ""
    return {
        "attendance": f"{home}/events/{first}/attendance",
        "event": f"{home}/events/{first}",
        "agreement": f"{home}/agreements/{first}/agreement.pdf",
        "enrolment": f"{home}/enrolments/{first}",
        "evaluation": f"{home}/evaluations/{first}" if office else f"{home}/enrolments/{first}",
        "travel": f"{home}/events/{first}/travel" if office else f"{home}/events/{first}",
        "link": f"{home}/schools/{first}",
    }[found.kind]


def evidence_words(name: str) -> str:
    """What the evidence is, for the words of its link: Who came, The agreement."""
    found = read(name)
    if found is None:
        return name
    return f"{KINDS[found.kind]}, as planned" if found.planned else KINDS[found.kind]


def evidence_links(hub_code: str, names: tuple[str, ...], *, office: bool = True) -> tuple[EvidenceLink, ...]:
    """The evidence of a line, each page once: two people at one meeting are shown on one page."""
    known: dict[str, EvidenceLink] = {}
    for name in names:
        href = evidence_href(hub_code, name, office=office)
        known.setdefault(href or name, EvidenceLink(evidence_words(name), href))
    return tuple(known.values())

"""Verdicts of the gate as lines with links to what shows them, for every page that says what a school still needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access import Member
from app.domain.stages.criteria import KNOWN
from app.domain.stages.gate import Proof, Standing, Verdict
from app.kit.periods import spoken_date

TONES = {Standing.MET: "green", Standing.PARTLY: "yellow", Standing.MISSING: "red", Standing.EXPIRED: "yellow"}
WORDS = {Standing.MET: "Met", Standing.PARTLY: "Partly", Standing.MISSING: "Missing", Standing.EXPIRED: "Expired"}
CALLED = {
    "event": "Event",
    "evidence": "Record",
    "barrier": "Barrier, due",
    "agreement": "Agreement signed",
    "plan": "Action plan",
    "review": "Review with leaders",
}


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A fact behind a verdict, where it can be read, and whether it counts."""

    words: str
    href: str
    counts: bool


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One criterion as a reader sees it; `by` is a spoken day or empty."""

    key: str
    title: str
    says: str
    state: str
    word: str
    tone: str
    have: str
    wants: str
    by: str
    proof: tuple[ProofLine, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose verdicts they are, for the links."""

    urn: int
    year: int


def verdict_lines(member: Member, whose: Whose, verdicts: Iterable[Verdict]) -> tuple[VerdictLine, ...]:
    """The verdicts of one enrolment, for `templates/_parts/verdicts.html`."""
    return tuple(
        VerdictLine(
            key=one.key,
            title=title_of(one.key),
            says=one.says,
            state=one.state.value,
            word=WORDS[one.state],
            tone=TONES[one.state],
            have=one.have,
            wants=one.wants,
            by=spoken_date(one.by) if one.by else "",
            proof=tuple(_proof(member, whose, proof) for proof in one.proof),
        )
        for one in verdicts
    )


def title_of(key: str) -> str:
    """A criterion in two or three words."""
    known = KNOWN.get(key)
    return str(getattr(known, "title", key))


def _proof(member: Member, whose: Whose, proof: Proof) -> ProofLine:
    home = f"/hubs/{member.hub_code}"
    school = f"{home}/schools/{whose.urn}"
    hrefs = {
        "event": f"{home}/events/{proof.id}",
        "evidence": f"{home}/events/{proof.event_id}" if proof.event_id else "",
        "barrier": f"{home}/barriers/{proof.id}",
        "agreement": f"{home}/agreements/{proof.id}/agreement.pdf",
        "plan": f"{school}/plan/{whose.year}",
        "review": f"{school}/conditions",
    }
    words = f"{CALLED[proof.kind]}, {spoken_date(proof.day)}" if proof.day else CALLED[proof.kind]
    return ProofLine(words.replace(", due,", ", due"), hrefs[proof.kind], proof.counts)

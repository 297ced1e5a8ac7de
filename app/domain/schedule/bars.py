"""What keeps an event from a place, and how a hub says it."""

from typing import NamedTuple

from app.domain.schedule.candidates import Catalog, Event
from app.kit.periods import HALF_TERMS


class Bar(NamedTuple):
    """A rule against a place: which, in a word, whom it turns on, and the events of which one would have to give way.

    `amount` is days or minutes where the rule has a number. Without `others` no other event can help.
    """

    rule: str
    what: str
    who: str = ""
    others: tuple[str, ...] = ()
    amount: int = 0


WORDS = {
    "refused": "Somebody in it has said that they cannot come on that day.",
    "held": "It is pinned or past, so it stays where it is.",
    "frozen": "That day lies before the day from which places may change.",
    "window": "That day lies outside the {term} of {who}.",
    "before_term": "That day lies before the first day of {who}.",
    "after_term": "That day lies after the last day of {who}.",
    "weekend": "That day is at a weekend.",
    "closures": "Nobody in the hub meets on that day.",
    "closed": "{who} is closed that day, or on holiday.",
    "leader": "{who} does not work then or is away.",
    "nobody": "Nobody named from {who} can come then.",
    "busy": "{who} has a trip or a production that day.",
    "maths": "{who} has no maths lesson in that half-day.",
    "no_host": "A meeting needs a host.",
    "not_member": "{who} is no school of this group, so it cannot host.",
    "not_host": "{who} does not host.",
    "host_busy": "{who} cannot host that day: it has a trip or a production.",
    "host_maths": "{who} has no maths lesson to watch in that half-day.",
    "leads": "{who} has {others} that day, and a meeting takes the whole day.",
    "same": "{who} is at {others} in that half-day.",
    "far": "{who} would travel {amount} minutes to or from {others}; 40 is the most.",
    "full": "{who} has two events that day: {others}.",
    "release": "{who} releases teachers for {others} that day.",
    "cap": "The hub has as many meetings as it allows on that day: {others}.",
    "gap": "It would lie less than {amount} days from {others}.",
    "not_after": "{others} would no longer come before it.",
    "not_before": "{others} would no longer come after it.",
}


def said(catalog: Catalog, event: Event, bar: Bar) -> str:
    """A bar as a sentence; people, schools and groups are named by their ids (facts.in_words replaces them)."""
    others = [spoken_event(catalog, catalog.events[name]) for name in bar.others]
    words = WORDS[bar.what].format(
        who=bar.who,
        term=HALF_TERMS[event.k],
        others=listed(others),
        amount=bar.amount,
    )
    return words[:1].upper() + words[1:] if bar.others and not bar.who else words


def spoken_event(catalog: Catalog, event: Event) -> str:
    """An event in the middle of a sentence: "the meeting of g1 in Spring 2"."""
    if event.kind == "meeting":
        return f"the meeting of {event.series} in {HALF_TERMS[event.k]}"
    if event.kind == "visit":
        return f"the visit to {event.schools[0]} in {HALF_TERMS[event.k]}"
    return f"the observation of {catalog.observation[event.name].teacher} at {event.schools[0]}"


def listed(words: list[str]) -> str:
    """Words joined as in a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""

"""What a move costs, in words: who could not come, minutes travelled, how even the year is, and the rest."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict

from app.domain.schedule.bars import listed
from app.domain.schedule.by_hand import Hand
from app.domain.schedule.differences import Differences
from app.domain.schedule.frames import Option
from app.domain.schedule.judge_costs import Part
from app.domain.schedule.worst import sentence

OWN_WORDS = {"absent", "travel", "gap"}
UNSAID = {"weekday", "hosted_before"}
HARDLY = "Nothing that anybody would notice."
REASONS = 4  # rules told at the top, those against most days


def costs(hand: Hand, found: Differences) -> tuple[str, ...]:
    """What somebody would notice of these moves, the worst first; one sentence that says so when it is nothing."""
    said = [*_coming(hand, found), *_others(found, hand.names), *_travel(found), *_gaps(found)]
    return tuple(said) or (HARDLY,)


def _coming(hand: Hand, found: Differences) -> list[str]:
    said = []
    for pairs, words in ((found.absent, "could not come"), (found.back, "could come again")):
        for event in dict.fromkeys(event for event, _ in pairs):
            names = listed(sorted(hand.names.get(who, "somebody") for key, who in pairs if key == event))
            said.append(f"{names} {words}.")
    return said


def _others(found: Differences, called: Mapping[str, str]) -> list[str]:
    dearer, cheaper = (_loud(parts, called) for parts in (found.dearer, found.cheaper))
    return [*(dearer - cheaper), *(f"No longer: {words}" for words in cheaper - dearer)]


def _loud(parts: Iterable[Part], called: Mapping[str, str]) -> Counter[str]:
    loud = [part for part in parts if part.what not in OWN_WORDS | UNSAID and part.cost > 0]
    return Counter(words for part in loud if (words := sentence(asdict(part), called)))


def _amount(found: Differences, what: str) -> int:
    more = sum(part.amount for part in found.dearer if part.what == what)
    return more - sum(part.amount for part in found.cheaper if part.what == what)


def _travel(found: Differences) -> list[str]:
    more = _amount(found, "travel")
    if not more:
        return []
    minutes = "1 minute" if abs(more) == 1 else f"{abs(more)} minutes"
    return [f"{minutes} {'more' if more > 0 else 'less'} travelled, all ways together."]


def _gaps(found: Differences) -> list[str]:
    dearer, cheaper = ([part for part in parts if part.what == "gap"] for parts in (found.dearer, found.cheaper))
    more = sum(part.cost for part in dearer) - sum(part.cost for part in cheaper)
    if more > 0:
        most = max(part.amount for part in dearer)
        return [f"Further from an even spacing of the year: {most} days off."]
    return ["Nearer to an even spacing of the year."] if more < 0 else []


def standing(hand: Hand, key: str, looks: Mapping[int, Option]) -> tuple[str, ...]:
    """Why this date: how many days its half term has, how many are possible, and whether one of them is better."""
    here = hand.board.placed[key].date.toordinal()
    others = [option for day, option in looks.items() if day != here]
    free = [option for option in others if not option.bars]
    better = sum(option.change < 0 for option in free)
    days = f"Besides this day there {'is 1 school day' if len(others) == 1 else f'are {len(others)} weekdays'}"
    said = [f"{days} in the time this can be in; {len(free)} of them {'is' if len(free) == 1 else 'are'} possible."]
    if free:
        one = "1 of them would be better" if better == 1 else f"{better} of them would be better"
        said.append(f"{one} than this day, all things counted." if better else "None of them would be better.")
    return tuple(said)


def standing_costs(hand: Hand, key: str) -> tuple[str, ...]:
    """What speaks against the place it has, the dearest first; travel is told whatever it costs."""
    said = [sentence(asdict(part), hand.names) for part in hand.here(key) if part.cost and part.what not in UNSAID]
    return tuple(dict.fromkeys(said))


def against(hand: Hand, key: str, looks: Iterable[Option], seen: Collection[str] | None) -> tuple[str, ...]:
    """The rules that forbid most days, each with on how many."""
    days: Counter[str] = Counter()
    for option in looks:
        days.update({hand.why_not(key, bar, seen) for bar in option.bars})
    return tuple(f"{'1 day' if count == 1 else f'{count} days'}: {words}" for words, count in days.most_common(REASONS))

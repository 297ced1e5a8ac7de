"""What another place of a date would mean, in words: shared by moving it and by why it is where it is."""

from collections.abc import Collection

from app.domain.schedule.by_hand import Hand
from app.domain.schedule.by_hand_words import costs
from app.domain.schedule.frames import Option
from app.domain.schedule.plan import PlacedEvent
from app.pages.schedule.month_picture import DayState


def meaning(
    hand: Hand, option: Option, placed: PlacedEvent, seen: Collection[str] | None
) -> tuple[DayState, tuple[str, ...]]:
    """How a place of an event stands, and what it would cost or which rules forbid it; only what is `seen` is named."""
    now = hand.board.placed[placed.event]
    if placed == now or (option.bars and placed.date == now.date and placed.date in hand.fallen.get(placed.event, ())):
        return "here", ("It is here now.",)
    if option.bars:
        return "barred", tuple(dict.fromkeys(hand.why_not(placed.event, bar, seen) for bar in option.bars))
    change = hand.differences(placed)
    state: DayState = "missed" if change.absent else "better" if option.change < 0 else "free"
    return state, costs(hand, change)

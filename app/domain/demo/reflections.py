"""What the fictional hub's teachers reflected on: enough of them for counts, and a path for each."""

from collections.abc import Iterator
from dataclasses import dataclass

STEPS = ("not_yet", "trying", "part", "helping")
DAYS_AGO = (55, 31, 9)
WORDS = {
    "coherence": "I cut the lesson in two: first equal parts, then their names. Nobody was left behind at the second.",
    "representation": "With the bar on the board they explained. Without it half of them still could.",
    "thinking": "I waited longer after “What do you notice?” and pupil A found the pattern before I could show it.",
    "fluency": "They know the doubles. Near doubles are not quick yet, so we play them for five minutes a day.",
    "variation": "I changed only the whole and kept the part. The talk went to what had changed.",
}


@dataclass(frozen=True, slots=True)
class DemoReflection:
    """One reflection, so many days ago."""

    days_ago: int
    indicator: str
    where: str
    words: str


def reflections(teacher: int) -> Iterator[DemoReflection]:
    """What teacher number so-and-so wrote: on some of the Big Ideas, further on each time."""
    for place, (indicator, words) in enumerate(WORDS.items()):
        if (teacher + place) % 4 == 0:
            continue
        now = (teacher * 5 + place * 7) % 11 // 3  # the step reached
        for before in reversed(range(len(DAYS_AGO))):
            if (teacher + before) % 2 == 0 or not before:
                step = STEPS[max(now - before, 0)]
                yield DemoReflection(DAYS_AGO[-1 - before], indicator, step, words if before == 0 else "")

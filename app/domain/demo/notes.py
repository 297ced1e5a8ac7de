"""What the fictional hub's people wrote of their autumn: lessons, visits, and what they will try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that was planned, watched and talked over."""

    plan: Values
    noticed: tuple[str, ...]  # by whoever leads first, then by the others
    pupils: tuple[str, str]
    discussed: tuple[str, str]  # what we noticed, what it tells us
    tries: tuple[str, ...]
    summary: str
    next_steps: tuple[str, ...]


LESSONS = (
    Lesson(
        plan={
            "lesson": "Finding a half of a quantity",
            "tags": ["fractions", "Key Stage 1"],
            "year_group": "year_2",
            "small_step": "From halving a shape to halving a set of objects; both parts must be equal.",
            "key_point": "When the whole is split into two equal parts, each part is one half.",
            "difficulty_points": "Pupils may share by ones and lose count, or call any two parts halves.",
            "representation": "Counters on a bar in two parts, then a part-whole model with the same numbers.",
            "big_ideas": ["representation", "variation"],
            "feedback_wanted": "Does the bar help those who count in ones?",
        },
        noticed=(
            "I noticed that most pupils moved one counter at a time to each side, and checked by lining them up.",
            "I noticed that pupil B said “it is a half because it is the same there”, and pointed to both parts.",
            "I noticed that the odd number, 7, made the whole table talk.",
        ),
        pupils=("Shared by ones, then counted each part twice.", "Saw 12 as 6 and 6 without moving anything."),
        discussed=(
            "The bar made the two parts visible. The question with 7 brought more reasoning than all the even ones.",
            "Equal parts are secure with objects. The sentence was said by many, and explained by few.",
        ),
        tries=(
            "Ask for the sentence and for the reason each time.",
            "Put one example that does not work into each set.",
        ),
        summary="Halves of quantities are secure with a bar model; a non-example brings the reasoning out.",
        next_steps=("Plan one non-example for the next lesson on quarters.",),
    ),
    Lesson(
        plan={
            "lesson": "Comparing fractions with the same numerator",
            "tags": ["fractions"],
            "year_group": "year_4",
            "small_step": "Same numerator, different denominators: the more parts, the smaller each one.",
            "key_point": "The greater the denominator, the more parts the whole has, so the smaller each part.",
            "difficulty_points": "“Bigger number, bigger fraction.” Wholes that are drawn in different sizes.",
            "representation": "Two bars of the same length, one above the other.",
            "big_ideas": ["coherence", "thinking"],
            "feedback_wanted": "Who can say it without the bars?",
        },
        noticed=(
            "I noticed that the two bars stayed on the board, and pupils went back to them whenever they disagreed.",
            "I noticed that pupil A wrote the smaller sign first and changed it after drawing.",
            "I noticed that three pairs used “because the whole is the same”.",
        ),
        pupils=("Changed the answer after drawing the bars.", "Explained with pizza, then with the bars."),
        discussed=(
            "Drawing settled every disagreement. The wholes were always the same length, and nobody said why.",
            "They trust the picture more than the rule, which is what we wanted at this step.",
        ),
        tries=(
            "Show two wholes of different size and ask what goes wrong.",
            "Leave the bars out in the last question.",
        ),
        summary="Bars of equal length settle comparisons; the next step is to say why the wholes must be equal.",
        next_steps=("Bring pupils' drawings to the next meeting.", "Try the same step in Year 5."),
    ),
    Lesson(
        plan={
            "lesson": "Multiplying by 10: what happens to the digits",
            "tags": ["place value"],
            "year_group": "year_5",
            "small_step": "Each digit becomes ten times as great; the zero holds a place.",
            "key_point": "When we multiply by 10, every digit moves one place to the left.",
            "difficulty_points": "“Add a nought”, which breaks with 3.4.",
            "representation": "A place value chart with counters that move together.",
            "big_ideas": ["fluency", "representation"],
            "feedback_wanted": "Listen for “add a nought”.",
        },
        noticed=(
            "I noticed that “add a nought” was heard four times in the first ten minutes, and once in the last ten.",
            "I noticed that moving the counters together made the class laugh, and remember.",
            "I noticed that pupil B asked what happens to a digit that moves off the chart.",
        ),
        pupils=("Wrote 3.40 for ten times 3.4, then looked at the chart.", "Asked whether it works backwards."),
        discussed=(
            "The chart answered pupil A without a word from us.",
            "The rule with the nought goes when 3.4 comes early, not at the end.",
        ),
        tries=("Begin with a decimal, not with whole numbers.", "Keep the chart on the tables for two more lessons."),
        summary="Early decimals undo “add a nought”; the chart stays on the tables until it is not needed.",
        next_steps=("Agree one sentence for multiplying by 10 across the school.",),
    ),
)

WENT = (
    "Tried it twice. The second time they asked for the reason themselves.",
    "It took longer than I had planned, and was worth it.",
    "Half the class needed the bar again; I keep it on the tables.",
)

VISIT: tuple[Values, ...] = (
    {
        "purpose": "Look at how arithmetic is planned across Key Stage 1, and meet the head.",
        "people_met": "Maths lead and headteacher",
        "since_last": "The maths lead watched three lessons and kept notes of the vocabulary used.",
        "areas#vision.evidence": "The staff meeting on mastery was held; two of seven teachers led part of it.",
        "areas#vision.stands": "developing",
        "areas#vision.next_step": "Write down together what a maths lesson here has in it.",
        "areas#arithmetic.evidence": "Four of six classes practise number facts each day; two have no time for it yet.",
        "areas#arithmetic.stands": "focusing",
        "areas#arithmetic.next_step": "Ten minutes a day in every class from January.",
        "levers#schedules.judgement": "blocks",
        "levers#schedules.because": "Assembly takes the quarter of an hour that the infants would need.",
        "levers#development.judgement": "supports",
        "levers#development.because": "Release for the six meetings is in the budget.",
        "barriers#b1.what": "No time for number facts in Year 1 and Year 2.",
        "barriers#b1.lever": "schedules",
        "barriers#b1.owner": "The headteacher",
        "agreed_summary": "The will is there; the timetable of the infants is the next thing to move.",
        "next_steps#n1.what": "The head looks at assembly times with the infant teachers.",
        "minutes": 180,
    },
    {
        "purpose": "See two lessons with the maths lead, and go on with subject expertise.",
        "people_met": "Maths lead",
        "since_last": "Assembly has moved; number facts are on every infant timetable.",
        "areas#expertise.evidence": "The maths lead named the small step in both lessons before we spoke.",
        "areas#expertise.stands": "establishing",
        "areas#expertise.next_step": "Plan the unit on multiplication together with Year 3.",
        "areas#systems.evidence": "Books of the last fortnight show the same representations in all classes but one.",
        "areas#systems.stands": "developing",
        "areas#systems.next_step": "Look at that one together.",
        "agreed_summary": "The timetable moved, and lessons begin to look alike where they should.",
        "next_steps#n1.what": "Plan multiplication together with Year 3.",
        "minutes": 165,
    },
)


def lesson_values(lesson: Lesson, people: tuple[UUID, ...], starts: datetime) -> dict[UUID, dict[str, Any]]:
    """Who writes what of a lesson: whoever leads writes nearly all of it, the others what they noticed."""
    lead, *others = people
    written: dict[UUID, dict[str, Any]] = {lead: dict(lesson.plan), **{person: {} for person in others}}
    for number, (person, words) in enumerate(zip(people, lesson.noticed, strict=False)):
        written[person][f"noticed/{person}#n{number}.text"] = words
    for letter, seen in zip("AB", lesson.pupils, strict=True):
        written[lead][f"pupils#{letter.lower()}.letter"] = letter
        written[lead][f"pupils#{letter.lower()}.noticed"] = seen
    for number, (what, minute, label) in enumerate(
        (("start", 0, ""), ("phase", 9, "Guided practice"), ("tag", 21, "The whole class stops at one answer"))
    ):
        at = starts + timedelta(minutes=30 + minute)
        item = {"what": what, "at": at.isoformat(), **({"label": label} if label else {})}
        written[lead] |= {f"clock#m{number}.{part}": value for part, value in item.items()}
    we_noticed, tells_us = lesson.discussed
    written[lead] |= {"we_noticed": we_noticed, "tells_us": tells_us, "agreed_summary": lesson.summary}
    for number, step in enumerate(lesson.next_steps):
        written[lead][f"next_steps#n{number}.what"] = step
    for number, what in enumerate(lesson.tries):
        person = people[(number + 1) % len(people)]
        due = (starts + timedelta(days=28)).date().isoformat()
        written[lead] |= {
            f"tries#t{number}.{part}": v for part, v in (("who", str(person)), ("what", what), ("by", due))
        }
    return written

"""What people of the fictional hub answer, whether they came, and what they write."""

from datetime import timedelta

REASONS = ("A cover teacher fell ill.", "Parents' evening.", "At a funeral.", "No supply teacher could be found.")
CANNOT = ("I am on a residential with Year 6.", "We have an inspection that week.")
MISSES_TWICE = 4  # which teacher of the first group missed its two newest meetings
PHONE = "07700 9001{number:02}"  # of the range that Ofcom keeps for stories

ASKED = (
    ("Kerensa Plover", "kerensa.plover@demo.example", timedelta(days=-3)),
    ("Jago Whimbrel", "jago.whimbrel@demo.example", timedelta(days=-20)),
)
ASKED_NOTE = "Your head tells me that you lead maths from this half term on."

GROUP_SUBJECT = "Something to bring to our next meeting"
GROUP_TEXT = (
    "Dear colleague\n\nPlease bring one page of your class's books from the week before: a page that made you stop "
    "and think, not the best one.\n\nI look forward to seeing you."
)

STRANGE_SUBJECT = "Re: Work Group meeting"
STRANGE_TEXT = "Sorry, not sure yet. It depends on cover. I will ring Petra on Monday."
STRANGE_BECAUSE = "It is a reply in words, without a calendar's answer in it."

WISH = "My name is written with one n too many in the list of my Work Group."


def came(event: int, guest: int) -> tuple[str, int | None, str]:
    """What is said of a guest: state, minutes, reason; nearly everyone was there."""
    turn = (event * 7 + guest * 5) % 29
    if turn == 3:
        return "absent", None, REASONS[(event + guest) % len(REASONS)]
    if turn == 11:
        return "part", 90, ""
    return "present", None, ""


def answers(event: int, guest: int) -> tuple[str, str]:
    """What somebody answers to a coming date, and why; empty for those who have not answered yet."""
    turn = (event * 3 + guest) % 10
    if turn == 4:
        return "no", CANNOT[guest % len(CANNOT)]
    if turn in {2, 7}:
        return "", ""
    return ("maybe", "") if turn == 9 else ("yes", "")

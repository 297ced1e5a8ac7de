"""The privacy notice that ships, in plain English; a hub fills in who answers, or writes its own.

Source: UK GDPR, Articles 13 and 14; docs/rules/rights.md. It is a good beginning, and no legal advice.
"""

from dataclasses import dataclass

ICO = "https://ico.org.uk/make-a-complaint/"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, paragraph by paragraph."""

    title: str
    paragraphs: tuple[str, ...]


def answers_for(hub: str, controller: str, contact: str) -> Section:
    """Who answers for the data, and how they are reached."""
    who = controller.strip() or f"The school that leads {hub}"
    reach = f"Write to {contact}." if contact.strip() else "Ask your hub coordinator how to reach them."
    return Section("Who answers for your data", (f"{who} decides why and how personal data is used in {hub}.", reach))


SHIPS = (
    Section(
        "What is held, and why",
        (
            (
                "Your name, work e-mail address, phone number if you gave one, school, role and working days: "
                "so that meetings, visits and observations can be planned and you can be told of them."
            ),
            (
                "What you are booked at, what you answered, and whether you came: to run the meetings, to give you "
                "certificates, and to show funders how many took part."
            ),
            (
                "Records of meetings, visits and observations, and gap tasks: for development, never for judging "
                "anybody. Only those who take part read a record; a headteacher reads what was agreed. Notes for "
                "yourself are read by nobody else, and neither are your reflections, until you share one with whoever "
                "leads your Work Groups."
            ),
            (
                "Messages, who read which record, how you sign in, and a trail of what was done: so that it can be "
                "shown what happened."
            ),
            "Nothing is held about children by name, and nothing about anybody's health or beliefs is asked for.",
        ),
    ),
    Section(
        "What allows it",
        (
            (
                "{hub} uses this data for a task in the public interest, the Maths Hubs programme funded by the "
                "Department for Education (UK GDPR, Article 6(1)(e)), and keeps accounts for audit because the law "
                "requires it (Article 6(1)(c)). No photos are taken where a school said no."
            ),
        ),
    ),
    Section(
        "Whom it goes to",
        (
            (
                "People of the hub who need it for their part. Funders and the Strategic Board get numbers, and no "
                "names of teachers. Whoever runs the server and delivers the mail handles data for the hub. "
                "It is not sold, and no decision about you is made by a program alone."
            ),
        ),
    ),
    Section(
        "What you can ask",
        (
            (
                'Sign in and open "My data": there you see what is held, take a copy away, see who read your '
                "records, and ask for a correction, for erasure, or that something is not used for now. "
                "You can also object. You get an answer within one month."
            ),
            (
                "Some of it stays when you are erased: that somebody came, without your name, because funding "
                "is audited by numbers."
            ),
            (
                "If you are not content with an answer, you can complain to the Information Commissioner's Office: "
                f"{ICO}"
            ),
        ),
    ),
)


def what_ships(hub: str) -> tuple[Section, ...]:
    """The notice without the hub's own words."""
    return tuple(Section(one.title, tuple(said.replace("{hub}", hub) for said in one.paragraphs)) for one in SHIPS)


def own_paragraphs(text: str) -> tuple[str, ...]:
    """A hub's own notice, paragraph by paragraph."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())

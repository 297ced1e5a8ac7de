"""Whoever's turn it is gets one message with all that waits for them."""

import uuid

from app.domain.funding.missing import MOST_TOLD, OFFICE, Missing, Turn, What, by_person, letter

HEAD = Turn("Alma Reed", "alma@school.example", uuid.UUID(int=1))
LEAD = Turn("Bryn Ash", "bryn@school.example", uuid.UUID(int=2))


def _missing(what: What, *turns: Turn, says: str = "It is not signed.") -> Missing:
    return Missing(what, 100001, "Oak School", "NCP26-01", says, "/enrolments/1/agreement", turns)


def test_each_person_is_asked_once_for_all_that_waits_for_them() -> None:
    found = [
        _missing(What.ATTENDANCE, LEAD),
        _missing(What.AGREEMENT, HEAD),
        _missing(What.EVALUATION, HEAD),
        _missing(What.REFERENCE, HEAD),  # the office does that itself
        _missing(What.AGREEMENT),
    ]
    asked = by_person(found)
    assert list(asked) == [HEAD, LEAD]
    assert [one.what for one in asked[HEAD]] == [What.AGREEMENT, What.EVALUATION]
    assert found[3].whose == OFFICE
    assert "add a headteacher" in found[4].whose
    assert [one.leads for one in asked[HEAD]] == ["/enrolments/1/agreement", "/schools/100001/owed"]


def test_a_letter_names_every_thing_and_leads_to_each_but_not_to_more_than_can_be_read() -> None:
    many = [_missing(What.ATTENDANCE, LEAD, says=f"Meeting {place}.") for place in range(MOST_TOLD + 3)]
    subject, text = letter("Bryn Ash", "Tamar Hub", many)
    assert subject
    assert "Meeting 0. {page0}" in text
    assert f"{{page{MOST_TOLD - 1}}}" in text
    assert f"{{page{MOST_TOLD}}}" not in text
    assert "And 3 more" in text

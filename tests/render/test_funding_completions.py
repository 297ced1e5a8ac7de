"""Who signed up and who completed, as a workbook: the sums are right, and equal counts make equal bytes."""

from datetime import date
from io import BytesIO

from python_calamine import CalamineWorkbook

from app.domain.funding.facts import Completed, Signed, Withdrew
from app.domain.funding.snapshots import Count, snapshot
from app.domain.funding.snapshots_compare import compare, total
from app.render.funding.completions_book import CountRow, completions_book

DAY = date(2027, 2, 1)
ROWS = (CountRow("Development", "DEV1", (14, 11, 2, 1)), CountRow("=Sustaining", "sustaining", (5, 0, 1, 4)))


def test_the_sums_stand_in_the_workbook_and_no_text_is_run() -> None:
    made = completions_book("Signed up and completed: Moorland", "February 2027.", DAY, ROWS)
    sheet = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
    assert sheet[-1] == ["All programmes", "", 19, 11, 3, 5]
    assert sheet[-2][0] == "=Sustaining"
    assert made == completions_book("Signed up and completed: Moorland", "February 2027.", DAY, ROWS)


def test_a_workbook_without_any_programme_sums_to_nought() -> None:
    made = completions_book("Signed up and completed: Moorland", "", DAY, ())
    assert CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()[-1][2:] == [0, 0, 0, 0]


def test_what_lies_between_two_days_is_told_by_programme_and_evidence() -> None:
    def signed(urn: int, day: date, programme: str = "dev") -> Signed:
        return Signed(id=f"agreement/{urn}{programme}", urn=urn, day=day, programme=programme)

    autumn, spring, summer = date(2026, 9, 20), date(2027, 1, 20), date(2027, 6, 20)
    facts = [
        signed(1, autumn),
        signed(2, autumn),
        signed(3, spring, "new"),
        Completed(id="enrolment/1", urn=1, day=summer, programme="dev"),
        Withdrew(id="enrolment/2", urn=2, day=spring, programme="dev"),
    ]
    told = compare(snapshot(facts, date(2026, 12, 1)), snapshot(facts, date(2027, 7, 1)))
    changes = {each.programme: each.change for each in told.programmes}
    assert changes == {"dev": Count("dev", 0, 1, 1), "new": Count("new", 1, 0, 0)}
    assert told.came == ("agreement/3new", "enrolment/1", "enrolment/2")
    assert told.went == ()
    assert total(snapshot(facts, date(2027, 7, 1))).signed_up == 3

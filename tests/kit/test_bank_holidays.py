from datetime import date

from app.kit.bank_holidays import bank_holidays


def test_an_academic_year_holds_its_bank_holidays_in_order() -> None:
    year = bank_holidays(2026)
    assert list(year) == sorted(year)
    assert year[date(2026, 12, 25)] == "Christmas Day"
    assert date(2027, 3, 26) in year  # Good Friday
    assert date(2027, 5, 3) in year  # early May
    assert date(2026, 8, 31) not in year  # the summer one of the year before


def test_a_holiday_on_a_weekend_is_also_kept_on_its_weekday() -> None:
    assert date(2026, 12, 28) in bank_holidays(2026)  # Boxing Day falls on a Saturday

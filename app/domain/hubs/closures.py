"""Days without meetings that every hub starts a year with, beside the bank holidays."""

from datetime import date, timedelta


def ks2_week(year: int) -> dict[date, str]:
    """Key Stage 2 tests of the academic year that begins in `year`: Monday to Thursday from May's second Monday.

    Source: the Standards and Testing Agency's dates from 2017 on, but for 2023, moved a day by a coronation.
    """
    may = date(year + 1, 5, 1)
    monday = may + timedelta((7 - may.weekday()) % 7 + 7)
    return {monday + timedelta(n): "Key Stage 2 tests" for n in range(4)}

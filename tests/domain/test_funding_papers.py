"""What goes out and comes back: amounts as people write them, remittances, samples, periods, snapshots, exports."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.funding import snapshots
from app.domain.funding.facts import Completed, Fact, Payee, Signed, Succeeded, Withdrew
from app.domain.funding.ledger import lines
from app.domain.funding.line import Line, total
from app.domain.funding.mapping import FORMS, SOURCES, Column, Export, Given, Rows, faults_of, from_data, rows, to_data
from app.domain.funding.pence import half_up, parts, pounds, read_pence
from app.domain.funding.periods import By, Period, alerts, budget, financial_year, forecast, month_span, period_of, view
from app.domain.funding.rates import RateCard
from app.domain.funding.remittance import Came, Columns, Matched, Owed, Read, match, read, says
from app.domain.funding.sample import place, sample
from app.domain.funding.snapshots import snapshot
from app.render.sheets import to_csv
from tests.domain.funding_random import YEAR, cards, facts

SCHOOL = 900001


def a_line(number: int = 1, pence: int = 8_000, **changed: object) -> Line:
    line = Line(
        f"release|{number}", SCHOOL, Payee.PARTICIPANT, "release", "development", "NCP27-11-01",
        date(2028, 2, 29), 1, 1, pence, pence, "=Freed from class.", (f"release/{number}",),
    )  # fmt: skip
    return line._replace(**changed)


# Amounts


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 400), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_parts_sum_to_the_whole_and_none_is_a_penny_off(pence: int, weights: list[int]) -> None:
    shares = parts(pence, weights)
    assert sum(shares) == pence
    assert parts(-pence, weights) == [-share for share in shares]
    whole = sum(weights)
    assert not whole or all(
        abs(share * whole - pence * one) < whole for share, one in zip(shares, weights, strict=True)
    )


@given(st.integers(-(10**11), 10**11))
@settings(max_examples=40, deadline=None)
def test_what_is_spoken_can_be_read_again(pence: int) -> None:
    assert read_pence(pounds(pence)) == pence


def test_a_half_goes_away_from_nought() -> None:
    assert [half_up(5, 2), half_up(-5, 2), half_up(4, 3), half_up(0, 7)] == [3, -3, 1, 0]
    with pytest.raises(ValueError, match="shared among"):
        parts(1, [])


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1,234.50", 123_450),
        (" £12 ", 1_200),
        ("-3.2", -320),
        ("(3.20)", -320),
        ("3.20-", -320),
        ("\u22123.20", -320),
        ("£1,000,000.00 CR", 100_000_000),
        ("12.00 DR", -1_200),
        ("GBP 5", 500),
        (".05", 5),
    ],
)
def test_amounts_are_read_as_banks_write_them(text: str, pence: int) -> None:
    assert read_pence(text) == pence


@pytest.mark.parametrize(
    "text", ["", "-", "1,23.00", "12,50", "1.234,50", "1.234", "--3", "(3)-", "£", "1e3", "9" * 40]
)
def test_what_is_no_amount_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|payment"):
        read_pence(text)


# Remittances


HEADER = ("Date", "Reference", "Amount")
COLUMNS = Columns("reference", "AMOUNT", "Date")
OWED = (
    Owed("1", "TAMAR-2728-001", 8_000),
    Owed("2", "TAMAR-2728-002", 123_450),
    Owed("3", "TAMAR-2728-003", 5_000, paid=5_000),
    Owed("4", "TAMAR-2728-004", -2_500),
    Owed("5", "", 1_000),
)


def file(*rows_of: Sequence[str]) -> Read:
    return read(HEADER, list(enumerate(rows_of, 2)), COLUMNS)


def matched(*amounts: tuple[str, str]) -> Matched:
    return match(file(*(("01/12/2027", reference, amount) for reference, amount in amounts)), OWED)


def test_each_row_is_matched_short_over_doubled_or_unknown() -> None:
    found = matched(
        ("TAMAR-2728-001", "80.00"),
        ("BACS TAMAR2728002 DEC", "1,000.00"),
        ("TAMAR-2728-002", "234.50"),
        ("TAMAR-2728-002", "234.50"),
        ("TAMAR-2728-003", "50.00"),
        ("tamar 2728 004", "(25.00)"),
        ("TAMAR-2728-004", "25.00"),
        ("TAMAR-2728-001", "90.00"),
        ("SOMEBODY ELSE", "12.00"),
        ("", "1.00"),
    )
    assert [row.came.value for row in found.rows] == [
        "matched", "short", "matched", "doubled", "doubled", "matched", "over", "over", "unknown", "unknown",
    ]  # fmt: skip
    assert found.rows[1].because == "£1,000.00 of £1,234.50 that was left: £234.50 is still to come."
    assert found.rows[3].because == "£234.50 to TAMAR-2728-002 is in row 4 already."
    assert found.rows[4].because == "TAMAR-2728-003 was paid £50.00 before this file."
    assert "“SOMEBODY ELSE”: £12.00 belongs to nothing that is owed" in found.rows[8].because
    assert not found.ready
    assert [one.id for one in found.unnamed] == ["5"]
    assert says(found) == "10 rows: 3 matched, 1 too little, 2 too much, 2 paid twice, 2 not known."


def test_equal_payments_in_part_are_told_apart_or_told() -> None:
    rows = (
        ("01/12/2027", "TAMAR-2728-002", "300.00"),
        ("01/12/2027", "TAMAR-2728-002", "300.00"),
        ("08/12/2027", "TAMAR-2728-002", "300.00"),
        ("08/12/2027", "BACS 2 TAMAR-2728-002", "300.00"),
        ("08/12/2027", "TAMAR-2728-002", "300.00"),
    )
    found = match(file(*rows), OWED)
    assert [(row.came.value, row.alike) for row in found.rows] == [
        ("short", 0), ("short", 2), ("short", 0), ("short", 0), ("doubled", 0),
    ]  # fmt: skip
    assert found.rows[1].because.endswith("Row 2 says the very same: look whether the money moved twice.")
    assert found.rows[2].because.endswith("another payment than row 3, of the same amount, which has another day.")
    assert found.rows[3].because.endswith("than row 4, of the same amount, which has another reference.")
    assert match(file(*rows[:3]), OWED).ready
    (told,) = found.alike
    assert told.startswith("Row 3 says the same as row 2: £300.00, to be recorded twice.")


def test_a_file_without_doubt_is_ready_and_tells_what_still_waits() -> None:
    found = matched(("TAMAR-2728-002", "1,234.50"))
    assert found.ready
    assert [one.id for one in found.waiting] == ["1", "4"]
    assert found.pence == 123_450


def test_a_row_that_names_two_statements_belongs_to_neither() -> None:
    (row,) = matched(("TAMAR-2728-001 and TAMAR-2728-002", "80.00")).rows
    assert row.came is Came.UNKNOWN
    assert "split the row" in row.because


def test_a_reference_within_a_longer_number_is_another_one() -> None:
    found = matched(("TAMAR-2728-0012", "12.00"), ("PAY TAMAR27280012", "12.00"), ("TAMAR 2728 002 12 DEC", "12.00"))
    assert [row.came.value for row in found.rows] == ["unknown", "unknown", "short"]
    numbered = (Owed("1", "TAMAR-2728-001", 8_000, also=("100234",)),)
    apart = match(file(("", "VENDOR100234", "1"), ("", "5100234", "1"), ("", "NO 5100234", "1")), numbered)
    assert [row.came.value for row in apart.rows] == ["short", "unknown", "unknown"]


def test_cells_that_cannot_be_read_are_told_with_their_row() -> None:
    found = file(("01/12/2027", "A", "12,50"), ("", "", ""), ("32/12/2027", "A", "1"), ("", "A", ""), ("", "A", "0.00"))
    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, "AMOUNT"), (4, "Date"), (5, "AMOUNT"), (6, "AMOUNT"),
    ]  # fmt: skip
    assert not match(found, OWED).ready
    assert "no column “Paid”" in read(HEADER, [], Columns("Reference", "Paid")).faults[0].because


def test_money_that_came_back_may_stand_in_a_column_of_its_own() -> None:
    columns = Columns("Reference", "Out", back="In")
    cells = [(2, ("A", "", "25.00")), (3, ("A", "1,000.00", "")), (4, ("A", "1", "2"))]
    found = read(("Reference", "Out", "In"), cells, columns)
    assert [one.pence for one in found.payments] == [-2_500, 100_000]
    assert "keep one" in found.faults[0].because


payments = st.lists(
    st.tuples(st.sampled_from([one.reference for one in OWED]), st.integers(-9_000, 9_000)), max_size=12
)


@given(payments)
@settings(max_examples=40, deadline=None)
def test_what_a_file_applies_never_goes_beyond_what_is_owed(given_rows: list[tuple[str, int]]) -> None:
    found = matched(*((reference, pounds(pence)) for reference, pence in given_rows))
    for one in OWED:
        mine = [row for row in found.rows if row.owed == one and row.came in {Came.MATCHED, Came.SHORT}]
        came = one.paid + sum(row.payment.pence for row in mine)
        assert abs(came) <= abs(one.pence)
        assert came * one.pence >= 0
        assert not mine or mine[-1].left == one.pence - came
    assert len(found.rows) + len(found.faults) == len(given_rows)


# Samples


@given(st.lists(st.integers(1, 60), unique=True), st.integers(1, 70), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_seed_draws_the_same_lines_whatever_their_order(numbers: list[int], count: int, dice: random.Random) -> None:
    held = [a_line(number) for number in numbers]
    first = sample("spring 2028", held, count)
    dice.shuffle(held)
    assert sample("spring 2028", held, count) == first
    assert len(first) == min(count, len(held))
    assert sample("spring 2028", held, count + 3)[: len(first)] == first


def test_a_sample_is_the_documented_one_and_needs_a_seed() -> None:
    def digest(number: int) -> str:
        return hashlib.sha256(f"seed\nrelease|{number}\n{SCHOOL}\nderived\n".encode()).hexdigest()

    drawn = sample("seed", [a_line(number) for number in range(1, 9)], 3)
    assert [line.key for line in drawn] == [f"release|{one}" for one in sorted(range(1, 9), key=digest)[:3]]
    assert place("seed", a_line()) == digest(1)
    for seed, count in ((" ", 3), ("seed", 0)):
        with pytest.raises(ValueError, match=r"seed|how many"):
            sample(seed, [], count)


# Periods


@given(cards(), facts())
@settings(max_examples=40, deadline=None)
def test_every_view_holds_each_line_once(card: RateCard, happened: list[Fact]) -> None:
    held = lines(card, happened).lines
    for by in By:
        seen = view(held, by)
        assert sorted(one for group in seen.values() for one in group) == sorted(held)
        assert list(seen) == sorted(seen)
    months = forecast(YEAR, held, held[::2], [(line.day, line.pence) for line in held[::3]])
    assert (months[-1].so_far_expected, months[-1].so_far_evidenced) == (total(held), total(held[::2]))
    assert sum(month.paid for month in months) == total(held[::3])
    spent = budget(1_000, held, held[::2], 0)
    assert spent.committed == total(held)
    assert spent.left == 1_000 - total(held)


def test_an_overspend_is_told_before_it_happens_with_its_month() -> None:
    plan = [a_line(number, 40_000, day=date(2027, 10 + number, 1)) for number in range(3)]
    months = forecast(YEAR, plan, [], [])
    assert alerts(budget(100_000, plan, plan[:1], 0), months) == (
        "The year as planned comes to £1,200.00: £200.00 more than the grant of £1,000.00.",
        "The grant is used up in December 2027, if all goes as planned.",
    )
    assert alerts(budget(125_000, plan, [], 0), months)[0].startswith("£50.00 of the grant of £1,250.00 is left")
    assert alerts(budget(200_000, plan, [], 0), months) == ()


def test_a_leap_day_lies_in_its_own_periods() -> None:
    day = date(2028, 2, 29)
    assert [period_of(SCHOOL, day, by).name for by in By] == [
        "Grant year 2027/28", "Financial year 2027/28", "Spring, 2027/28", "Spring 2, 2027/28", "February 2028",
    ]  # fmt: skip
    assert [financial_year(one) for one in (date(2028, 3, 31), date(2028, 4, 1))] == [2027, 2028]
    assert month_span(day).last == day
    assert period_of(SCHOOL, day, By.HALF_TERM, lambda *_: 2) == Period(YEAR * 6 + 2, "Spring 1, 2027/28")


# Snapshots


def test_who_signed_up_and_completed_is_counted_as_of_the_day_and_once_under_two_numbers() -> None:
    def fact(kind: type[Fact], number: int, month: int, urn: int = SCHOOL) -> Fact:
        return kind(id=f"{kind.kind}/{number}", day=date(2028, month, 1), urn=urn, programme="development")

    happened = [
        fact(Signed, 1, 1),
        fact(Signed, 2, 3, 900002),
        Succeeded(id="link/1", day=date(2028, 2, 1), urn=SCHOOL, to=900002),
        fact(Signed, 3, 1, 900003),
        fact(Completed, 1, 7, 900003),
        fact(Withdrew, 1, 5),
    ]
    february, august = snapshot(happened, date(2028, 2, 29)), snapshot(happened, date(2028, 8, 31))
    assert [(one.signed_up, one.completed, one.going_on) for one in february.counts] == [(2, 0, 2)]
    assert [(one.signed_up, one.completed, one.withdrew) for one in august.counts] == [(2, 1, 1)]
    assert snapshots.from_data(snapshots.to_data(august)) == august
    assert august.evidence == ("completed/1", "signed/1", "signed/2", "signed/3", "withdrew/1")


# Exports


def all_columns(by: Rows) -> Export:
    known = [(name, form) for name, one in SOURCES.items() if by in one.one_of for form in FORMS[one.kind]]
    columns = (Column(f"{name} {form}", name, form, "=always" if name == "constant" else "") for name, form in known)
    return Export("Return", by, tuple(columns))


GIVEN = Given({"hub": "TAMAR", "year": "2027/28"}, {SCHOOL: {"school": "@Alderwick"}}, {"release": "+Release"})


@pytest.mark.parametrize("by", list(Rows))
def test_an_export_sums_to_its_lines_and_survives_being_kept(by: Rows) -> None:
    export = all_columns(by)
    held = [a_line(1), a_line(2, -1_250, urn=900002), a_line(3, quantity=5, of=6)]
    made = rows(export, held, GIVEN)
    assert faults_of(export) == ()
    assert from_data(to_data(export)) == export
    at = [column.name for column in export.columns].index("amount pounds")
    assert sum(Decimal(row[at]) for row in made) == Decimal("147.50")
    assert len(made) == {Rows.LINE: 3, Rows.SCHOOL: 2, Rows.SCHOOL_RATE: 2, Rows.PROGRAMME: 1}[by]


def test_cells_that_a_spreadsheet_would_run_are_harmless_and_negative_amounts_stay_numbers() -> None:
    columns = [("because", "plain"), ("school", "plain"), ("rate", "plain"), ("amount", "pounds"), ("day", "numbers")]
    export = Export("Return", Rows.LINE, tuple(Column(name, name, form) for name, form in columns))
    (made,) = rows(export, [a_line(1, -123_456)], GIVEN)
    written = to_csv([column.name for column in export.columns], [made]).decode("utf-8-sig").splitlines()
    assert written[1] == "'=Freed from class.,'@Alderwick,'+Release,-1234.56,29/02/2028"


def test_an_export_that_cannot_be_made_is_refused_at_its_place() -> None:
    good = Column("Amount", "amount", "pounds")
    draft = Export(" ", Rows.SCHOOL, (good, replace(good, form="iso"), Column("", "day", "iso"), Column("X", "?", "")))
    always = Export("Return", Rows.LINE, (Column("Always", "constant", "plain"),))
    paths = [fault.path for fault in faults_of(draft)]
    assert paths == [
        "name",
        "columns.1.name",
        "columns.1.form",
        "columns.2.name",
        "columns.2.source",
        "columns.3.source",
    ]
    assert [fault.path for fault in faults_of(always)] == ["columns.0.constant"]
    assert faults_of(Export("Return", Rows.LINE, ()))[0].path == "columns"

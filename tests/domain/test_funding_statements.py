"""Statements: closed once, approved by a second person, never changed, and corrected by new lines alone."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.funding.corrections import due, renew
from app.domain.funding.facts import Fact, Payee
from app.domain.funding.ledger import lines
from app.domain.funding.line import Kind, Line, total
from app.domain.funding.rates import RateCard
from app.domain.funding.statements import (
    Adjustment,
    Closed,
    Entry,
    State,
    Statement,
    Step,
    Stepped,
    Why,
    adjustment,
    adjustment_faults,
    canonical,
    close,
    differs,
    digest,
    may_agree,
    may_move,
    open_for,
    told,
)
from app.kit.errors import BadInputError
from app.kit.periods import year_span
from tests.domain.funding_random import YEAR, cards, facts

ADA, BRYN = uuid.UUID(int=1), uuid.UUID(int=2)
NOON = datetime(2027, 12, 17, 12, tzinfo=UTC)
SCHOOL = 900001


def a_statement(number: int = 1, **changed: object) -> Statement:
    usual = {"id": f"statement/{number}", "hub": "TAMAR", "year": YEAR, "period": year_span(YEAR)}
    return Statement(**{**usual, "reference": f"TAMAR-2728-{number:03d}", **changed})


def a_line(number: int = 1, pence: int = 8_000, **changed: object) -> Line:
    line = Line(
        f"release|{number}", SCHOOL, Payee.PARTICIPANT, "release", "development", "NCP27-11-01",
        date(2027, 9, 23), 1, 1, pence, pence, "Freed from class.", (f"release/{number}",),
    )  # fmt: skip
    return line._replace(**changed)


def entries(*held: Line) -> list[Entry]:
    return [Entry(f"line/{number}", line) for number, line in enumerate(held)]


def a_closed(*held: Line) -> Closed:
    return close(a_statement(), entries(*(held or (a_line(),))), ADA, NOON)


def a_submitted(*held: Line) -> Statement:
    approved = a_closed(*held).statement.after(Stepped(Step.APPROVE, BRYN, NOON))
    return approved.after(Stepped(Step.SUBMIT, ADA, NOON))


def test_one_person_cannot_close_and_approve() -> None:
    statement = a_closed().statement
    assert statement.next(ADA) == ()
    assert statement.next(BRYN) == (Step.APPROVE,)
    with pytest.raises(BadInputError, match="You closed this statement: a second person approves it"):
        statement.after(Stepped(Step.APPROVE, ADA, NOON))


def test_an_approval_that_is_taken_back_stays_recorded() -> None:
    approved = a_closed().statement.after(Stepped(Step.APPROVE, BRYN, NOON))
    with pytest.raises(BadInputError, match="Say why"):
        approved.after(Stepped(Step.REVERSE, BRYN, NOON))
    back = approved.after(Stepped(Step.REVERSE, BRYN, NOON, "One school is missing."))
    assert back.state is State.CLOSED
    assert [one.step for one in back.steps] == [Step.CLOSE, Step.APPROVE, Step.REVERSE]
    assert "One school is missing." in told(back)[-1]


def test_what_is_not_its_turn_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInputError, match=r"This statement is “open”: “Submit” needs one that is “approved”\."):
        a_statement().after(Stepped(Step.SUBMIT, ADA, NOON))
    with pytest.raises(BadInputError, match="“Close” needs one that is “open”"):
        close(a_closed().statement, entries(a_line()), ADA, NOON)
    with pytest.raises(BadInputError, match="it has no line"):
        close(a_statement(), [], ADA, NOON)


def test_payments_in_part_add_up_and_can_be_taken_back() -> None:
    half = a_submitted().after(Stepped(Step.PAY, ADA, NOON, pence=3_000))
    assert (half.state, half.left) == (State.PART_PAID, 5_000)
    with pytest.raises(BadInputError, match=r"£60\.00 does not fit: £50\.00 of £80\.00 is left"):
        half.after(Stepped(Step.PAY, ADA, NOON, pence=6_000))
    paid = half.after(Stepped(Step.PAY, ADA, NOON, pence=5_000))
    assert paid.after(Stepped(Step.RECONCILE, ADA, NOON)).state is State.RECONCILED
    assert paid.after(Stepped(Step.PAY, ADA, NOON, pence=-8_000)).state is State.SUBMITTED


def test_a_statement_of_nothing_is_paid_once_submitted_and_one_below_nought_is_paid_back() -> None:
    assert a_submitted(a_line(1), a_line(2, -8_000)).state is State.PAID
    owing = a_submitted(a_line(1, -8_000))
    assert owing.after(Stepped(Step.PAY, ADA, NOON, pence=-8_000)).state is State.PAID


def test_a_queried_line_is_left_out_of_the_close() -> None:
    first, second = entries(a_line(1), a_line(2))
    closed = close(a_statement(), [first, replace(second, held="The head asks.")], ADA, NOON)
    assert closed.taken == (first,)
    assert [one.id for one in closed.left] == ["line/1"]
    assert closed.statement.pence == 8_000
    with pytest.raises(BadInputError, match="every line in it is queried"):
        close(a_statement(), closed.left, ADA, NOON)


def test_the_frozen_bytes_are_one_json_line_for_each_entry() -> None:
    closed = a_closed(a_line(1), a_line(2))
    head, *rows = [json.loads(row) for row in canonical(closed.statement, closed.taken).splitlines()]
    assert head["form"] == "halfterm-statement-1"
    assert [row["key"] for row in rows] == ["release|1", "release|2"]
    assert canonical(closed.statement, reversed(closed.taken)) == canonical(closed.statement, closed.taken)
    assert differs(closed.statement, closed.taken) == ()


changes = st.sampled_from(Line._fields).flatmap(lambda name: st.tuples(st.just(name), st.integers(1, 10**6)))


@given(changes)
@settings(max_examples=40, deadline=None)
def test_the_digest_changes_with_any_field_of_any_line(change: tuple[str, int]) -> None:
    name, number = change
    line = a_line()
    was = getattr(line, name)
    other: dict[type, object] = {
        int: number + 10**7,
        str: f"{was}{number}",
        date: date.fromordinal(number),
        tuple: (*was, str(number)) if isinstance(was, tuple) else (),
        Payee: Payee.SPECIALIST,
        Kind: Kind.BROUGHT,
    }
    closed = a_closed(line)
    changed = [replace(closed.taken[0], line=line._replace(**{name: other[type(was)]}))]
    assert digest(closed.statement, changed) != closed.statement.digest
    assert "digest is another" in differs(closed.statement, changed)[-1]


def test_the_digest_covers_the_statement_itself() -> None:
    closed = a_closed()
    assert differs(replace(closed.statement, reference="TAMAR-2728-002"), closed.taken)
    assert differs(closed.statement, ()) != ()


@given(cards(), facts(), facts(), facts())
@settings(max_examples=50, deadline=None)
def test_corrections_bring_the_statements_to_a_fresh_computation(
    card: RateCard, autumn: list[Fact], spring: list[Fact], summer: list[Fact]
) -> None:
    """Three closes, each upon other facts than the last: added, changed and gone."""
    frozen: list[Entry] = []
    for happened in (autumn, [*autumn[::2], *spring[1::2]], summer):
        ledger = lines(card, happened)
        found = due(frozen, ledger.lines, ledger.unearned)
        assert total(one.line for one in frozen) + total(found.lines) == ledger.pence
        ids = {one.id for one in frozen}
        assert all(line.corrects in ids and line.kind is Kind.CORRECTION and line.pence for line in found.corrections)
        assert not any(line.corrects for line in found.new)
        frozen += [Entry(f"line/{len(frozen) + place:04d}", line) for place, line in enumerate(found.lines)]
        assert due(frozen, ledger.lines).lines == ()
        sums: dict[tuple[str, int], int] = {}
        for entry in frozen:
            what = entry.line.key, entry.line.urn
            sums[what] = sums.get(what, 0) + entry.line.pence
        assert {what: pence for what, pence in sums.items() if pence} == {
            (line.key, line.urn): line.pence for line in ledger.lines
        }


@given(cards(), facts(), facts())
@settings(max_examples=40, deadline=None)
def test_open_statements_renewed_say_what_is_due_and_keep_their_queries(
    card: RateCard, before: list[Fact], now: list[Fact]
) -> None:
    first, second = lines(card, before), lines(card, [*before[::2], *now[1::2]])
    frozen = entries(*first.lines[::2])
    held = [Entry(f"open/{place}", line, "Queried.") for place, line in enumerate(due(frozen, first.lines).lines)]
    wanted = due(frozen, second.lines, second.unearned)
    found = renew(held, wanted)
    left = {one.id: one for one in held} | {one.id: one for one in found.changed}
    after = [left[one.id] for one in held if one not in found.gone]
    after += [Entry(f"new/{place}", line) for place, line in enumerate(found.new)]
    assert sorted(one.line for one in after) == sorted(wanted.lines)
    assert all(one.held for one in found.changed)
    assert renew(after, wanted).nothing


@given(cards(), facts())
@settings(max_examples=40, deadline=None)
def test_nothing_is_corrected_where_nothing_changed(card: RateCard, happened: list[Fact]) -> None:
    fresh = lines(card, happened).lines
    assert due(entries(*fresh), lines(card, reversed(happened)).lines).lines == ()


def test_a_clawback_names_the_line_and_says_why() -> None:
    (line,) = due(entries(a_line()), ()).corrections
    assert (line.pence, line.quantity, line.corrects) == (-8_000, -1, "line/0")
    assert line.because == "£80.00 taken back: what it rested on no longer stands."
    (less,) = due(entries(a_line()), [a_line(pence=6_500)]).corrections
    assert less.pence == -1_500
    assert less.because.startswith("Was £80.00 and is now £65.00")


def test_an_adjustment_needs_a_because_and_a_second_person_and_is_never_corrected() -> None:
    line = adjustment(a_line(pence=-2_500, because=""), Why.REPAID)
    draft = Adjustment(id="adjustment/1", why=Why.REPAID, line=line, by=ADA)
    assert [fault.path for fault in adjustment_faults(draft, year_span(YEAR))] == ["because"]
    assert may_agree(draft, ADA) is not None
    assert may_agree(draft, BRYN) is None
    assert may_agree(replace(draft, agreed_by=BRYN), BRYN) is not None
    assert due(entries(line), ()).lines == ()


def test_a_line_moves_only_between_open_statements_of_its_payee() -> None:
    entry = Entry("line/1", a_line())
    here, there = a_statement(1), a_statement(2)
    assert may_move(entry, here, there) is None
    assert "in this statement already" in str(may_move(entry, here, here))
    assert "only between open statements" in str(may_move(entry, here, replace(there, state=State.CLOSED)))
    assert "only between open statements" in str(may_move(entry, replace(here, state=State.PAID), there))
    assert "hub and grant year" in str(may_move(entry, here, replace(there, hub="OTHER")))
    assert "another school" in str(may_move(entry, here, replace(there, urn=900002)))
    assert "came with" in str(may_move(replace(entry, line=a_line(kind=Kind.BROUGHT)), here, there))


def test_a_line_goes_into_the_schools_own_open_statement_before_the_hubs() -> None:
    hubs, own = a_statement(1), a_statement(2, urn=SCHOOL)
    assert open_for([hubs, own], SCHOOL, date(2028, 1, 1)) == own
    assert open_for([hubs, own], 900002, date(2028, 1, 1)) == hubs
    assert open_for([replace(hubs, state=State.CLOSED)], SCHOOL, date(2028, 1, 1)) is None

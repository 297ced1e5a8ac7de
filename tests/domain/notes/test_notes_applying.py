"""Whatever order operations come in, and however often, a record ends the same and no text is lost."""

import random
import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.notes.applying import ANOTHERS, LOCKED, USED_TWICE, Desk, Operation, Writer, standing
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.registers import Head, texts_apart

NOTE = uuid.UUID(int=1)
PERSON, OTHER = uuid.UUID(int=2), uuid.UUID(int=3)
DEVICES = (uuid.UUID(int=10), uuid.UUID(int=11), uuid.UUID(int=12))
PATHS = ("lesson", "small_step", "next_steps#a.what")
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def an_op(number: int, path: str = "lesson", value: object = "x", replaces: tuple[int, ...] = ()) -> Operation:
    return Operation(
        op_id=uuid.UUID(int=100 + number),
        note_id=NOTE,
        path=path,
        value=value,
        replaces=frozenset(uuid.UUID(int=100 + one) for one in replaces),
        base_rev=0,
        form_version=1,
        device_time=AT,
    )


def a_desk(state: str = "open") -> Desk:
    return Desk(DEFAULTS["meeting"], state)


def writer(device: int = 0, person: uuid.UUID = PERSON) -> Writer:
    return Writer(person, DEVICES[device])


# Each operation: its place, its text, and how many of the latest texts of that place its writer had seen.
WRITTEN = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from("abcd"), st.integers(0, 3)), max_size=12)


def a_history(written: list[tuple[str, str, int]]) -> list[Operation]:
    ops: list[Operation] = []
    for number, (path, text, seen) in enumerate(written):
        before = [n for n, op in enumerate(ops) if op.path == path][-seen:] if seen else []
        ops.append(an_op(number, path, text, tuple(before)))
    return ops


@given(WRITTEN, st.randoms(use_true_random=False))
def test_any_order_any_number_of_times_ends_the_same(written: list[tuple[str, str, int]], dice: random.Random) -> None:
    ops = a_history(written)
    told = a_desk()
    for op in ops:
        told.take(op, writer())
    shuffled = ops + dice.choices(ops, k=len(ops)) if ops else []
    dice.shuffle(shuffled)
    other = a_desk()
    for op in shuffled:
        other.take(op, writer(dice.randrange(3)))
    assert standing(other.heads) == standing(told.heads)
    assert other.rev == told.rev == len(ops)
    assert {known.value for known in other.known.values()} == {op.value for op in ops}


@given(WRITTEN)
def test_what_nobody_replaced_stands(written: list[tuple[str, str, int]]) -> None:
    ops = a_history(written)
    desk = a_desk()
    for op in reversed(ops):
        desk.take(op, writer())
    replaced = {one for op in ops for one in op.replaces}
    expected = {op.op_id for op in ops if op.op_id not in replaced}
    assert {head.op_id for heads in desk.heads.values() for head in heads} == expected


def test_the_same_operation_again_is_answered_as_it_was() -> None:
    desk = a_desk()
    first, kept = desk.take(an_op(1), writer())
    again, nothing = desk.take(an_op(1), writer())
    assert kept is not None
    assert (again, nothing) == (first, None)
    other, nothing = desk.take(an_op(1, value="something else"), writer())
    assert (other.outcome, other.because, nothing) == ("refused", USED_TWICE, None)


def test_a_text_written_without_seeing_another_stands_beside_it() -> None:
    desk = a_desk()
    desk.take(an_op(1, value="here"), writer(0))
    answer, _ = desk.take(an_op(2, value="there"), writer(1))
    assert answer.outcome == "conflict"
    assert [head.value for head in texts_apart(desk.heads["lesson"])] == ["here", "there"]
    chosen, _ = desk.take(an_op(3, value="here and there", replaces=(1, 2)), writer(0))
    assert chosen.outcome != "conflict"
    assert [head.value for head in desk.heads["lesson"]] == ["here and there"]


def test_the_same_text_twice_is_no_conflict() -> None:
    desk = a_desk()
    desk.take(an_op(1, value="same"), writer(0))
    answer, _ = desk.take(an_op(2, value="same"), writer(1))
    assert answer.outcome == "merged"
    assert texts_apart(desk.heads["lesson"]) == [Head(uuid.UUID(int=101), "same")]


def test_a_later_operation_that_came_first_keeps_its_place() -> None:
    desk = a_desk()
    desk.take(an_op(2, value="second", replaces=(1,)), writer())
    answer, taken = desk.take(an_op(1, value="first"), writer())
    assert answer.outcome == "merged"
    assert taken is not None
    assert not taken.becomes_head
    assert [head.value for head in desk.heads["lesson"]] == ["second"]


def test_nobody_writes_in_another_persons_place() -> None:
    answer, _ = a_desk().take(an_op(1, f"noticed/{OTHER}#a.text"), writer())
    assert (answer.outcome, answer.because) == ("refused", ANOTHERS)


def test_an_agreed_record_takes_own_notes_tags_and_how_it_went() -> None:
    desk = a_desk("agreed")
    assert desk.take(an_op(1), writer())[0].because == LOCKED
    assert desk.take(an_op(2, f"own_notes/{PERSON}", "mine"), writer())[0].outcome == "applied"
    assert desk.take(an_op(3, "tags", ["fractions"]), writer())[0].outcome == "applied"
    assert desk.take(an_op(4, "tries#a.went", "well"), writer())[0].outcome == "applied"

"""Which open actions go along with a hand-over: a barrier never to somebody who takes part."""

import uuid

from app.domain.meetings.handing_over import Chosen
from app.domain.stages.handing_over import Held, Ties, settle, with_roles

ADA, BEN, OAK = uuid.uuid4(), uuid.uuid4(), 900001
BARRIER = Held("barriers", OAK, "Oak Primary", ("1", "2"))
ACTION = Held("actions", OAK, "Oak Primary", ("3",))
TASK = Held("tasks", OAK, "Oak Primary", ("4/5",))
EVERYTHING = (BARRIER, ACTION, TASK)


def test_a_colleague_takes_tasks_and_actions_and_never_a_barrier() -> None:
    colleague = {ADA: ("Ada Holt", Ties(at=frozenset({OAK}), takes_part="NCP26-77"))}
    gives, stays = settle(EVERYTHING, Chosen(ADA), colleague)
    assert [one.held for one in gives] == [ACTION, TASK]
    assert [one.because for one in stays] == [
        "Ada Holt takes part in NCP26-77: a barrier is a leader's, never a participant's."
    ]


def test_whoever_becomes_head_in_the_same_act_takes_everything_of_the_school() -> None:
    ties = with_roles({ADA: Ties(), BEN: Ties()}, {f"role-headteacher-{OAK}": BEN, "role-board-0": ADA})
    gives, stays = settle(EVERYTHING, Chosen(BEN), {BEN: ("Ben Lowe", ties[BEN])})
    assert (len(gives), stays) == (3, ())
    _, stays = settle(EVERYTHING, Chosen(ADA), {ADA: ("Ada Holt", ties[ADA])})
    assert [one.because for one in stays][:2] == [
        "Ada Holt does not lead Oak Primary.",
        "Ada Holt does not work at Oak Primary.",
    ]


def test_single_choices_outweigh_whoever_takes_everything() -> None:
    head = {BEN: ("Ben Lowe", Ties(heads=frozenset({OAK})))}
    gives, stays = settle(EVERYTHING, Chosen(BEN, {ACTION.key: None}), head)
    assert [one.held for one in gives] == [BARRIER, TASK]
    assert (stays, BARRIER.words, TASK.words) == (
        (),
        "2 open barriers of Oak Primary",
        "1 open gap task of Oak Primary",
    )

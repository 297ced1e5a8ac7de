"""What could be let go, as it is kept, and what cannot be chosen together."""

import json
from pathlib import Path

from app.domain.schedule.exceptions import excepted
from app.domain.schedule.letting_go import PLACES, Offer, as_json, clash, from_json, offered, places
from app.domain.schedule.problem import read_problem
from app.solver.schedule.relax import relax

DATA = Path(__file__).parent.parent / "data" / "schedule"


def a_small_problem() -> dict[str, object]:
    raw: dict[str, object] = json.loads((DATA / "infeasible-1.json").read_text())
    raw["groups"], raw["visits"], raw["observations"] = raw["groups"][:1], [], raw["observations"][:7]  # type: ignore[index]
    return raw


def test_every_choice_is_kept_with_what_it_writes_and_read_back_the_same() -> None:
    raw, heard = a_small_problem(), list[tuple[int, int]]()
    found = relax(read_problem(raw), tell=lambda done, of: heard.append((done, of)))
    offers = [offered(each.choice, exists=each.exists) for each in found.tried]
    assert heard == [(n, len(offers)) for n in range(len(offers))]
    assert from_json(json.loads(json.dumps(as_json(offers)))) == tuple(offers)
    for offer, each in zip(offers, found.tried, strict=True):
        assert offer.is_place == (offer.kind in PLACES)
        if offer.is_place:
            assert read_problem(excepted({**raw, "fixed": []}, places([offer]))).fixed == each.choice.problem.fixed
    assert len({offer.key for offer in offers}) == len(offers)


def an_offer(kind: str, about: str, **sets: str) -> Offer:
    return Offer(kind, about, f"Let {about} go.", (), exists=True, sets=sets)


def test_two_choices_about_one_date_cannot_be_taken_together() -> None:
    apart = [an_offer("busy", "g1/3", event="g1/3"), an_offer("busy", "g1/4", event="g1/4")]
    assert clash([*apart, an_offer("shorter_gap", "g1")]) == ""
    both = clash([*apart, an_offer("leave_out", "g1/3", left_out="g1/3")])
    assert both.endswith("are about the same date: choose one of them.")


def test_a_date_that_is_pinned_already_stays_pinned_where_it_is() -> None:
    pinned = {"event": "g1/0", "date": "2026-09-24", "slot": "am", "host": "s1"}
    other = {"event": "g1/1", "date": "2026-11-24", "slot": "am", "host": "s1"}
    both = excepted({"fixed": [pinned]}, [{**pinned, "date": "2026-10-01"}, other])
    assert both["fixed"] == [pinned, other]

"""`halfterm schedule solve` and `judge`: exit statuses, files and sentences."""

import json
from pathlib import Path

import pytest

from app.cli.run import refusals
from app.cli.schedule import app
from app.domain.schedule.plan import read_plan

DATA = Path(__file__).parent.parent / "data" / "schedule"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["halfterm", *words])
    return refusals(app)


def test_a_solved_problem_is_judged_clean(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, out = str(DATA / "replan-1.json"), str(tmp_path / "plan.json")
    assert run(monkeypatch, "solve", problem, "--out", out) == 0
    assert capsys.readouterr().out == ""
    assert run(monkeypatch, "judge", problem, out) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["violations"] == said["missing"] == []
    assert said["cost"] == {"meetings": 32245, "visits": 2827, "observations": 3588}
    assert said["moved"] == {"dates": 1, "hosts": 0, "half_days": 0}


def test_a_plan_that_breaks_rules_or_lacks_events_is_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, out = str(DATA / "small-1.json"), tmp_path / "plan.json"
    assert run(monkeypatch, "solve", problem, "--out", str(out), "--solver", "greedy") == 0
    raw = json.loads(out.read_text())
    raw["events"].pop()
    out.write_text(json.dumps(raw))
    assert run(monkeypatch, "judge", problem, str(out)) == 1
    assert len(json.loads(capsys.readouterr().out)["missing"]) == 1


def test_a_problem_without_a_plan_is_status_3_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan.json"
    assert run(monkeypatch, "solve", str(DATA / "infeasible-1.json"), "--out", str(out)) == 3
    said = capsys.readouterr()
    assert "Group g1 in Spring 2" in said.err
    assert said.out == ""
    plan = read_plan(json.loads(out.read_text()))
    assert plan.status == "infeasible"
    assert "Group g1 in Spring 2" in plan.because[0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "halfterm/schedule-problem/1"}', '{"a": NaN}', "\ufeff{}"])
def test_a_bad_file_is_status_1_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    bad, out = tmp_path / "bad.json", tmp_path / "plan.json"
    bad.write_text(text, encoding="utf-8")
    assert run(monkeypatch, "solve", str(bad), "--out", str(out)) == 1
    assert not out.exists()
    assert capsys.readouterr().err
    assert run(monkeypatch, "judge", str(DATA / "small-1.json"), str(bad)) == 1


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\xff\xfe")
    assert run(monkeypatch, "solve", str(tmp_path / "none.json"), "--out", str(tmp_path / "plan.json")) == 1
    assert run(monkeypatch, "solve", str(picture), "--out", str(tmp_path / "plan.json")) == 1
    assert "UTF-8" in capsys.readouterr().err

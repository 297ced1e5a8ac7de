"""Commands as a person types them, in a data folder of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import _assemble
from app.cli.doctor import configured
from app.cli.run import refusals
from app.settings import Mode, read_settings
from app.store.mail.inbox import put_aside


@dataclass
class Said:
    returncode: int
    stdout: str
    stderr: str


def a_process(folder: Path, *words: str) -> Said:
    """Run the program itself in this data folder."""
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *words],
        env={**os.environ, "HALFTERM_DATA_DIR": str(folder), "HALFTERM_MODE": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def halfterm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The same within this process, which need not import everything again."""

    def run(folder: Path, *words: str) -> Said:
        monkeypatch.setenv("HALFTERM_DATA_DIR", str(folder))
        monkeypatch.setenv("HALFTERM_MODE", "production")
        monkeypatch.setattr(sys, "argv", ["halfterm", *words])
        capsys.readouterr()
        status = refusals(_assemble())
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run


@pytest.mark.slow
def test_a_hub_is_made_backed_up_and_restored_by_commands(tmp_path: Path, halfterm: Callable[..., Said]) -> None:
    one, other, file = tmp_path / "one", tmp_path / "other", str(tmp_path / "backup.zip")
    made = a_process(one, "hub", "create", "SW", "--name", "South West", "--lead", "dana@hub.example")
    assert (made.returncode, made.stdout) == (0, "South West (SW) is made.\n")
    again = halfterm(one, "hub", "create", "SW", "--name", "South West")
    assert (again.returncode, again.stderr) == (
        1,
        "There is a hub with the code SW already. Choose another code.\n",
    )
    assert halfterm(one, "token", "create", "dana@hub.example").stdout.startswith("ht_")
    assert halfterm(one, "backup", file).returncode == 0
    assert halfterm(other, "restore", file).returncode == 0
    seen = a_process(other, "doctor")
    assert seen.returncode == 0, seen.stdout
    assert "hubs: 1" in seen.stdout
    proved = halfterm(other, "trail", "verify", "--hub", "SW")
    assert (proved.returncode, proved.stderr) == (0, "")
    assert proved.stdout.startswith("SW: Whole, checked up to entry 1. ")


def test_the_doctor_says_what_is_wrong_with_the_settings(tmp_path: Path) -> None:
    settings = read_settings(
        data_dir=tmp_path, mode=Mode.PRODUCTION, base_url="http://hub.example.org", smtp_url="smtp://127.0.0.1:9"
    )
    wrong = {one.about: one.says for one in configured(settings) if one.is_ == "wrong"}
    assert set(wrong) == {"address", "mail"}
    assert "HALFTERM_SMTP_URL" in wrong["mail"]


def test_the_doctor_counts_mail_that_belongs_to_no_hub(tmp_path: Path) -> None:
    put_aside(tmp_path, b"Subject: Hello\r\n\r\n")
    settings = read_settings(data_dir=tmp_path, imap_url="imaps://me:word@mail.example/INBOX")
    said = {one.about: one.says for one in configured(settings)}
    assert said["mail of no hub"].startswith("1 belong to no hub")
    assert said["answers by mail"] == "read from mail.example every five minutes"

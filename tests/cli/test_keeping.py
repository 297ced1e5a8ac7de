"""Commands as a person types them, in a data folder of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.doctor import configured
from app.settings import Mode, read_settings
from app.store.mail.inbox import put_aside


def halfterm(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this data folder."""
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *words],
        env={**os.environ, "HALFTERM_DATA_DIR": str(folder), "HALFTERM_MODE": "production"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_hub_is_made_backed_up_and_restored_by_commands(tmp_path: Path) -> None:
    one, other, file = tmp_path / "one", tmp_path / "other", str(tmp_path / "backup.zip")
    made = halfterm(one, "hub", "create", "SW", "--name", "South West", "--lead", "dana@hub.example")
    assert (made.returncode, made.stdout) == (0, "South West (SW) is made.\n")
    again = halfterm(one, "hub", "create", "SW", "--name", "South West")
    assert (again.returncode, again.stderr) == (
        1,
        "There is a hub with the code SW already. Choose another code.\n",
    )
    assert halfterm(one, "token", "create", "dana@hub.example").stdout.startswith("ht_")
    assert halfterm(one, "backup", file).returncode == 0
    assert halfterm(other, "restore", file).returncode == 0
    seen = halfterm(other, "doctor")
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
